import { UnhashableError } from '../errors.ts'
import { named, showAs } from './inspect-view.ts'
import { type KeyParts, keyParts } from './key-protocol.ts'
import { KeyTable, UNHASHABLE } from './key-table.ts'

/**
 * A Python frozenset: an immutable set under Python's key equality, in the order in which its items were given.
 *
 * @throws {@link UnhashableError} for an item that Python does not hash.
 */
export class FrozenSet<T = unknown> implements Iterable<T> {
  readonly #keys: KeyTable
  readonly #items: Map<unknown, T> = new Map()

  /** @param keys For the codec: a table that several containers share. */
  constructor(items: Iterable<T> = [], keys: KeyTable = new KeyTable()) {
    this.#keys = keys
    for (const item of items) {
      const key = this.#keys.canonical(item)
      if (key === UNHASHABLE) throw new UnhashableError()
      // Of equal items the first stays, as in Python.
      if (!this.#items.has(key)) this.#items.set(key, item)
    }
  }

  get size(): number {
    return this.#items.size
  }

  has(item: unknown): boolean {
    return this.#items.has(this.#keys.canonical(item))
  }

  values(): IterableIterator<T> {
    return this.#items.values()
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.values()
  }

  get [Symbol.toStringTag](): string {
    return 'FrozenSet'
  }

  static {
    showAs(
      FrozenSet.prototype,
      () => named<Set<unknown>>('FrozenSet', Set),
      (view, set) => {
        view.clear()
        for (const item of set) view.add(item)
      },
    )
    const value = (set: FrozenSet): KeyParts => ({ kind: 'z', items: [...set], ordered: false })
    Object.defineProperty(FrozenSet.prototype, keyParts, { value })
  }
}
