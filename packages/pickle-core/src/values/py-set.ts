import { UnhashableError } from '../errors.ts'
import { named, showAs } from './inspect-view.ts'
import { unhashable } from './key-protocol.ts'
import { KeyTable, UNHASHABLE } from './key-table.ts'

/** A Python set: a Set under Python's key equality (`1`, `1n` and `true` are one item; tuples and bytes by value). */
export class PySet<T = unknown> implements Iterable<T> {
  readonly #keys: KeyTable
  readonly #items: Map<unknown, T> = new Map()

  /**
   * @param keys For the codec: a table that several containers share.
   * @throws {@link UnhashableError} for an item that Python does not hash.
   */
  constructor(items: Iterable<T> = [], keys: KeyTable = new KeyTable()) {
    this.#keys = keys
    for (const item of items) this.add(item)
  }

  get size(): number {
    return this.#items.size
  }

  /** @throws {@link UnhashableError} for an item that Python does not hash. */
  add(item: T): this {
    if (!this.tryAdd(item)) throw new UnhashableError()
    return this
  }

  /** Adds an item; false, and nothing added, if Python does not hash it. Of equal items the first stays. */
  tryAdd(item: T): boolean {
    const key = this.#keys.canonical(item)
    if (key === UNHASHABLE) return false
    if (!this.#items.has(key)) this.#items.set(key, item)
    return true
  }

  has(item: unknown): boolean {
    return this.#items.has(this.#keys.canonical(item))
  }

  delete(item: unknown): boolean {
    return this.#items.delete(this.#keys.canonical(item))
  }

  clear(): void {
    this.#items.clear()
  }

  values(): IterableIterator<T> {
    return this.#items.values()
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.values()
  }

  get [Symbol.toStringTag](): string {
    return 'PySet'
  }

  static {
    showAs(
      PySet.prototype,
      () => named<Set<unknown>>('PySet', Set),
      (view, set) => {
        view.clear()
        for (const item of set) view.add(item)
      },
    )
    Object.defineProperty(PySet.prototype, unhashable, { value: true })
  }
}
