/** Classes that are allowed as data: their objects load as PyObjects. */
import type { Construct } from '../values/construct.ts'
import type { Plugin, TypeRecord } from './contract.ts'

/** The record of a class whose objects are PyObjects; the reader makes them itself. */
export interface InertRecord extends TypeRecord {
  readonly inert: true
}

const ALL: readonly Construct[] = ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst']

/** The record of a class or function that is kept as data. */
export function inertRecord(module: string, name: string): InertRecord {
  return { module, name, opcodes: ALL, inert: true, create: () => undefined }
}

/**
 * A plugin that allows these classes and functions as data: they load as GlobalRefs, and their objects as PyObjects. Everything
 * else stays refused.
 *
 * @param globals pairs of the module and the qualified name.
 *
 * @example
 * ```ts
 * import { createPickle, inertPlugin } from '@pickle-ts/pickle-core'
 * const { loads } = createPickle({ plugins: [inertPlugin([['shapes', 'Point']])] })
 * ```
 */
export function inertPlugin(globals: readonly (readonly [module: string, name: string])[]): Plugin {
  return {
    // Each list of classes is a plugin of its own, so that several can stand in one registry.
    id: `inert(${globals.map(([module, name]) => `${module}.${name}`).join(', ')})`,
    types: globals.map(([module, name]) => inertRecord(module, name)),
  }
}
