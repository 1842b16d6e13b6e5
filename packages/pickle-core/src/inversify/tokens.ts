/**
 * What a container is asked for, and what is bound in it. A type of the same name stands beside each token, so that
 * `@inject(Pickle) pickle: Pickle` needs one import.
 */
import type { ServiceIdentifier } from 'inversify'
import type { Pickle as Codec, PickleOptions as Options } from '../create-pickle.ts'
import type { Plugin } from '../registry/contract.ts'

/** What {@link Pickle:var} gives: `dumps` and `loads` of the container's plugins. */
export type Pickle = Codec

/**
 * Gives what `createPickle` gives for the plugins and options of the container and its parents; bound by {@link pickleModule}.
 *
 * `get` throws a {@link RegistryError} where the plugins do not fit together, or where one is made anew at each get (`plugin-scope`).
 */
export const Pickle: ServiceIdentifier<Codec> = /* @__PURE__ */ Symbol.for('@pickle-ts/pickle-core/Pickle')

/** What is bound to {@link PicklePlugin:var}: a plugin, or an object of a class that implements one. */
export type PicklePlugin = Plugin

/** Bind a plugin to it, as many as there are. They count for this container and for its children, and never for its parents. */
export const PicklePlugin: ServiceIdentifier<Plugin> = /* @__PURE__ */ Symbol.for('@pickle-ts/pickle-core/PicklePlugin')

/** What is bound to {@link PickleOptions:var}: what `createPickle` takes. */
export type PickleOptions = Options

/**
 * Bind options to it, plain objects, as many as there are. They are put together field by field, and `limits` limit by limit: the
 * nearest container wins; in one container, what was bound first. `plugins` are added to those of {@link PicklePlugin:var}.
 */
export const PickleOptions: ServiceIdentifier<Options> = /* @__PURE__ */ Symbol.for(
  '@pickle-ts/pickle-core/PickleOptions',
)
