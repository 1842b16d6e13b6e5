/**
 * Writes containers: lists, tuples, dicts, sets. The twin of CPython's `save` and `batch_*`.
 *
 * The graph may be as deep as the limit allows, so what is open stands on a stack of its own. A container first tries to write
 * itself by plain calls, which is fast; below `CALL_DEPTH` it is only put on the stack, everything returns, and the
 * loop in `saveRoot` goes on with the innermost one. Each step function can go on where it stopped.
 */
import { PyDict } from '../values/py-dict.ts'
import type { Tuple } from '../values/tuple.ts'
import { AtomWriter } from './atom-writer.ts'
import { fingerprint } from './fingerprint.ts'
import { forget } from './forget.ts'
import { DICT, FROZENSET, LIST, NO_ITEMS, Open, pathOf, SET, TUPLE } from './open-container.ts'

/** Containers that write themselves by calls; the rest waits on the stack. */
const CALL_DEPTH = 100
/** `_BATCHSIZE`: items of one APPENDS, SETITEMS or ADDITEMS. */
const BATCH = 1000

/** Looks at the keys of a Map, at even places from `base` to `top`; true if it would be read back as a plain object. */
export type KeyCheck = (pairs: readonly unknown[], base: number, top: number) => boolean

export abstract class GraphWriter extends AtomWriter {
  protected maxDepth = 0
  #opens: Open[] = []
  /** How many containers and objects are open. */
  protected top = 0
  /** Where the last run of numbers and strings ended. */
  #leaf = 0
  /** How many of `#opens` this dump has used. */
  #used = 0
  /** Keys and values of the dicts that are open: a copy, so that nothing that user code does shifts them. */
  readonly #pairs: unknown[] = []
  #pairsTop = 0
  /** Where `#pairs` was used, to let go of the values afterwards. */
  #pairsUsed = 0

  /** Whether a persistent id may stand for any value: then nothing is written without asking. */
  protected hooked = false
  /** Whether Object.prototype has enumerable properties, which are nobody's own. */
  protected polluted = false

  /** Writes any value; a container may be left on the stack for {@link saveRoot}. */
  protected abstract save(value: unknown, pos: number): number

  /** Goes on with an object: a reduce value, bare arguments, a persistent id. */
  protected abstract stepObject(open: Open, pos: number): number

  /** Throws that the value is nested too deep. */
  protected abstract failDepth(): never

  /** Writes a value and all that is in it. */
  protected saveRoot(value: unknown, start: number): number {
    let pos = this.save(value, start)
    while (this.top > 0) pos = this.#step(this.#opens[this.top - 1] as Open, pos)
    return pos
  }

  protected releaseGraph(): void {
    for (let i = 0; i < this.#used; i++) {
      const open = this.#opens[i] as Open
      open.object = null
      open.items = NO_ITEMS
      open.reduction = null
    }
    if (this.#used > 1000) this.#opens = []
    this.#used = 0
    this.top = 0
    if (this.#pairsUsed > 65_536) this.#pairs.length = 0
    else forget(this.#pairs, this.#pairsUsed, null)
    this.#pairsTop = 0
    this.#pairsUsed = 0
  }

  /** Where in the graph the writer is: `$.rows[3].key`. */
  protected path(): string {
    return pathOf(this.#opens.slice(0, this.top), this.#pairs)
  }

  /** Puts a container on the stack, with nothing of it written yet. */
  protected open(kind: number, object: object | null, items: readonly unknown[]): Open {
    if (this.top >= this.maxDepth) this.failDepth()
    let open = this.#opens[this.top]
    if (open === undefined) {
      open = new Open()
      this.#opens.push(open)
    }
    if (++this.top > this.#used) this.#used = this.top
    open.kind = kind
    open.object = object
    // The object was the last that the memo was asked for.
    open.slot = this.objects.slot
    open.items = items
    open.index = 0
    open.end = items.length
    open.stop = 0
    open.base = 0
    open.alone = false
    open.iterated = false
    open.single = false
    return open
  }

  #step(open: Open, pos: number): number {
    switch (open.kind) {
      case LIST:
        return this.#stepList(open, pos)
      case DICT:
        return this.#stepDict(open, pos)
      case TUPLE:
        return this.#stepTuple(open, pos)
      case SET:
        return this.#stepSet(open, pos)
      case FROZENSET:
        return this.#stepFrozenSet(open, pos)
      default:
        return this.stepObject(open, pos)
    }
  }

  /** Writes the container that was just opened, or leaves it to the loop. */
  protected enter(open: Open, pos: number): number {
    return this.top <= CALL_DEPTH ? this.#step(open, pos) : pos
  }

  /** The memo index of a container with these items, or -1: see {@link fingerprint}. */
  #find(object: object, items: readonly unknown[], first: number, end: number, step: number): number {
    const { objects } = this
    const index = objects.find(object, objects.settled ? 0 : fingerprint(items, first, end, step))
    // A container of numbers and strings is written without standing on the stack, where others are counted.
    if (index < 0 && this.top >= this.maxDepth) this.failDepth()
    return index
  }

  // --- lists

  protected saveList(list: readonly unknown[], pos: number): number {
    const index = this.#find(list, list, 0, list.length, 1)
    if (index >= 0) return this.get(index, pos)
    const { bytes } = this
    let at = pos
    if (this.proto === 0) {
      bytes[at] = 0x28 // MARK
      bytes[at + 1] = 0x6c // LIST
      at += 2
    } else bytes[at++] = 0x5d // EMPTY_LIST
    this.objects.assign(this.objects.slot, this.memoized)
    at = this.put(at)
    const { length } = list
    if (length < 2 || length > BATCH || this.proto === 0) return length === 0 ? at : this.openList(list, false, at)
    // One batch. Most lists hold only numbers and strings, and need not stand on the stack.
    this.bytes[at] = 0x28 // MARK
    at = this.#saveLeaves(list, 0, length, at + 1)
    if (this.#leaf < length) return this.#openFrom(LIST, list, list, at)
    at = this.tail(at)
    this.bytes[at] = 0x65 // APPENDS
    return at + 1
  }

  /** Puts a container on the stack whose items up to `#leaf` are written, behind their MARK if there is one. */
  #openFrom(kind: number, object: object, items: readonly unknown[], pos: number): number {
    const open = this.open(kind, object, items)
    open.index = this.#leaf
    open.stop = items.length
    return this.enter(open, pos)
  }

  protected openList(items: readonly unknown[], iterated: boolean, pos: number): number {
    const open = this.open(LIST, null, items)
    open.alone = this.proto === 0 || (items.length === 1 && !iterated)
    open.iterated = iterated
    return this.enter(open, pos)
  }

  #stepList(open: Open, start: number): number {
    const depth = this.top
    let pos = start
    for (;;) {
      pos = this.saveItems(open, pos)
      if (this.top !== depth) return pos
      if (open.stop > 0) this.bytes[pos++] = open.single ? 0x61 : 0x65 // APPEND, APPENDS
      if (open.index === open.end) break
      pos = this.#startBatch(open, BATCH, pos)
    }
    this.top--
    return pos
  }

  /** Saves items up to `stop`, or up to a container that waits on the stack: then `#top` is higher than before. */
  protected saveItems(open: Open, start: number): number {
    const { items, stop } = open
    const depth = this.top
    let pos = start
    for (;;) {
      pos = this.#saveLeaves(items, open.index, stop, pos)
      if (this.#leaf === stop) break
      open.index = this.#leaf + 1
      pos = this.save(items[this.#leaf], pos)
      if (this.top !== depth) return pos
    }
    open.index = stop
    return this.tail(pos)
  }

  /**
   * Saves the items from `index` on that are no objects; `#leaf` is then the first other item, or `stop`.
   * Without the way through `save`, a list of floats is 1.8 times faster, one of ints 1.1.
   */
  #saveLeaves(items: readonly unknown[], index: number, stop: number, start: number): number {
    let pos = start
    let at = this.hooked ? stop + 1 : index
    for (; at < stop; at++) {
      const item = items[at]
      if (typeof item === 'number') {
        if (pos > this.limit) pos = this.boundary(pos)
        pos = this.saveNumber(item, pos)
      } else if (typeof item === 'string') {
        if (pos > this.limit) pos = this.boundary(pos)
        pos = this.saveStr(item, pos)
      } else if (item === null || typeof item === 'boolean') {
        if (pos > this.limit) pos = this.boundary(pos)
        pos = this.saveConstant(item, pos)
      } else break
    }
    this.#leaf = at > stop ? index : at
    return pos
  }

  /** Begins the next batch of `size` items (a dict's: keys and values). */
  #startBatch(open: Open, size: number, pos: number): number {
    const left = open.end - open.index
    const one = size / BATCH
    open.single = open.alone || (open.iterated && left === one)
    open.stop = open.index + (open.single ? one : Math.min(left, size))
    if (open.single) return pos
    this.bytes[pos] = 0x28 // MARK
    return pos + 1
  }

  /** Room for the closing opcodes of containers: no save stands between them that would look. */
  protected tail(pos: number): number {
    return pos > this.limit ? this.room(pos, 0) : pos
  }

  // --- dicts

  /** A plain object: its own enumerable string keys, in their order. */
  protected saveObjectDict(object: object, pos: number): number {
    const base = this.#pairsTop
    const pairs = this.#pairs
    let top = base
    // `for in` with its own `object[key]` is 15 to 30 % faster than `Object.keys`.
    for (const key in object) {
      if (this.polluted && !Object.hasOwn(object, key)) continue
      pairs[top] = key
      pairs[top + 1] = (object as Record<string, unknown>)[key]
      top += 2
    }
    this.#noteUse(top)
    return this.#saveDict(object, base, top, pos)
  }

  /** A Map or a PyDict. Null as `check` where its keys are known to be distinct in Python. */
  protected saveMapDict(map: ReadonlyMap<unknown, unknown> | PyDict, check: KeyCheck | null, pos: number): number {
    const base = this.#pairsTop
    const pairs = this.#pairs
    let top = base
    if (map instanceof PyDict) {
      map.forEach((value, key) => {
        pairs[top] = key
        pairs[top + 1] = value
        top += 2
      })
    } else {
      // Twice over it, because `for (const [key, value] of map)` makes an array for each entry: 7 ns an entry, not 10.
      for (const key of map.keys()) {
        pairs[top] = key
        top += 2
      }
      top = base
      for (const value of map.values()) {
        pairs[top + 1] = value
        top += 2
      }
    }
    this.#noteUse(top)
    if (check === null || !check(pairs, base, top)) return this.#saveDict(map, base, top, pos)
    return this.saveDictCall(map, pairs.slice(base, top), pos)
  }

  /** Right after the stack of pairs was written to, whatever becomes of them: so {@link releaseGraph} lets go of all. */
  #noteUse(top: number): void {
    if (top > this.#pairsUsed) this.#pairsUsed = top
  }

  /** A Map that would be read back as a plain object: written as a call. */
  protected abstract saveDictCall(map: object, pairs: readonly unknown[], pos: number): number

  #saveDict(object: object, base: number, top: number, pos: number): number {
    const index = this.#find(object, this.#pairs, base + 1, top, 2)
    if (index >= 0) return this.get(index, pos)
    const { bytes } = this
    let at = pos
    if (this.proto === 0) {
      bytes[at] = 0x28 // MARK
      bytes[at + 1] = 0x64 // DICT
      at += 2
    } else bytes[at++] = 0x7d // EMPTY_DICT
    this.objects.assign(this.objects.slot, this.memoized)
    at = this.put(at)
    const size = top - base
    if (size <= 2 || size >= 2 * BATCH || this.proto === 0) return this.#openDict(base, top, false, at)
    // One batch, as in `saveList`.
    this.bytes[at] = 0x28 // MARK
    this.startKeys()
    at = this.#savePairLeaves(base, top, at + 1)
    if (this.#leaf < top) {
      const open = this.#openPairs(base, top)
      open.index = this.#leaf
      open.stop = top
      return this.enter(open, at)
    }
    at = this.tail(at)
    this.bytes[at] = 0x75 // SETITEMS
    return at + 1
  }

  #openDict(base: number, top: number, iterated: boolean, pos: number): number {
    if (top === base) return pos
    const open = this.#openPairs(base, top)
    open.alone = this.proto === 0 || (top - base === 2 && !iterated)
    open.iterated = iterated
    return this.enter(open, pos)
  }

  #openPairs(base: number, top: number): Open {
    this.#pairsTop = top
    const open = this.open(DICT, null, NO_ITEMS)
    open.base = base
    open.index = base
    open.stop = base
    open.end = top
    return open
  }

  #stepDict(open: Open, start: number): number {
    const depth = this.top
    let pos = start
    for (;;) {
      pos = this.#savePairs(open, pos)
      if (this.top !== depth) return pos
      if (open.stop > open.base) this.bytes[pos++] = open.single ? 0x73 : 0x75 // SETITEM, SETITEMS
      if (open.index === open.end) break
      pos = this.#startBatch(open, 2 * BATCH, pos)
    }
    // The C pickler looks for a next batch whenever the last one was full, and finds it empty.
    if (!open.alone && !open.iterated && (open.end - open.base) % (2 * BATCH) === 0) {
      this.bytes[pos++] = 0x28 // MARK
      this.bytes[pos++] = 0x75 // SETITEMS
    }
    this.#pairsTop = open.base
    this.top--
    return pos
  }

  #savePairs(open: Open, start: number): number {
    const { stop } = open
    const depth = this.top
    let pos = start
    this.startKeys()
    for (;;) {
      pos = this.#savePairLeaves(open.index, stop, pos)
      if (this.#leaf === stop) break
      open.index = this.#leaf + 1
      const key = this.lastKey
      pos = this.save(this.#pairs[this.#leaf], pos)
      if (this.top !== depth) return pos
      this.lastKey = key
    }
    open.index = stop
    return this.tail(pos)
  }

  /** As {@link #saveLeaves}, for keys, at even places, and values. */
  #savePairLeaves(index: number, stop: number, start: number): number {
    const pairs = this.#pairs
    let pos = start
    let at = this.hooked ? stop + 1 : index
    for (; at < stop; at++) {
      const item = pairs[at]
      if (typeof item === 'string') {
        if (pos > this.limit) pos = this.boundary(pos)
        pos = (at & 1) === 0 ? this.saveKey(item, pos) : this.saveStr(item, pos)
      } else if (typeof item === 'number') {
        if (pos > this.limit) pos = this.boundary(pos)
        pos = this.saveNumber(item, pos)
      } else if (item === null || typeof item === 'boolean') {
        if (pos > this.limit) pos = this.boundary(pos)
        pos = this.saveConstant(item, pos)
      } else break
    }
    this.#leaf = at > stop ? index : at
    return pos
  }

  // --- tuples and sets

  protected saveTuple(tuple: Tuple, pos: number): number {
    const { length } = tuple
    if (length === 0) return this.#emptyTuple(pos)
    const index = this.#find(tuple, tuple, 0, length, 1)
    if (index >= 0) return this.get(index, pos)
    const { slot } = this.objects
    let at = pos
    if (this.proto < 2 || length > 3) this.bytes[at++] = 0x28 // MARK
    at = this.#saveLeaves(tuple, 0, length, at)
    this.objects.slot = slot
    return this.#leaf < length ? this.#openFrom(TUPLE, tuple, tuple, at) : this.#endTuple(length, slot, this.tail(at))
  }

  #emptyTuple(pos: number): number {
    if (this.top >= this.maxDepth) this.failDepth()
    if (this.proto > 0) {
      this.bytes[pos] = 0x29 // EMPTY_TUPLE
      return pos + 1
    }
    this.bytes[pos] = 0x28 // MARK
    this.bytes[pos + 1] = 0x74 // TUPLE
    return pos + 2
  }

  #stepTuple(open: Open, start: number): number {
    const depth = this.top
    const pos = this.saveItems(open, start)
    if (this.top !== depth) return pos
    this.top--
    return this.#endTuple(open.end, open.slot, pos)
  }

  #endTuple(length: number, slot: number, pos: number): number {
    const short = this.proto >= 2 && length <= 3
    // A tuple that contains itself was written, and memoized, by its own items: what stands on the stack is thrown away.
    const index = this.objects.indexAt(slot)
    if (index >= 0) return this.get(index, this.#discard(short ? length : -length, pos))
    this.bytes[pos] = short ? 0x84 + length : 0x74 // TUPLE1 to TUPLE3, TUPLE
    this.objects.assign(slot, this.memoized)
    return this.put(pos + 1)
  }

  /** Takes items off the unpickling stack: that many, or, if negative, that many above a MARK, with it. */
  #discard(count: number, start: number): number {
    if (count < 0 && this.proto > 0) {
      this.bytes[start] = 0x31 // POP_MARK
      return start + 1
    }
    const pops = count < 0 ? 1 - count : count
    const pos = this.room(start, pops)
    this.bytes.fill(0x30, pos, pos + pops) // POP
    return pos + pops
  }

  /** A set at protocol 4 and above. */
  protected saveSet(set: object, items: readonly unknown[], pos: number): number {
    const index = this.#find(set, items, 0, items.length, 1)
    if (index >= 0) return this.get(index, pos)
    this.bytes[pos] = 0x8f // EMPTY_SET
    this.objects.assign(this.objects.slot, this.memoized)
    const at = this.put(pos + 1)
    if (items.length === 0) return at
    return this.enter(this.open(SET, null, items), at)
  }

  #stepSet(open: Open, start: number): number {
    const depth = this.top
    let pos = start
    for (;;) {
      pos = this.saveItems(open, pos)
      if (this.top !== depth) return pos
      if (open.stop > 0) this.bytes[pos++] = 0x90 // ADDITEMS
      if (open.index === open.end) break
      pos = this.#startBatch(open, BATCH, pos)
    }
    if (open.end % BATCH === 0) {
      // As for dicts: an empty batch after a full one.
      this.bytes[pos++] = 0x28 // MARK
      this.bytes[pos++] = 0x90 // ADDITEMS
    }
    this.top--
    return pos
  }

  /** A frozenset at protocol 4 and above. */
  protected saveFrozenSet(set: Iterable<unknown> & object, pos: number): number {
    const items = [...set]
    const index = this.#find(set, items, 0, items.length, 1)
    if (index >= 0) return this.get(index, pos)
    const open = this.open(FROZENSET, set, items)
    open.stop = items.length
    this.bytes[pos] = 0x28 // MARK
    return this.enter(open, pos + 1)
  }

  #stepFrozenSet(open: Open, start: number): number {
    const depth = this.top
    const pos = this.saveItems(open, start)
    if (this.top !== depth) return pos
    this.top--
    const index = this.objects.indexAt(open.slot)
    if (index >= 0) return this.get(index, this.#discard(-1, pos))
    this.bytes[pos] = 0x91 // FROZENSET
    this.objects.assign(open.slot, this.memoized)
    return this.put(pos + 1)
  }

  protected openItems(flat: readonly unknown[], pos: number): number {
    const base = this.#pairsTop
    for (let i = 0; i < flat.length; i++) this.#pairs[base + i] = flat[i]
    this.#noteUse(base + flat.length)
    return this.#openDict(base, base + flat.length, true, pos)
  }
}
