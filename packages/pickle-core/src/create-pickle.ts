import { registryError } from './errors.ts'
import type { LoadOptions } from './read/load-options.ts'
import { createLoads, type Loads } from './read/loads.ts'
import type { Plugin } from './registry/contract.ts'
import { createRegistry, type Registry } from './registry/registry.ts'
import type { DumpOptions } from './write/dump-options.ts'
import { createDumps } from './write/dumps.ts'

/** Options of {@link createPickle}: its plugins, and defaults for the options of each call. */
export interface PickleOptions extends Omit<DumpOptions, 'registry'>, Omit<LoadOptions, 'registry'> {
  /** What it can read and write beyond the built-in types. */
  readonly plugins?: readonly Plugin[] | undefined
}

/** `dumps` and `loads` of one registry; made by {@link createPickle}. */
export interface Pickle {
  /** As the `dumps` of the package, with this codec's plugins and defaults. */
  dumps(value: unknown, options?: DumpOptions): Uint8Array
  /** As the `loads` of the package, with this codec's plugins and defaults. */
  loads: Loads
  /** Everything that this codec can build: `registry.list()`. */
  readonly registry: Registry
}

/**
 * A codec with plugins. Everything that a pickle can make it build is what the plugins declare; nothing is shared between codecs.
 *
 * @throws {@link RegistryError} where plugins do not fit together.
 *
 * @example
 * ```ts
 * import { createPickle, definePlugin, pyType } from '@pickle-ts/pickle-core'
 * class Celsius {
 *   readonly degrees: number
 *   constructor(degrees: number) {
 *     this.degrees = degrees
 *   }
 * }
 * const weather = definePlugin({
 *   id: 'weather',
 *   types: [
 *     pyType({
 *       module: 'weather',
 *       name: 'Celsius',
 *       class: Celsius,
 *       args: ['float|int'],
 *       create: ([degrees], { check }) => new Celsius(check.float(degrees, 'degrees')),
 *       reduce: ({ degrees }) => ({ args: [degrees] }),
 *     }),
 *   ],
 * })
 * const { dumps, loads } = createPickle({ plugins: [weather] })
 * loads<Celsius>(dumps(new Celsius(21.5))).degrees // 21.5
 * ```
 */
export function createPickle(options: PickleOptions = {}): Pickle {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw registryError('plugin-shape', { what: 'createPickle takes an object: { plugins: [...] }' })
  }
  // It would be used in place of the plugins, and `registry.list()` would not say so.
  if (Object.hasOwn(options, 'registry')) {
    throw registryError('plugin-shape', {
      what: 'createPickle makes its own registry; give it plugins, or `registry` to dumps and loads',
    })
  }
  const { plugins = [], ...defaults } = options
  const registry = createRegistry(plugins)
  const dumps = createDumps(registry)
  const loads = createLoads(registry)
  const plain = Object.keys(defaults).length === 0
  return {
    registry,
    dumps: (value, own) => dumps(value, plain ? own : over(defaults, own)),
    loads: <T>(data: Parameters<Loads>[0], own?: LoadOptions): T => loads<T>(data, plain ? own : over(defaults, own)),
  }
}

/** The options of a call over those of the codec. One that is undefined is not given: it must not undo a limit. */
function over<T extends object>(defaults: T, own: T | undefined): T {
  if (own === undefined) return defaults
  // What is no object is refused where it is used.
  if (typeof own !== 'object' || own === null) return own
  const options = { ...defaults, ...own }
  for (const name of Object.keys(defaults) as (keyof T)[]) {
    if (options[name] === undefined) options[name] = defaults[name]
  }
  return options
}
