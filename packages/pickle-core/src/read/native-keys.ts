/**
 * Python's key equality in JavaScript's own Map and Set (the native mapping).
 *
 * Strings and most numbers are the same keys in both languages and cost nothing. For the rest:
 *
 * | Python calls equal                    | here                                                          |
 * |---------------------------------------|---------------------------------------------------------------|
 * | 1 and True, 0 and False, int and float| a look for the other form                                     |
 * | tuples, bytes, frozensets, ... by value| a {@link KeyTable} beside the Map, made for the first such key |
 *
 * As in Python, the first key stays and its value is overwritten. What a Map cannot tell apart is an error, never a loss.
 */
import { type KeyTable, UNHASHABLE } from '../values/key-table.ts'
import { fail, failLimit } from './failures.ts'
import type { Machine } from './machine.ts'
import { found } from './value-kind.ts'

/** V8's own bound for one Map or Set. */
export const ENGINE_MAX_ENTRIES = 16_777_215

/** V8 hashes a bigint by its low 64 bits: keys beyond them can be made to share a bucket. 1024 of them cost 3 ms. */
const MAX_WIDE_KEYS = 1024

/** The keys of one Map or Set, by canonical value. */
interface Guard {
  readonly table: KeyTable
  readonly keys: Map<unknown, unknown>
}

/** What one load knows about the keys of its Maps and Sets. */
export class NativeKeys {
  readonly #where: Machine
  #guards: Map<object, Guard> | undefined
  #wide: Map<object, number> | undefined

  constructor(where: Machine) {
    this.#where = where
  }

  /** Whether a Map or Set has keys by value, so that each further key needs a look. */
  isGuarded(target: object): boolean {
    return this.#guards?.has(target) ?? false
  }

  /**
   * The key under which an entry goes into a Map or Set: an equal key that it has, or this one.
   *
   * @throws UnpicklingError `unhashable`, `native-key`, `limit`.
   */
  keyIn(target: Map<unknown, unknown> | Set<unknown>, key: unknown, at: number): unknown {
    if (target.size >= ENGINE_MAX_ENTRIES) {
      failLimit(this.#where, at, 'maxItems', target.size + 1, ENGINE_MAX_ENTRIES)
    }
    if (typeof key === 'bigint') this.#countWide(target, key, at)
    if (Object.is(key, Number.NaN) && target.has(key))
      fail(this.#where, at, 'native-key', { what: 'a Map or Set cannot hold two NaN keys' })
    const guard = this.#guards?.get(target)
    if (guard !== undefined) return this.#guarded(guard, key, at)
    switch (typeof key) {
      case 'number':
        if (key === 0 || key === 1) return target.has(key === 1) ? key === 1 : key
        return Number.isInteger(key) && !Number.isSafeInteger(key) && target.has(BigInt(key)) ? BigInt(key) : key
      case 'boolean':
        return target.has(Number(key)) ? Number(key) : key
      case 'bigint':
        // The float that is exactly this int, as 2.0 ** 60; it is a number however large it is.
        return Number.isFinite(Number(key)) && BigInt(Number(key)) === key && target.has(Number(key))
          ? Number(key)
          : key
      case 'object':
        return key === null ? key : this.#guarded(this.#guard(target), key, at)
      default:
        return key
    }
  }

  #countWide(target: Map<unknown, unknown> | Set<unknown>, key: bigint, at: number): void {
    const magnitude = key < 0n ? -key : key
    if (BigInt.asUintN(64, magnitude) === magnitude) return
    this.#wide ??= new Map()
    const count = (this.#wide.get(target) ?? 0) + 1
    if (count > MAX_WIDE_KEYS) {
      const what = `a Map or Set holds at most ${MAX_WIDE_KEYS} keys of more than 64 bits`
      fail(this.#where, at, 'native-key', { what })
    }
    this.#wide.set(target, count)
  }

  #guard(target: Map<unknown, unknown> | Set<unknown>): Guard {
    const guard: Guard = { table: this.#where.keyTable, keys: new Map() }
    for (const key of target.keys()) guard.keys.set(guard.table.canonical(key), key)
    this.#guards ??= new Map()
    this.#guards.set(target, guard)
    return guard
  }

  #guarded(guard: Guard, key: unknown, at: number): unknown {
    const canonical = guard.table.canonical(key)
    if (canonical === UNHASHABLE) this.#where.failUnhashable(found(key), at)
    // The canonical value of a key that is not there may be undefined only for the key undefined.
    if (guard.keys.has(canonical)) return guard.keys.get(canonical)
    guard.keys.set(canonical, key)
    return key
  }
}
