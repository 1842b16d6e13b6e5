import type { Limits } from '../limits.ts'
import type { DumpContext, Reduction } from '../registry/contract.ts'
import type { Registry } from '../registry/registry.ts'
import type { PickleBuffer } from '../values/pickle-buffer.ts'

/** A class, as a key of `dispatchTable`. */
export type DispatchTable = ReadonlyMap<
  abstract new (
    ...args: never[]
  ) => unknown,
  // biome-ignore lint/suspicious/noExplicitAny: the table holds reducers of different classes
  (object: any, ctx: DumpContext) => Reduction
>

/** Options of `dumps` and `Pickler`: Python's, in camelCase. */
export interface DumpOptions {
  /**
   * The pickle protocol. `'auto'` (the default) writes protocol 4, and 5 only where something needs it, so that
   * nobody pays for what they don't use; reducers are asked with 5. A number means exactly that protocol.
   */
  readonly protocol?: 0 | 1 | 2 | 3 | 4 | 5 | 'auto' | undefined
  /** At protocol 2 and below, write Python 2's names of modules and globals. Default true. */
  readonly fixImports?: boolean | undefined
  /**
   * Takes each {@link PickleBuffer} out of band: an array that collects them, or a function. **Exactly `true`** keeps a buffer in
   * band; anything else, as the number that `push` returns, sends it out of band (Python: any true value). PEP 574.
   */
  readonly bufferCallback?: PickleBuffer[] | ((buffer: PickleBuffer) => unknown) | undefined
  /**
   * What becomes of a view (`ctx.shareView`) whose span is more than twice as long as its items, and which shares it with nobody:
   * `'auto'` (the default) copies its items into a buffer of their own, `'never'` writes the whole span.
   */
  readonly compact?: 'auto' | 'never' | undefined
  /** Called for every value; anything but undefined or null is written in its place, as a persistent id. */
  readonly persistentId?: ((value: unknown) => unknown) | undefined
  /** As `persistentId`, for instances only: objects of no built-in type (Python 2's `inst_persistent_id`). */
  readonly instPersistentId?: ((value: object) => unknown) | undefined
  /** Asked before any other reducer, for values of no built-in type. */
  readonly reducerOverride?: ((value: object, ctx: DumpContext) => Reduction) | undefined
  /** Reducers of this dump, by exact class; they come before the registry's. */
  readonly dispatchTable?: DispatchTable | undefined
  /** What can be written beyond the built-in types. */
  readonly registry?: Registry | undefined
  /** Bounds of the dump: `maxDepth`. */
  readonly limits?: Partial<Limits> | undefined
}
