import { type Bind, ContainerModule, type ResolutionContext, type ServiceIdentifier, type UnbindSync } from 'inversify'
import { type Pickle as Codec, createPickle, type PickleOptions as Options } from '../create-pickle.ts'
import { excerpt, REGISTRY_MESSAGES, type RegistryDetails, RegistryError, registryError } from '../errors.ts'
import type { Plugin } from '../registry/contract.ts'
import { IdentityTree } from './identity-tree.ts'
import { type MergedOptions, mergeOptions, optionDifference } from './merge-options.ts'
import { Pickle, PickleOptions, PicklePlugin } from './tokens.ts'

/** A codec with the options that it was made with. */
interface Made {
  readonly options: MergedOptions['options']
  readonly codec: Codec
}

/** Sets of options that are remembered for one list of plugins. */
const REMEMBERED = 8

const everyPlugin = { serviceIdentifier: PicklePlugin, isMultiple: true, optional: true, chained: true } as const
const allOptions = { serviceIdentifier: PickleOptions, isMultiple: true, optional: true, chained: true } as const

/**
 * Binds {@link Pickle:var}: `container.get(Pickle)` gives exactly what `createPickle` gives for the plugins and options that are bound in
 * the container and its parents at that moment. While they stay the same, so does the object.
 *
 * It need not be loaded in child containers. Loaded again, or where `Pickle` is bound already, it does nothing.
 *
 * @example
 * ```ts
 * import { inertPlugin } from '@pickle-ts/pickle-core'
 * import { Pickle, PicklePlugin, pickleModule } from '@pickle-ts/pickle-core/inversify'
 * import { Container, ContainerModule } from 'inversify'
 * const shapesModule = new ContainerModule(({ bind }) => {
 *   bind(PicklePlugin).toConstantValue(inertPlugin([['shapes', 'Point']]))
 * })
 * const container = new Container()
 * container.load(pickleModule, shapesModule)
 * const { dumps, loads } = container.get(Pickle)
 * loads(dumps([1, 2])) // [1, 2]
 * ```
 */
export const pickleModule: ContainerModule = /* @__PURE__ */ new ContainerModule(({ bind, isBound, unbind }) => {
  // inversify would take two bindings for an ambiguity.
  if (isBound(Pickle)) return
  // What is remembered belongs to this container. A singleton would be filled by the first child that asks, for its parent too.
  const remembered = new IdentityTree<Made[]>()
  const request = Symbol('request') as ServiceIdentifier<ResolutionContext>
  bind(request)
    .toDynamicValue((context) => context)
    .inTransientScope()
  let isPlannedAgain = false
  bind(Pickle)
    .toResolvedValue(
      // Everything is asked for twice: what differs is made anew each time, and could never be remembered.
      (
        context: ResolutionContext,
        plugins: Plugin[] | undefined,
        again: Plugin[] | undefined,
        options: Options[] | undefined,
        more: Options[] | undefined,
      ) => {
        const list = listOf(plugins, options)
        const fault = faultOf(list, listOf(again, more))
        if (fault === undefined) return codecOf(remembered, list)
        if (isPlannedAgain) throw registryError('plugin-scope', fault)
        isPlannedAgain = true
        try {
          forgetPlans(bind, unbind)
          return context.get(Pickle)
        } finally {
          isPlannedAgain = false
        }
      },
      [request, everyPlugin, everyPlugin, allOptions, allOptions],
    )
    .inTransientScope()
})

/**
 * Makes inversify plan again. A binding that is added after the first get goes into its plans at once, in the default scope; the
 * `inSingletonScope()` that follows comes too late (inversify 8.2.3). A binding that asks for its ancestors clears the plans when it goes.
 */
function forgetPlans(bind: Bind, unbind: UnbindSync): void {
  const binding = bind<unknown>(PicklePlugin)
    .toConstantValue(undefined)
    .when((constraints) => {
      constraints.getAncestor()
      return false
    })
  unbind(binding.getIdentifier())
}

function listOf(plugins: readonly Plugin[] = [], bound: readonly Options[] = []): MergedOptions {
  const merged = mergeOptions(bound)
  return { options: merged.options, plugins: [...plugins, ...merged.plugins] }
}

/** What differs between the two lists of one get: it is made anew each time. */
function faultOf(list: MergedOptions, again: MergedOptions): RegistryDetails<'plugin-scope'> | undefined {
  const plugin = list.plugins.findIndex((one, index) => one !== again.plugins[index])
  if (plugin >= 0) {
    const what = `the plugin ${idOf(list.plugins[plugin])}`
    return { what, fix: 'make it with pluginFactory, or bind it in singleton scope' }
  }
  const option = optionDifference(list.options, again.options)
  if (option === undefined) return undefined
  return { what: `the option ${option}`, fix: 'bind it in singleton scope, or to a constant value' }
}

function codecOf(remembered: IdentityTree<Made[]>, { plugins: all, options }: MergedOptions): Codec {
  const plugins = [...new Set(all)]
  assertDistinct(plugins)
  const made = remembered.get(plugins, () => [])
  const known = made.find((entry) => optionDifference(entry.options, options) === undefined)
  if (known !== undefined) return known.codec
  const codec = createPickle({ ...options, plugins })
  made.unshift({ options, codec })
  made.length = Math.min(made.length, REMEMBERED)
  return codec
}

/** Two bindings that each make a plugin: createPickle would refuse them too, but does not know of containers. */
function assertDistinct(plugins: readonly Plugin[]): void {
  const ids = new Set<unknown>()
  for (const plugin of plugins) {
    const id: unknown = plugin?.id
    if (typeof id === 'string' && ids.has(id)) {
      throw new RegistryError(
        'duplicate-id',
        `${REGISTRY_MESSAGES['duplicate-id']({ id })}; if one module was loaded twice, here or in a parent of this container, make its plugin with pluginFactory outside of the module`,
      )
    }
    ids.add(id)
  }
}

function idOf(plugin: Plugin | undefined): string {
  const id: unknown = plugin?.id
  return typeof id === 'string' ? excerpt(id) : '(without an id)'
}
