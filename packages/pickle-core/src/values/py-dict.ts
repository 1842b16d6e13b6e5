import { UnhashableError } from '../errors.ts'
import { named, showAs } from './inspect-view.ts'
import { unhashable } from './key-protocol.ts'
import { KeyTable, UNHASHABLE } from './key-table.ts'

/**
 * A Python dict: a Map under Python's key equality. `1`, `1n`, `true` and `new Float(1)` are one key; tuples, bytes and
 * frozensets are keys by value. Setting a present key changes its value and keeps the first key, as Python does.
 *
 * @example
 * ```ts
 * import { PyDict, Tuple } from '@pickle-ts/pickle-core'
 * const grid = new PyDict([[Tuple.of(0, 1), 'a']])
 * grid.get(Tuple.of(0, true)) // 'a'
 * ```
 */
export class PyDict<K = unknown, V = unknown> implements Iterable<[K, V]> {
  readonly #keys: KeyTable
  readonly #entries: Map<unknown, { readonly key: K; value: V }> = new Map()

  /**
   * @param keys For the codec: a table that several containers share, so that a key deep inside all of them is looked at once.
   * @throws {@link UnhashableError} for a key that Python does not hash.
   */
  constructor(entries: Iterable<readonly [K, V]> = [], keys: KeyTable = new KeyTable()) {
    this.#keys = keys
    for (const [key, value] of entries) this.set(key, value)
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: unknown): V | undefined {
    return this.#entries.get(this.#keys.canonical(key))?.value
  }

  has(key: unknown): boolean {
    return this.#entries.has(this.#keys.canonical(key))
  }

  /** @throws {@link UnhashableError} for a key that Python does not hash. */
  set(key: K, value: V): this {
    if (!this.trySet(key, value)) throw new UnhashableError()
    return this
  }

  /** Sets a key; false, and nothing set, if Python does not hash it. */
  trySet(key: K, value: V): boolean {
    const canonical = this.#keys.canonical(key)
    if (canonical === UNHASHABLE) return false
    const entry = this.#entries.get(canonical)
    if (entry === undefined) this.#entries.set(canonical, { key, value })
    else entry.value = value
    return true
  }

  delete(key: unknown): boolean {
    return this.#entries.delete(this.#keys.canonical(key))
  }

  clear(): void {
    this.#entries.clear()
  }

  *keys(): IterableIterator<K> {
    for (const { key } of this.#entries.values()) yield key
  }

  *values(): IterableIterator<V> {
    for (const { value } of this.#entries.values()) yield value
  }

  *entries(): IterableIterator<[K, V]> {
    for (const { key, value } of this.#entries.values()) yield [key, value]
  }

  forEach(visit: (value: V, key: K, dict: this) => void): void {
    for (const { key, value } of this.#entries.values()) visit(value, key, this)
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()
  }

  get [Symbol.toStringTag](): string {
    return 'PyDict'
  }

  static {
    Object.defineProperty(PyDict.prototype, unhashable, { value: true })
    showAs(
      PyDict.prototype,
      () => named<Map<unknown, unknown>>('PyDict', Map),
      (view, dict) => {
        view.clear()
        // NaN is a key as often as it stands there, and prints once.
        for (const [key, value] of dict) view.set(key, value)
      },
    )
  }
}
