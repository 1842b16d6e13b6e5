/** The state of one load besides what the opcode loop holds in its own variables: input, memo, budgets, and the slow parts. */

import { KeyTable } from '../values/key-table.ts'
import { MAX_HASHED_UNITS } from '../values/long-string-map.ts'
import { checkDepth } from './depth.ts'
import { hasPlainPrototype } from './dict-builder.ts'
import { fail, failLimit } from './failures.ts'
import { KeyCache } from './key-cache.ts'
import type { DictKind, LoadSettings } from './load-options.ts'
import { ENGINE_MAX_ENTRIES, NativeKeys } from './native-keys.ts'
import { ObjectBuilder } from './object-builder.ts'
import { ObjectShapes } from './object-shapes.ts'
import { OutOfBand } from './out-of-band.ts'
import { Placeholder, UndecidedDict } from './placeholder.ts'
import { LONG_TEXT } from './text.ts'

/** 256 keys of one length are compared 33,000 times: 13 ns for each of their bytes. */
const MAX_LONG_KEYS = 256

/** What one load leaves for the next: names, and no values. */
export class LoadCache {
  readonly keys: KeyCache = new KeyCache()
  readonly shapes: ObjectShapes = new ObjectShapes()
}

/** One unpickling machine; `execute` runs it. */
export class Machine {
  readonly settings: LoadSettings
  readonly cache: LoadCache
  bytes: Uint8Array
  /** Where the next opcode lies; after a load, where the pickle ended. */
  pos: number
  /** The length of `bytes`: user code may detach them, and then it is no longer theirs. */
  inputEnd: number
  /** Offset in the whole input of the first of `bytes`. */
  origin: number
  readonly dicts: DictKind
  /** Strings of more bytes are long: one call decodes them, after a look at the limit. */
  readonly longText: number
  plainPrototype: boolean
  /** Memo indexes 0 to memoSize - 1; nearly every pickle has no others. */
  memo: unknown[]
  memoSize = 0
  /** Memo entries at indexes beyond. */
  sparse: Map<number, unknown> | undefined = undefined
  /** Containers that were met again; each can make a path through the value longer than the nesting shows. */
  objectGets = 0
  maxNest = 0
  items = 0
  nativeKeys: NativeKeys | undefined = undefined
  /** Strings of more than 16,383 units that were read: only if there are any, keys need a look. */
  longTexts = 0
  #longKeys = 0
  #copies = 0
  #keyTable: KeyTable | undefined = undefined
  /** Part of the input as latin-1 text, from which short strings are cut. */
  chunk = ''
  chunkStart = 0
  chunkEnd = 0
  undecided: UndecidedDict[] | undefined = undefined
  #view: DataView | undefined = undefined
  #objects: ObjectBuilder | undefined = undefined
  #buffers: OutOfBand | undefined = undefined

  constructor(settings: LoadSettings, cache: LoadCache, bytes: Uint8Array, origin: number) {
    this.settings = settings
    this.cache = cache
    cache.keys.begin()
    this.bytes = bytes
    this.memo = newMemo(bytes.length)
    this.pos = 0
    this.inputEnd = bytes.length
    this.origin = origin
    this.dicts = settings.dicts
    this.longText = Math.min(LONG_TEXT, settings.limits.maxStringBytes)
    this.plainPrototype = hasPlainPrototype(bytes.length)
  }

  get view(): DataView {
    this.#view ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    return this.#view
  }

  /** Globals and the objects that are built of them. */
  get objects(): ObjectBuilder {
    this.#objects ??= new ObjectBuilder(this)
    return this.#objects
  }

  /** The same, or undefined while no global was met. */
  get objectsIfAny(): ObjectBuilder | undefined {
    return this.#objects
  }

  /** The out-of-band buffers. */
  get buffers(): OutOfBand {
    this.#buffers ??= new OutOfBand(this)
    return this.#buffers
  }

  /**
   * Python's key equality for the dicts and sets of one load. They share it: what is nested in many keys is looked at once, so
   * that frozensets in frozensets cost no more than their length.
   */
  get keyTable(): KeyTable {
    if (this.#keyTable === undefined) {
      this.#keyTable = new KeyTable()
      this.#keyTable.beginLoad(this.#maxKeyWork)
    }
    return this.#keyTable
  }

  /** Digits and characters of large keys that a load looks at: those of its input, some times over. */
  get #maxKeyWork(): number {
    return 64 * (this.inputEnd + this.settings.limits.maxIntBytes)
  }

  /** A key that is none, or too large to be looked at so often. */
  failUnhashable(what: string, at: number): never {
    if (!this.keyTable.isExhausted) fail(this, at, 'unhashable', { found: what })
    failLimit(this, at, 'maxIntBytes', 'what large keys cost', this.#maxKeyWork)
  }

  /** Python's key equality for native Maps and Sets. */
  keys(): NativeKeys {
    this.nativeKeys ??= new NativeKeys(this)
    return this.nativeKeys
  }

  /** Checks that the memory of the input is as it was: after each call of user code. */
  checkInput(at: number): void {
    if (this.bytes.length !== this.inputEnd) fail(this, at, 'input-changed', undefined)
  }

  /** Counts items that go into containers. */
  addItems(count: number, at: number): void {
    this.items += count
    const { maxItems } = this.settings.limits
    if (this.items > maxItems) failLimit(this, at, 'maxItems', this.items, maxItems)
  }

  /**
   * Counts what calls copy out of their arguments, 1 a byte and 8 an item: a pickle can give one large argument to many calls, at five
   * bytes each. No pickler shares what these calls copy, so files stay far below.
   */
  addCopies(units: number, at: number): void {
    this.#copies += units
    const max = 32 * this.inputEnd + Math.floor(this.settings.limits.maxItems / 128)
    if (this.#copies > max) failLimit(this, at, 'maxItems', this.#copies, max)
  }

  /**
   * Counts keys of native containers that are very long strings, each time that one is used: V8 tells those of one length apart only
   * by comparing them all.
   */
  countLongKeys(items: readonly unknown[], from: number, to: number, step: number, at: number): void {
    if (this.settings.exact) return
    for (let i = from; i < to; i += step) {
      const key = items[i]
      if (typeof key === 'string' && key.length > MAX_HASHED_UNITS && ++this.#longKeys > MAX_LONG_KEYS) {
        const what = `one load takes at most ${MAX_LONG_KEYS} keys of more than ${MAX_HASHED_UNITS} characters`
        fail(this, at, 'native-key', { what })
      }
    }
  }

  /** Bounds a hash table by what the engine can hold. */
  checkEntries(size: number, at: number): void {
    if (size > ENGINE_MAX_ENTRIES) failLimit(this, at, 'maxItems', size, ENGINE_MAX_ENTRIES)
  }

  /** Other bytes, of the same session. */
  setInput(bytes: Uint8Array, origin: number): void {
    this.bytes = bytes
    this.inputEnd = bytes.length
    this.origin = origin
    this.pos = 0
    this.chunkStart = this.chunkEnd = 0
    this.#view = undefined
    this.plainPrototype = hasPlainPrototype(bytes.length)
  }

  /** Before each pickle of a session: its budgets are its own. What a kept memo holds, keeps its makers and its keys. */
  begin(keepMemo: boolean): void {
    this.items = 0
    this.#longKeys = 0
    this.#copies = 0
    this.cache.keys.begin()
    this.#keyTable?.beginLoad(this.#maxKeyWork)
    if (keepMemo) {
      this.#objects?.begin()
      return
    }
    this.nativeKeys = undefined
    this.#keyTable = undefined
    this.#objects = undefined
  }

  /** Forgets the memo, and text of the input. */
  clearMemo(): void {
    this.memo = []
    this.memoSize = 0
    this.sparse = undefined
    this.objectGets = 0
    this.maxNest = 0
    this.undecided = undefined
    this.nativeKeys = undefined
    this.#keyTable = undefined
    this.#objects = undefined
    this.chunk = ''
    this.chunkStart = this.chunkEnd = 0
  }

  /** The index that MEMOIZE gives: the number of entries, as in CPython. */
  get nextIndex(): number {
    return this.memoSize + (this.sparse?.size ?? 0)
  }

  /** PUT and its like: sets any index. `memoSize` may grow. */
  put(index: number, value: unknown): void {
    const { sparse } = this
    if (index < this.memoSize) this.memo[index] = value
    else if (index === this.memoSize) {
      sparse?.delete(index)
      this.memo[this.memoSize++] = value
    } else {
      this.sparse ??= new Map()
      this.sparse.set(index, value)
    }
  }

  /** The memo entry at an index that is not dense. */
  getSparse(index: number, at: number): unknown {
    if (!this.sparse?.has(index)) fail(this, at, 'memo-missing', { index })
    return this.sparse.get(index)
  }

  /** What PUT stores for the value on top of the stack, which may be a dict that is not decided yet. */
  memoValue(value: unknown, slot: number, index: number): unknown {
    const top = this.#undecidedAt(slot)
    if (top === undefined || top.object !== value) return value
    if (top.index >= 0) {
      top.referenced = true
      return value
    }
    top.index = index
    return top
  }

  /** Takes note of a dict without keys, in a slot of the stack; `auto` alone leaves it undecided. */
  addUndecided(object: object, slot: number): void {
    if (this.dicts !== 'auto') return
    this.undecided ??= []
    this.#undecidedAt(slot - 1)
    this.undecided.push(new UndecidedDict(object, slot))
  }

  /** Takes note of dicts without keys that were made together, the topmost first; other such dicts may lie between them. */
  insertUndecided(dicts: readonly UndecidedDict[]): void {
    const lowest = dicts.at(-1)
    if (lowest === undefined) return
    this.undecided ??= []
    let from = this.undecided.length
    while (from > 0 && (this.undecided[from - 1] as UndecidedDict).slot >= lowest.slot) from--
    const above = this.undecided.splice(from)
    let i = 0
    for (let k = dicts.length - 1; k >= 0; k--) {
      const dict = dicts[k] as UndecidedDict
      for (; i < above.length && (above[i] as UndecidedDict).slot <= dict.slot; i++) {
        const other = above[i] as UndecidedDict
        // What was noted for the same slot is gone from there.
        if (other.slot === dict.slot) this.#settle(other)
        else this.undecided.push(other)
      }
      this.undecided.push(dict)
    }
    for (; i < above.length; i++) this.undecided.push(above[i] as UndecidedDict)
  }

  /** The note on the dict in a slot, if it has one. Drops those above: their dicts went into some value, or are gone. */
  #undecidedAt(slot: number): UndecidedDict | undefined {
    const { undecided } = this
    if (undecided === undefined) return undefined
    let top = undecided.at(-1)
    while (top !== undefined && top.slot > slot) {
      this.#settle(top)
      undecided.pop()
      top = undecided.at(-1)
    }
    return top !== undefined && top.slot === slot ? top : undefined
  }

  /** From now on the memo holds the dict itself. */
  #settle(dict: UndecidedDict): void {
    dict.referenced = true
    if (dict.index < 0) return
    if (dict.index < this.memoSize) {
      if (this.memo[dict.index] === dict) this.memo[dict.index] = dict.object
    } else if (this.sparse?.get(dict.index) === dict) this.sparse.set(dict.index, dict.object)
  }

  /** What a GET of a placeholder gives, other than a pending container. */
  getPlaceholder(value: Placeholder, at: number): unknown {
    if (!(value instanceof UndecidedDict)) fail(this, at, 'callee', { found: 'a partial that is not called at once' })
    this.#settle(value)
    return value.object
  }

  /** DUP of the value in a slot. */
  duplicate(value: unknown, slot: number, at: number): unknown {
    if (value instanceof Placeholder) return this.getPlaceholder(value, at)
    const dict = this.#undecidedAt(slot)
    if (dict !== undefined) this.#settle(dict)
    return value
  }

  /**
   * A plain object without keys, in a slot of the stack, gets a first key that does not fit: the Map that takes its place,
   * or undefined if something refers to the object already.
   */
  replaceUndecided(object: object, slot: number): Map<unknown, unknown> | undefined {
    const dict = this.#undecidedAt(slot)
    if (dict === undefined || dict.object !== object || dict.referenced || Object.keys(object).length > 0) {
      return undefined
    }
    const map = new Map<unknown, unknown>()
    if (dict.index >= 0) {
      if (dict.index < this.memoSize) {
        if (this.memo[dict.index] === dict) this.memo[dict.index] = map
      } else if (this.sparse?.get(dict.index) === dict) this.sparse.set(dict.index, map)
    }
    dict.referenced = true
    return map
  }

  /** At STOP, with the value and a bound of its depth without what came from the memo. */
  finish(value: unknown, nest: number, at: number): void {
    this.#undecidedAt(-1)
    this.#objects?.finish(at)
    this.#keyTable?.endLoad()
    const { maxDepth } = this.settings.limits
    this.maxNest = Math.max(this.maxNest, nest)
    if (this.maxNest * (this.objectGets + 1) > maxDepth) checkDepth(this, value, maxDepth, at)
  }
}

/**
 * A memo with room for what a pickle of this size memoizes, as a rule: an array that grows with each load makes V8 give up its optimised
 * code ("failed to grow elements store"; records load 1.1 to 1.3 times as fast with it). Never more than half of the input's own size.
 */
function newMemo(size: number): unknown[] {
  return size < 4096 ? [] : new Array(Math.min(size >> 4, MEMO_ROOM))
}

/** Larger memos grow. */
const MEMO_ROOM = 100_000
