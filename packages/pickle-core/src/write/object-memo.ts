/**
 * The memo of containers and objects, by identity.
 *
 * The largest single cost of a dump of many objects, because only the engine's own Map and Set know an object's identity, at about
 * 100 ns each once there are thousands. Most containers do not need it: a table of our own holds the first object of each
 * fingerprint, and an object whose fingerprint is not there was never here before (10 ns). The others are scanned while they are few,
 * then kept in a Set, where one `add` tells by the size whether the object is new; with the first that is not, in a Map.
 *
 * A fingerprint needs containers that stay as they are. So before user code runs, {@link settle} gives up on it.
 *
 * An object is entered when its writing starts, and gets its index when CPython's memo would: a tuple after its items.
 */

import { forget } from './forget.ts'

/** A larger memo is let go after the dump. */
const KEEP = 65_536
const ENTRIES = 512
/** Twice as many places as entries. */
const BITS = 10
/** Objects without a place of their own that are scanned. */
const SCAN = 32

/** What an object that was entered and has no index yet has in its place. */
const PENDING = -1
const NO_PLACE = -1

/** Memo indexes by object. */
export class ObjectMemo {
  /** Where the object that {@link find} entered stands; {@link assign} takes it. */
  slot = 0
  #count = 0
  /** Whoever made the data must not be able to choose the places. */
  readonly #secret: number = (Math.random() * 0x1_0000_0000) | 0 | 1
  #bits = BITS
  // Open addressing; a place counts as free unless the entry that it names points back, so nothing is cleared between dumps.
  #places: Int32Array = new Int32Array(1 << BITS)
  #placeOf: Int32Array = new Int32Array(ENTRIES)
  #prints: Int32Array = new Int32Array(ENTRIES)
  #indexes: Int32Array = new Int32Array(ENTRIES)
  #objects: (object | null)[] = new Array<object | null>(ENTRIES).fill(null)
  /** Slots of the objects that have no place; the first ones. */
  readonly #others: Int32Array = new Int32Array(SCAN)
  #otherCount = 0
  #seen: Set<object> | undefined
  #slots: Map<object, number> | undefined
  /** Whether fingerprints tell nothing any more. */
  settled = false

  /** The memo index of an object; -1 if it has none, and it is entered. */
  find(object: object, print: number): number {
    if (this.settled) return this.#findOther(object)
    const count = this.#count
    const mask = this.#places.length - 1
    let place = Math.imul(print, this.#secret) >>> (32 - this.#bits)
    for (;;) {
      const entry = this.#places[place] as number
      if (entry >= count || this.#placeOf[entry] !== place) break
      if (this.#prints[entry] === print) {
        if (this.#objects[entry] !== object) return this.#findOther(object)
        this.slot = entry
        return this.#indexes[entry] as number
      }
      place = (place + 1) & mask
    }
    this.#places[place] = count
    this.#prints[count] = print
    return this.#enter(object, place)
  }

  /** The index of an entered object, or -1. */
  indexAt(slot: number): number {
    return this.#indexes[slot] as number
  }

  /** Gives its index to an entered object. */
  assign(slot: number, index: number): void {
    this.#indexes[slot] = index
  }

  /** From here on containers may change while they are written: fingerprints tell nothing any more. */
  settle(): void {
    if (this.settled) return
    this.settled = true
    this.#seen = undefined
    this.#slots = undefined
    this.#otherCount = 0
    for (let slot = 0; slot < this.#count; slot++) {
      this.#placeOf[slot] = NO_PLACE
      this.#addOther(this.#objects[slot] as object, slot)
    }
  }

  /** How many objects were entered. */
  get size(): number {
    return this.#count
  }

  /** Forgets all objects but the first `size`, and all indexes from `memoized` on. Fingerprints must have been given up. */
  truncate(size: number, memoized: number): void {
    for (let slot = size; slot < this.#count; slot++) {
      const object = this.#objects[slot] as object
      this.#objects[slot] = null
      this.#seen?.delete(object)
      this.#slots?.delete(object)
      this.#otherCount--
    }
    this.#count = size
    for (let slot = 0; slot < size; slot++) {
      if ((this.#indexes[slot] as number) >= memoized) this.#indexes[slot] = PENDING
    }
  }

  clear(): void {
    if (this.#objects.length > KEEP) this.#allocate(ENTRIES)
    else forget(this.#objects, this.#count, null)
    this.#count = 0
    this.#otherCount = 0
    this.#seen = undefined
    this.#slots = undefined
    this.settled = false
  }

  #enter(object: object, place: number): number {
    const slot = this.#count++
    this.#placeOf[slot] = place
    this.#indexes[slot] = PENDING
    this.#objects[slot] = object
    this.slot = slot
    if (this.#count === this.#objects.length) this.#grow()
    return PENDING
  }

  #findOther(object: object): number {
    let slot = this.#slots?.get(object)
    if (slot === undefined && this.#slots === undefined) {
      if (this.#seen === undefined) slot = this.#scan(object)
      else if (this.#seen.add(object).size > this.#otherCount) {
        this.#otherCount++
        return this.#enter(object, NO_PLACE)
      } else {
        this.#slots = new Map()
        for (let i = 0; i < this.#count; i++) {
          if (this.#placeOf[i] === NO_PLACE) this.#slots.set(this.#objects[i] as object, i)
        }
        slot = this.#slots.get(object)
      }
    }
    if (slot !== undefined) {
      this.slot = slot
      return this.#indexes[slot] as number
    }
    this.#addOther(object, this.#count)
    return this.#enter(object, NO_PLACE)
  }

  #scan(object: object): number | undefined {
    for (let i = this.#otherCount - 1; i >= 0; i--) {
      const slot = this.#others[i] as number
      if (this.#objects[slot] === object) return slot
    }
    return undefined
  }

  #addOther(object: object, slot: number): void {
    const count = this.#otherCount++
    if (this.#slots !== undefined) this.#slots.set(object, slot)
    else if (this.#seen !== undefined) this.#seen.add(object)
    else if (count < SCAN) this.#others[count] = slot
    else {
      this.#seen = new Set([object])
      for (let i = 0; i < SCAN; i++) this.#seen.add(this.#objects[this.#others[i] as number] as object)
    }
  }

  /** Twice the places; entries without one stay without. */
  #grow(): void {
    const count = this.#count
    const [placeOf, prints, indexes, objects] = [this.#placeOf, this.#prints, this.#indexes, this.#objects]
    this.#allocate(count * 2)
    this.#prints.set(prints)
    this.#indexes.set(indexes)
    this.#placeOf.fill(NO_PLACE)
    const mask = this.#places.length - 1
    for (let entry = 0; entry < count; entry++) {
      this.#objects[entry] = objects[entry] as object
      if (placeOf[entry] === NO_PLACE) continue
      let place = Math.imul(prints[entry] as number, this.#secret) >>> (32 - this.#bits)
      // Entries so far are those below this one.
      for (let other = this.#places[place] as number; other < entry && this.#placeOf[other] === place; ) {
        place = (place + 1) & mask
        other = this.#places[place] as number
      }
      this.#places[place] = entry
      this.#placeOf[entry] = place
    }
  }

  #allocate(entries: number): void {
    this.#bits = 32 - Math.clz32(entries)
    this.#places = new Int32Array(entries * 2)
    this.#placeOf = new Int32Array(entries)
    this.#prints = new Int32Array(entries)
    this.#indexes = new Int32Array(entries)
    this.#objects = new Array<object | null>(entries).fill(null)
  }
}
