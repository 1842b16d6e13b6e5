/** How plugins become the tables of a registry: who owns what, who takes it over, and where two do not fit together. */
import { excerpt, registryError } from '../errors.ts'
import type { AnyClass, ExtensionCode, Plugin, Replaced } from './contract.ts'
import { CORE } from './core-plugin.ts'
import { type ClassEntry, coreTables, type Tables } from './look-up.ts'
import { namesOf } from './names.ts'
import { PluginSet } from './plugin-set.ts'
import { isReplacedList, type PluginParts } from './read-plugin.ts'
import type { TypeEntry } from './type-entry.ts'

/** What a plugin takes over from another: a global whole; of a class, the reducer alone or the record, too. */
interface Claim {
  readonly by: string
  readonly isWhole: boolean
}

/** By the plugin that loses it: by the class, or the key of the global. */
type Claims = Map<string, Map<unknown, Claim>>

/** The tables of a registry, and what made them. */
export class Composition {
  readonly tables: Tables
  readonly #plugins: PluginSet
  readonly #claims: Claims

  constructor(base?: Composition) {
    this.tables = base === undefined ? coreTables() : copyTables(base.tables)
    this.#plugins = new PluginSet(base === undefined ? undefined : base.#plugins)
    this.#claims = new Map(base === undefined ? [] : [...base.#claims].map(([id, claims]) => [id, new Map(claims)]))
  }

  /** Adds plugins; what `replace` names goes first, and one of them must give it. */
  compose(plugins: readonly Plugin[], replace: unknown): void {
    if (replace !== undefined && !isReplacedList(replace)) {
      throw registryError('plugin-shape', { what: 'replace must be a list of [module, name] and of classes' })
    }
    const added = this.#plugins.add(plugins)
    for (const item of replace ?? []) this.#replace(item, added)
    for (const parts of added) this.#claim(parts)
    for (const parts of added) this.#addPlugin(parts)
    this.#checkClaims()
  }

  // --- replacing

  #replace(item: Replaced, added: readonly PluginParts[]): void {
    const { values, writers } = this.tables
    const gives = givesOf(item, added)
    if (gives === 'nothing') failReplace(item, 'is to be replaced, and the new plugin does not give it')
    if (isGlobal(item)) {
      const entry = this.#typeOf(item)
      if (entry === undefined) failReplace(item, 'is to be replaced, and nothing owns it')
      if (entry.plugin === CORE) failReplace(item, "is the codec's own and cannot be replaced")
      this.#removeType(entry)
      return
    }
    const entry = values.get(item)
    const isThere = writers.has(item.prototype) || (gives === 'record' && entry !== undefined)
    if (!isThere) failReplace(item, 'is to be replaced, and nothing owns it')
    if (gives === 'record' && entry !== undefined) this.#removeType(entry)
    writers.delete(item.prototype)
  }

  /** Takes note of what a plugin takes over, and takes it from those that are here. */
  #claim({ id, ...parts }: PluginParts): void {
    for (const [other, items] of parts.replaces) {
      const claims = this.#claims.get(other) ?? new Map<unknown, Claim>()
      this.#claims.set(other, claims)
      for (const item of items) {
        const gives = givesOf(item, [{ id, ...parts }])
        if (gives === 'nothing') failReplace(item, `is taken over by the plugin ${excerpt(id)}, which does not give it`)
        claims.set(keyOf(item), { by: id, isWhole: gives === 'record' })
        const entry = isGlobal(item) ? this.#typeOf(item) : this.tables.values.get(item)
        if (entry?.plugin === other && gives === 'record') this.#removeType(entry, other)
        if (!isGlobal(item) && this.tables.writers.get(item.prototype)?.plugin === other) {
          this.tables.writers.delete(item.prototype)
        }
      }
    }
  }

  /** Plugins that take one thing over from each other would leave it to nobody, or to a third. */
  #checkClaims(): void {
    for (const [first, claims] of this.#claims) {
      for (const key of claims.keys()) {
        const seen = new Set<string>()
        let other = first
        for (let by = this.#byOf(other, key); by !== undefined; by = this.#byOf(other, key)) {
          if (seen.has(by)) {
            const item = typeof key === 'string' ? (JSON.parse(key) as readonly [string, string]) : (key as AnyClass)
            failReplace(
              item,
              `is taken over from each other by plugins, ${excerpt(other)} and ${excerpt(by)} among them`,
            )
          }
          seen.add(by)
          other = by
        }
      }
    }
  }

  #byOf(other: string, key: unknown): string | undefined {
    return this.#claims.get(other)?.get(key)?.by
  }

  #typeOf([module, name]: readonly [string, string]): TypeEntry | undefined {
    return this.tables.types.get(module)?.get(name)
  }

  /** The record goes, with its class, its writer and its extension code; or only with the code that one plugin gave. */
  #removeType(entry: TypeEntry, codeOf?: string): void {
    const { types, values, writers, extensions, codes } = this.tables
    const { module, name } = entry
    types.get(module)?.delete(name)
    if (values.get(entry.value) === entry) values.delete(entry.value)
    const prototype: unknown = entry.class?.prototype
    if (writers.get(prototype)?.type === entry) writers.delete(prototype)
    const code = codes.get(module)?.get(name)
    if (code === undefined || (codeOf !== undefined && extensions.get(code)?.plugin !== codeOf)) return
    codes.get(module)?.delete(name)
    extensions.delete(code)
  }

  // --- adding

  #addPlugin({ id, types, reducers, extensionCodes }: PluginParts): void {
    const claims = this.#claims.get(id)
    const gone = new Set<string>()
    for (const entry of types) {
      const key = keyOf([entry.module, entry.name])
      const claim = claims?.get(entry.class)
      if (claims?.has(key) === true || claim?.isWhole === true) gone.add(key)
      else this.#addType(entry, claim === undefined)
    }
    for (const reducer of reducers) if (claims?.has(reducer.class) !== true) this.#addWriter(reducer)
    for (const extension of extensionCodes) {
      if (!gone.has(keyOf([extension.module, extension.name]))) this.#addExtension(extension, id)
    }
  }

  #addType(entry: TypeEntry, isWriter: boolean): void {
    const { plugin, module, name, value, reduce } = entry
    const names = namesOf(this.tables.types, module)
    const other = names.get(name)
    if (other !== undefined) {
      throw registryError('duplicate-global', { module, name, first: other.plugin, second: plugin })
    }
    names.set(name, entry)
    if (value === undefined) return
    const twin = this.tables.values.get(value)
    if (twin !== undefined) {
      throw registryError('duplicate-class', { className: textOf(value), first: twin.plugin, second: plugin })
    }
    this.tables.values.set(value, entry)
    if (reduce === undefined || entry.class === undefined || !isWriter) return
    this.#addWriter({ plugin, class: entry.class, owner: entry.record, reduce, type: entry })
  }

  #addWriter(entry: ClassEntry): void {
    const { writers } = this.tables
    const { prototype } = entry.class
    const other = writers.get(prototype)
    if (other !== undefined) {
      throw registryError('duplicate-class', {
        className: textOf(entry.class),
        first: other.plugin,
        second: entry.plugin,
      })
    }
    writers.set(prototype, entry)
  }

  #addExtension({ code, module, name }: ExtensionCode, plugin: string): void {
    const { extensions, codes } = this.tables
    const other = extensions.get(code)
    if (other !== undefined) throw registryError('duplicate-extension', { code, first: other.plugin, second: plugin })
    const names = namesOf(codes, module)
    const twin = extensions.get(names.get(name) ?? 0)
    if (twin !== undefined) {
      throw registryError('extension-codes', {
        module,
        name,
        codes: [twin.code, code],
        first: twin.plugin,
        second: plugin,
      })
    }
    extensions.set(code, { code, module, name, plugin })
    names.set(name, code)
  }
}

function copyTables({ types, values, writers, extensions, codes }: Tables): Tables {
  return {
    types: copyNames(types),
    values: new Map(values),
    writers: new Map(writers),
    extensions: new Map(extensions),
    codes: copyNames(codes),
  }
}

function copyNames<T>(modules: Map<string, Map<string, T>>): Map<string, Map<string, T>> {
  return new Map([...modules].map(([module, names]) => [module, new Map(names)]))
}

function isGlobal(item: Replaced): item is readonly [string, string] {
  return Array.isArray(item)
}

/** One key for a global, whatever its names contain; a class is its own. */
function keyOf(item: readonly [string, string]): string
function keyOf(item: Replaced): unknown
function keyOf(item: Replaced): unknown {
  return isGlobal(item) ? JSON.stringify(item) : item
}

/** What of these plugins is in the place of what is replaced. */
function givesOf(item: Replaced, added: readonly PluginParts[]): 'record' | 'reducer' | 'nothing' {
  const isOf = (entry: TypeEntry): boolean =>
    isGlobal(item) ? entry.module === item[0] && entry.name === item[1] : entry.class === item
  if (added.some(({ types }) => types.some(isOf))) return 'record'
  return added.some(({ reducers }) => reducers.some((reducer) => reducer.class === item)) ? 'reducer' : 'nothing'
}

function failReplace(item: Replaced, what: string): never {
  const name = isGlobal(item) ? `${excerpt(item[0])} ${excerpt(item[1])}` : `the class ${excerpt(textOf(item))}`
  throw registryError('replace', { what: `${name} ${what}` })
}

/** What a class, function or constant is called. */
function textOf(value: object): string {
  const named = typeof value === 'function' ? value : (value.constructor as unknown)
  const name: unknown = typeof named === 'function' ? named.name : undefined
  // A class may have a static member of that name.
  return typeof name === 'string' ? name : 'object'
}
