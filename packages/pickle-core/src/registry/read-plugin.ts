/** Reads a plugin, once, and checks that it can mean something. */
import { causeText, excerpt, RegistryError, registryError } from '../errors.ts'
import type { AnyClass, ExtensionCode, Plugin, Replaced } from './contract.ts'
import { CORE } from './core-plugin.ts'
import { fieldOf, unknownField } from './fields.ts'
import type { ClassEntry } from './look-up.ts'
import { isClass, readRecord } from './read-record.ts'
import type { TypeEntry } from './type-entry.ts'

/** A plugin as a registry takes it. */
export interface PluginParts {
  readonly id: string
  readonly extends: readonly Plugin[]
  /** By the id of the other plugin. */
  readonly replaces: ReadonlyMap<string, readonly Replaced[]>
  readonly types: readonly TypeEntry[]
  readonly reducers: readonly ClassEntry[]
  readonly extensionCodes: readonly ExtensionCode[]
}

const FIELDS = ['id', 'extends', 'replaces', 'types', 'reducers', 'extensionCodes']

/** What a plugin is made of. Throws `plugin-shape` where it is none, or says what no plugin has, or throws where it is read. */
export function readPlugin(plugin: unknown): PluginParts {
  let id: unknown
  try {
    id = typeof plugin === 'object' && plugin !== null ? fieldOf(plugin, 'id') : undefined
    if (typeof id !== 'string' || id === '') failShape('a plugin is an object with an id; make it with definePlugin')
    return partsOf(id, plugin as object)
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause
    // Its getters, or those of its records: they may be objects of classes.
    const who = typeof id === 'string' ? `plugin ${excerpt(id)}` : 'a plugin'
    throw registryError('plugin-shape', { what: `${who}: it threw while it was read: ${causeText(cause)}` }, { cause })
  }
}

function partsOf(id: string, owner: object): PluginParts {
  const other = unknownField(owner, FIELDS)
  if (other !== undefined) failPlugin(id, `there is no field ${excerpt(other)}; there are ${FIELDS.join(', ')}`)
  const listOf = (name: string): readonly unknown[] => {
    const list = fieldOf(owner, name) ?? []
    if (!Array.isArray(list)) failPlugin(id, `${name} must be an array`)
    return list
  }
  return {
    id,
    extends: listOf('extends') as readonly Plugin[],
    replaces: readReplaces(id, fieldOf(owner, 'replaces') ?? {}),
    types: listOf('types').map((record, i) => {
      const entry = readRecord(record, id)
      if (typeof entry === 'string') failPlugin(id, `types[${i}]: ${entry}`)
      return entry
    }),
    reducers: listOf('reducers').map((reducer, i) => readReducer(id, reducer, i)),
    extensionCodes: listOf('extensionCodes').map((extension, i) => readExtension(id, extension, i)),
  }
}

function readReducer(id: string, reducer: unknown, index: number): ClassEntry {
  const owner = Object(reducer) as object
  const type = fieldOf(owner, 'class')
  const reduce = fieldOf(owner, 'reduce')
  if (!isClass(type) || typeof reduce !== 'function' || unknownField(owner, ['class', 'reduce']) !== undefined) {
    failPlugin(id, `reducers[${index}] must be { class, reduce } with a class and a function; make it with reducer`)
  }
  return { plugin: id, class: type as AnyClass, owner, reduce: reduce as ClassEntry['reduce'], type: undefined }
}

function readExtension(id: string, extension: unknown, index: number): ExtensionCode {
  const owner = Object(extension) as object
  const code = fieldOf(owner, 'code') as number
  const module = fieldOf(owner, 'module')
  const name = fieldOf(owner, 'name')
  const isCode = Number.isInteger(code) && code >= 1 && code <= 0x7fff_ffff
  const isNamed = typeof module === 'string' && typeof name === 'string'
  if (!isCode || !isNamed || unknownField(owner, ['code', 'module', 'name']) !== undefined) {
    failPlugin(id, `extensionCodes[${index}] must be { code, module, name } with a code of 1 to 0x7fffffff`)
  }
  return { code, module, name }
}

function readReplaces(id: string, replaces: unknown): ReadonlyMap<string, readonly Replaced[]> {
  const map = new Map<string, readonly Replaced[]>()
  const isPlain = typeof replaces === 'object' && replaces !== null && !Array.isArray(replaces)
  for (const [other, items] of isPlain ? Object.entries(replaces) : [[id, undefined] as const]) {
    if (other === id || !isReplacedList(items)) {
      failPlugin(id, 'replaces must hold, by the ids of other plugins, lists of [module, name] and of classes')
    }
    if (other === CORE) failPlugin(id, "replaces: the codec's own globals cannot be taken over")
    map.set(other, [...items])
  }
  return map
}

/** Whether this is a list of globals and classes. */
export function isReplacedList(items: unknown): items is readonly Replaced[] {
  return (
    Array.isArray(items) &&
    items.every((item) => {
      if (!Array.isArray(item)) return isClass(item)
      return item.length === 2 && typeof item[0] === 'string' && typeof item[1] === 'string'
    })
  )
}

function failPlugin(id: string, what: string): never {
  failShape(`plugin ${excerpt(id)}: ${what}`)
}

function failShape(what: string): never {
  throw registryError('plugin-shape', { what })
}
