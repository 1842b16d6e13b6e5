/**
 * A value that the checks write, read and change.
 *
 * Give `value`, or better `make`: with fresh values the checks can compare one that was dumped with one that never was.
 *
 * @example
 * ```ts
 * import type { Sample } from '@pickle-ts/pickle-core/testing'
 * const empty: Sample<number[]> = { name: 'no numbers', value: [] }
 * const some: Sample<number[]> = { name: 'two numbers', make: () => [1, 2.5], python: 'x == [1, 2.5]' }
 * ```
 */
export interface Sample<T = unknown> {
  /** Its name in the names of the checks. */
  readonly name: string
  /** The value. */
  readonly value?: T
  /** Makes the value, a fresh one each time. */
  make?(): T
  /**
   * A value like it with much more memory, and else the same. With it a check sees that memory is not written in band: the pickle may
   * not grow with it.
   */
  grown?(): T
  /** Whether what was loaded is what was written. Default: the same class, the same own fields, and so on down. */
  equals?(loaded: T, sample: T): boolean
  /**
   * Pickles of this value that others write: Python where it has another form for it, or older versions of the plugin. Each loads as
   * the value. They are what uses a record that only reads.
   */
  readonly pickles?: readonly Uint8Array[]
  /** A Python expression that must hold; `x` is what real Python loads, with nothing of yours but `pythonPrelude`. */
  readonly python?: string
  /**
   * `'out of band'` (the default): typed arrays in fields of objects travel out of band, and no byte of them is copied. `'any'`: they
   * may be copied, as short keys and views with gaps are.
   */
  readonly memory?: 'out of band' | 'any'
}
