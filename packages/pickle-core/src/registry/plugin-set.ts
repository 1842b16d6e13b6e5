import { excerpt, registryError } from '../errors.ts'
import type { Plugin } from './contract.ts'
import { CORE } from './core-plugin.ts'
import { type PluginParts, readPlugin } from './read-plugin.ts'

/** A plugin object, what it is made of, and how it came into the list. */
interface Known {
  readonly plugin: Plugin
  readonly via: string
}

/** The plugins of one registry: each object once, each id once. */
export class PluginSet {
  readonly #plugins: Set<unknown>
  readonly #byId: Map<string, Known>

  constructor(base?: PluginSet) {
    this.#plugins = new Set(base === undefined ? [] : base.#plugins)
    this.#byId = new Map(base === undefined ? [] : base.#byId)
  }

  /** Adds plugins with all that they extend. Returns those that are new, the extended ones first. */
  add(plugins: readonly Plugin[]): readonly PluginParts[] {
    if (!Array.isArray(plugins)) throw registryError('plugin-shape', { what: 'plugins must be an array of plugins' })
    const added: PluginParts[] = []
    const path: { readonly plugin: unknown; readonly id: string }[] = []
    const visit = (plugin: Plugin): void => {
      const again = path.find((open) => open.plugin === plugin)
      if (again !== undefined) {
        throw registryError('extends-cycle', { ids: [...path, again].map(({ id }) => id).join(' -> ') })
      }
      if (this.#plugins.has(plugin)) return
      const parts = readPlugin(plugin)
      const { id } = parts
      const top = path.at(-1)
      const via = top === undefined ? 'in the list' : `extended by ${excerpt(top.id)}`
      const twin = id === CORE ? { via: "the codec's own" } : this.#byId.get(id)
      if (twin !== undefined) throw registryError('duplicate-id', { id, first: twin.via, second: via })
      this.#byId.set(id, { plugin, via })
      path.push({ plugin, id })
      for (const base of parts.extends) visit(base)
      path.pop()
      this.#plugins.add(plugin)
      added.push(parts)
    }
    for (const plugin of plugins) visit(plugin)
    return added
  }
}
