/**
 * The registry: exact (module, name) pairs, and the classes that can be written. An immutable value, never process-wide.
 *
 * Safety rests on its look-up: two nested Maps, and nothing else. No prefix, no dots, no import, no attribute.
 */
import { registryError } from '../errors.ts'
import type { Construct } from '../values/construct.ts'
import { GlobalRef } from '../values/global-ref.ts'
import type { ExtensionCode, Plugin, Reducer, TypeRecord } from './contract.ts'
import { CORE_RECORDS, type CoreRecord } from './core-plugin.ts'
import type { InertRecord } from './inert.ts'
import { namesOf } from './names.ts'

type Class = abstract new (...args: never[]) => unknown

/** A type record with the plugin that owns it. */
export interface TypeEntry {
  readonly record: TypeRecord & Pick<CoreRecord, 'form' | 'value'> & Partial<Pick<InertRecord, 'inert'>>
  readonly plugin: string
  readonly opcodes: readonly Construct[]
  /** What its objects are built by, when they are written. */
  readonly callable: GlobalRef
  /** How, unless the reducer says otherwise. */
  readonly construct: Construct
}

/** The entry of a record. */
export function entryOf(record: TypeEntry['record'], plugin: string): TypeEntry {
  const opcodes = record.opcodes ?? DEFAULT_OPCODES
  const construct = opcodes.includes('reduce') ? 'reduce' : (opcodes[0] ?? 'reduce')
  return { record, plugin, opcodes, callable: new GlobalRef(record.module, record.name), construct }
}

/** A reducer with the plugin that owns it. */
export interface ReducerEntry {
  readonly reducer: Reducer
  readonly plugin: string
}

/** How the objects of one class are written: by a reducer, or by the record of their type. */
export type ClassEntry = TypeEntry | ReducerEntry

/** One line of `registry.list()`: something that this registry can build. */
export interface RegistryListing {
  readonly module: string
  readonly name: string
  /** The opcodes that may build it; empty for a global that is only referred to. */
  readonly opcodes: readonly Construct[]
  readonly plugin: string
  readonly extensionCode?: number
}

/** The plugin of the codec's own records. */
export const CORE = 'core'
const DEFAULT_OPCODES: readonly Construct[] = ['reduce', 'newobj']

/** All that one codec can read and write beyond the built-in types; made by {@link createRegistry}. */
export class Registry {
  readonly #plugins: readonly Plugin[]
  readonly #types: Map<string, Map<string, TypeEntry>> = new Map()
  readonly #classes: Map<Class, TypeEntry> = new Map()
  /** By the prototype that the objects have. */
  readonly #writers: Map<unknown, ClassEntry> = new Map()
  readonly #extensions: Map<number, ExtensionCode & { readonly plugin: string }> = new Map()
  readonly #codes: Map<string, Map<string, number>> = new Map()

  /** @internal Use {@link createRegistry}. */
  constructor(plugins: readonly Plugin[]) {
    this.#plugins = flatten(plugins)
    for (const record of CORE_RECORDS) this.#addType(record, CORE)
    for (const plugin of this.#plugins) {
      for (const record of plugin.types ?? []) this.#addType(record, plugin.id)
      for (const reducer of plugin.reducers ?? []) this.#addWriter(reducer.class, { reducer, plugin: plugin.id })
      for (const extension of plugin.extensionCodes ?? []) this.#addExtension(extension, plugin.id)
    }
    Object.freeze(this)
  }

  /** Another registry with more plugins; this one stays as it is. */
  extend(...plugins: readonly Plugin[]): Registry {
    return new Registry([...this.#plugins, ...plugins])
  }

  /** Everything that a pickle can make this registry build, sorted by module and name. */
  list(): readonly RegistryListing[] {
    const rows: RegistryListing[] = []
    for (const [module, names] of this.#types) {
      for (const [name, { opcodes, plugin }] of names) {
        const extensionCode = this.extensionCodeOf(module, name)
        rows.push({ module, name, opcodes, plugin, ...(extensionCode === undefined ? {} : { extensionCode }) })
      }
    }
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
    return rows.sort((a, b) => order(a.module, b.module) || order(a.name, b.name))
  }

  /** The record that owns exactly this module and name. */
  findType(module: string, name: string): TypeEntry | undefined {
    return this.#types.get(module)?.get(name)
  }

  /** The global that an extension code stands for. */
  findExtension(code: number): ExtensionCode | undefined {
    return this.#extensions.get(code)
  }

  /** The extension code of a global. */
  extensionCodeOf(module: string, name: string): number | undefined {
    return this.#codes.get(module)?.get(name)
  }

  /** The record whose `class` this is: the class itself is written as that global. */
  findClass(value: Class): TypeEntry | undefined {
    return this.#classes.get(value)
  }

  /** How objects with exactly this prototype are written. */
  findWriter(prototype: unknown): ClassEntry | undefined {
    return this.#writers.get(prototype)
  }

  /** Whether any class can be written: if not, no prototype chain needs a look. */
  get hasWriters(): boolean {
    return this.#writers.size > 0
  }

  #addType(record: TypeRecord, plugin: string): void {
    const { module, name } = record
    if (typeof module !== 'string' || typeof name !== 'string' || typeof record.create !== 'function') {
      throw registryError('plugin-shape', {
        what: `a type record of ${plugin} lacks a module, a name or a create function`,
      })
    }
    const names = namesOf(this.#types, module)
    const other = names.get(name)
    if (other !== undefined) {
      throw registryError('duplicate-global', { module, name, first: other.plugin, second: plugin })
    }
    const entry = entryOf(record, plugin)
    names.set(name, entry)
    if (record.class === undefined) return
    const twin = this.#classes.get(record.class)
    if (twin !== undefined) {
      throw registryError('duplicate-class', { className: record.class.name, first: twin.plugin, second: plugin })
    }
    this.#classes.set(record.class, entry)
    if (record.reduce !== undefined) this.#addWriter(record.class, entry)
  }

  #addWriter(type: Class, entry: ClassEntry): void {
    const other = this.#writers.get(type.prototype)
    if (other !== undefined) {
      throw registryError('duplicate-class', { className: type.name, first: other.plugin, second: entry.plugin })
    }
    this.#writers.set(type.prototype, entry)
  }

  #addExtension(extension: ExtensionCode, plugin: string): void {
    const { code, module, name } = extension
    if (!Number.isInteger(code) || code < 1 || code > 0x7fff_ffff) {
      throw registryError('plugin-shape', {
        what: `extension code ${code} of ${plugin} is not between 1 and 0x7fffffff`,
      })
    }
    const other = this.#extensions.get(code)
    if (other !== undefined) throw registryError('duplicate-extension', { code, first: other.plugin, second: plugin })
    this.#extensions.set(code, { code, module, name, plugin })
    namesOf(this.#codes, module).set(name, code)
  }
}

/**
 * A registry of these plugins and what they extend, and of nothing else but the codec's own shims.
 *
 * @throws {@link RegistryError} `duplicate-global`, `duplicate-class`, `duplicate-id`, `duplicate-extension`, `extends-cycle`, `plugin-shape`.
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  return new Registry(plugins)
}

/** The plugins with all that they extend, each once, the extended ones first. */
function flatten(plugins: readonly Plugin[]): readonly Plugin[] {
  const done = new Set<Plugin>()
  const byId = new Map<string, Plugin>()
  const visit = (plugin: Plugin, path: readonly Plugin[]): void => {
    if (done.has(plugin)) return
    if (typeof plugin !== 'object' || plugin === null || typeof plugin.id !== 'string' || plugin.id === '') {
      throw registryError('plugin-shape', { what: 'a plugin is an object with an id; make it with definePlugin' })
    }
    if (path.includes(plugin)) {
      throw registryError('extends-cycle', { ids: [...path, plugin].map(({ id }) => id).join(' -> ') })
    }
    // The codec's own records are told by this name.
    if (plugin.id === CORE) throw registryError('duplicate-id', { id: CORE })
    const twin = byId.get(plugin.id)
    if (twin !== undefined && twin !== plugin) throw registryError('duplicate-id', { id: plugin.id })
    byId.set(plugin.id, plugin)
    for (const base of plugin.extends ?? []) visit(base, [...path, plugin])
    done.add(plugin)
  }
  for (const plugin of plugins) visit(plugin, [])
  return [...done]
}
