/** The registry: what one codec can read and write beyond the built-in types. An immutable value, never process-wide. */
import type { Construct } from '../values/construct.ts'
import { Composition } from './composition.ts'
import type { Plugin, Replaced } from './contract.ts'
import { fieldOf, unknownField } from './fields.ts'
import { LookUp } from './look-up.ts'

/** One line of `registry.list()`: something that this registry can build. */
export interface RegistryListing {
  readonly module: string
  readonly name: string
  /** The opcodes that may build it; empty for a global that is only referred to. */
  readonly opcodes: readonly Construct[]
  readonly plugin: string
  readonly extensionCode?: number
}

/** Options of `registry.extend`. */
export interface ExtendOptions {
  /**
   * What of the registry the new plugins take the place of. A `[module, name]` loses its record, with its class, its writer and its
   * extension code. A class loses its reducer; and, if a new plugin has a record for it, the record that names it, too. What is not there, or is
   * not given by the new plugins or what they extend, is an error.
   */
  readonly replace: readonly Replaced[]
}

/** All that one codec can read and write beyond the built-in types; made by {@link createRegistry}. */
export class Registry extends LookUp {
  readonly #composition: Composition

  /** @internal Use {@link createRegistry}. */
  constructor(composition: Composition) {
    super(composition.tables)
    this.#composition = composition
    Object.freeze(this)
  }

  /**
   * Another registry with more plugins; this one stays as it is.
   *
   * @throws {@link RegistryError} as {@link createRegistry}; `replace` where `options.replace` names what is not there or not given.
   *
   * @example
   * ```ts
   * import { createRegistry, definePlugin, pyType } from '@pickle-ts/pickle-core'
   * const size = (create: () => unknown) => pyType({ module: 'shapes', name: 'Size', create })
   * const registry = createRegistry([definePlugin({ id: 'shapes', types: [size(() => 'small')] })])
   * const mine = definePlugin({ id: 'mine', types: [size(() => 'large')] })
   * const mended = registry.extend(mine, { replace: [['shapes', 'Size']] })
   * console.log(mended.list().find(({ name }) => name === 'Size')?.plugin) // mine
   * ```
   */
  extend(...plugins: readonly Plugin[]): Registry
  extend(...pluginsAndOptions: readonly [...Plugin[], ExtendOptions]): Registry
  extend(...given: readonly (Plugin | ExtendOptions)[]): Registry {
    const last = given.at(-1)
    const options = isOptions(last) ? last : undefined
    const composition = new Composition(this.#composition)
    composition.compose((options === undefined ? given : given.slice(0, -1)) as readonly Plugin[], options?.replace)
    return new Registry(composition)
  }

  /** Everything that a pickle can make this registry build, sorted by module and name, in the order of their UTF-16 code units. */
  list(): readonly RegistryListing[] {
    const rows: RegistryListing[] = []
    for (const [module, names] of this.#composition.tables.types) {
      for (const [name, { opcodes, plugin }] of names) {
        const extensionCode = this.extensionCodeOf(module, name)
        const row = { module, name, opcodes: Object.freeze([...opcodes]), plugin }
        rows.push(Object.freeze(extensionCode === undefined ? row : { ...row, extensionCode }))
      }
    }
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
    return Object.freeze(rows.sort((a, b) => order(a.module, b.module) || order(a.name, b.name)))
  }
}

/**
 * A registry of these plugins and what they extend, and of nothing else but the codec's own shims. The same plugin object twice is one.
 *
 * @throws {@link RegistryError} `duplicate-global`, `duplicate-class`, `duplicate-id`, `duplicate-extension`, `extension-codes`,
 * `extends-cycle`, `replace`, `plugin-shape`.
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const composition = new Composition()
  composition.compose(plugins, undefined)
  return new Registry(composition)
}

function isOptions(value: Plugin | ExtendOptions | undefined): value is ExtendOptions {
  if (typeof value !== 'object' || value === null) return false
  return fieldOf(value, 'replace') !== undefined && unknownField(value, ['replace']) === undefined
}
