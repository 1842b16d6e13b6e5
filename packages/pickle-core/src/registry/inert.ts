/** Classes that are allowed as data: their objects load as PyObjects. */
import { registryError } from '../errors.ts'
import type { Construct } from '../values/construct.ts'
import type { GlobalName, Plugin, TypeRecord } from './contract.ts'
import { fieldOf } from './fields.ts'
import { TypeEntry, type TypeParts } from './type-entry.ts'

const ALL: readonly Construct[] = ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst']

/** On records of every copy of this package. */
const INERT: unique symbol = /* @__PURE__ */ Symbol.for('@pickle-ts/pickle-core/inert') as never

/** Whether the objects of a record are PyObjects, which the reader makes itself. */
export function isInert(record: object): boolean {
  return fieldOf(record, INERT) === true
}

/** The entry of a class or function that is kept as data. */
export function inertEntry(module: string, name: string, plugin: string): TypeEntry {
  const parts = { module, name, opcodes: ALL } as unknown as TypeParts
  return new TypeEntry(plugin, parts, parts, true)
}

/**
 * A plugin that allows these classes and functions as data: they load as GlobalRefs, and their objects as PyObjects. Everything
 * else stays refused.
 *
 * @param globals pairs of the module and the qualified name.
 * @throws {@link RegistryError} `plugin-shape` where it is something else.
 *
 * @example
 * ```ts
 * import { createPickle, inertPlugin } from '@pickle-ts/pickle-core'
 * const { loads } = createPickle({ plugins: [inertPlugin([['shapes', 'Point']])] })
 * ```
 */
export function inertPlugin(globals: readonly GlobalName[]): Plugin {
  const isPair = (pair: unknown): boolean =>
    Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string')
  if (!Array.isArray(globals) || !globals.every(isPair)) {
    throw registryError('plugin-shape', { what: 'inertPlugin takes a list of [module, name] pairs' })
  }
  return {
    // Each list of classes is a plugin of its own, so that several can stand in one registry.
    id: `inert(${globals.map(([module, name]) => `${module}:${name}`).join(', ')})`,
    types: globals.map(([module, name]): TypeRecord => {
      // The reader never calls `create`.
      return Object.assign({ module, name, opcodes: ALL, create: () => undefined }, { [INERT]: true })
    }),
  }
}
