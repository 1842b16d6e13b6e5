/**
 * The memo of strings: equal strings are one, because JavaScript strings have no identity.
 *
 * A table of its own, because a Map costs 115 ns a distinct string against 23 (100,000 strings of 7 to 23 characters,
 * Node 24): the writer computes the hash in the loop that writes the bytes. Open addressing in Int32Arrays; a slot counts as
 * empty unless the entry that it names points back at it, so that nothing is cleared between dumps. The hash is seeded, because
 * strings come from strangers; a chain that is too long ends in a Map.
 */

import { forget } from './forget.ts'

/** Strings up to this many units are in the table, longer ones in the Map. */
export const TABLE_UNITS = 64
/** Slots that a look-up visits at most. */
const MAX_PROBES = 24

/** Memo indexes by string. */
export class StringMemo {
  readonly seed: number = (Math.random() * 0x1_0000_0000) | 0
  #mask = 1023
  #slots: Int32Array = new Int32Array(1024)
  #hashes: Int32Array = new Int32Array(512)
  #slotOf: Int32Array = new Int32Array(512)
  #indexes: Int32Array = new Int32Array(512)
  #strings: string[] = new Array<string>(512).fill('')
  #count = 0
  /** Where {@link find} ended; {@link add} takes it. */
  #freeSlot = 0
  readonly #long: Map<string, number> = new Map()
  /** Short strings whose chain was too long when they came. They stay here, whatever the table grows to. */
  readonly #crowded: Map<string, number> = new Map()
  /** The strings of both, as they came: what a session forgets again is at the end. */
  readonly #mapped: string[] = []

  /** The memo index of a short string with this hash, or -1. */
  find(text: string, hash: number): number {
    let slot = hash & this.#mask
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const entry = this.#slots[slot] as number
      if (entry >= this.#count || this.#slotOf[entry] !== slot) {
        this.#freeSlot = slot
        return this.#findCrowded(text)
      }
      if (this.#hashes[entry] === hash && this.#strings[entry] === text) return this.#indexes[entry] as number
      slot = (slot + 1) & this.#mask
    }
    this.#freeSlot = -1
    return this.#findCrowded(text)
  }

  /** Adds the short string that {@link find} has just not found. */
  add(text: string, hash: number, index: number): void {
    const slot = this.#freeSlot
    if (slot < 0) {
      this.#crowded.set(text, index)
      this.#mapped.push(text)
      return
    }
    const entry = this.#count++
    this.#slots[slot] = entry
    this.#slotOf[entry] = slot
    this.#hashes[entry] = hash
    this.#indexes[entry] = index
    this.#strings[entry] = text
    if (this.#count === this.#hashes.length) this.#grow()
  }

  /** The memo index of a long string, or -1. */
  findLong(text: string): number {
    return this.#long.size === 0 ? -1 : (this.#long.get(text) ?? -1)
  }

  addLong(text: string, index: number): void {
    this.#long.set(text, index)
    this.#mapped.push(text)
  }

  /** Forgets the strings from index `memoized` on. */
  truncate(memoized: number): void {
    // They came in this order; a place of a later one is free again.
    while (this.#count > 0 && (this.#indexes[this.#count - 1] as number) >= memoized) this.#strings[--this.#count] = ''
    for (let text = this.#mapped.at(-1); text !== undefined; text = this.#mapped.at(-1)) {
      const strings = text.length > TABLE_UNITS ? this.#long : this.#crowded
      if ((strings.get(text) as number) < memoized) break
      strings.delete(text)
      this.#mapped.pop()
    }
  }

  clear(): void {
    // The strings are the caller's: none is kept. A large table is let go.
    if (this.#hashes.length > 65_536) {
      this.#count = 0
      this.#allocate(512)
    } else {
      forget(this.#strings, this.#count, '')
      this.#count = 0
    }
    if (this.#long.size > 0) this.#long.clear()
    if (this.#crowded.size > 0) this.#crowded.clear()
    if (this.#mapped.length > 0) this.#mapped.length = 0
  }

  #findCrowded(text: string): number {
    return this.#crowded.size === 0 ? -1 : (this.#crowded.get(text) ?? -1)
  }

  #grow(): void {
    const hashes = this.#hashes
    const indexes = this.#indexes
    const strings = this.#strings
    const count = this.#count
    this.#count = 0
    this.#allocate(hashes.length * 2)
    for (let entry = 0; entry < count; entry++) {
      let slot = (hashes[entry] as number) & this.#mask
      while ((this.#slots[slot] as number) < this.#count && this.#slotOf[this.#slots[slot] as number] === slot) {
        slot = (slot + 1) & this.#mask
      }
      this.#freeSlot = slot
      this.add(strings[entry] as string, hashes[entry] as number, indexes[entry] as number)
    }
  }

  #allocate(entries: number): void {
    this.#mask = entries * 2 - 1
    this.#slots = new Int32Array(entries * 2)
    this.#hashes = new Int32Array(entries)
    this.#slotOf = new Int32Array(entries)
    this.#indexes = new Int32Array(entries)
    this.#strings = new Array<string>(entries).fill('')
  }
}

/** The hash of a short string that is not ASCII; the writer's own loop makes that of an ASCII string. */
export function hashUnits(text: string, seed: number): number {
  let hash = seed ^ 0x55
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995)
    hash ^= hash >>> 15
  }
  return hash
}
