/**
 * Where two values differ: by class, own fields, items, bytes, and by who is shared with whom. Cycles end.
 *
 * What is one value to Python is equal here, under either mapping: a plain object, a Map and a PyDict with the same entries; `1`
 * and `1n`; `1.5` and `new Float(1.5)`; a PickleBuffer, and the bytes or bytearray that it becomes in band.
 */
import { ByteArray } from '../values/byte-array.ts'
import { Float } from '../values/float.ts'
import { FrozenSet } from '../values/frozen-set.ts'
import { isArrayBuffer, PickleBuffer } from '../values/pickle-buffer.ts'
import { PyDict } from '../values/py-dict.ts'
import { PySet } from '../values/py-set.ts'

/** A value taken apart. */
interface Parts {
  /** What it is; two of different kinds differ. */
  readonly kind: unknown
  readonly parts: readonly (readonly [label: string, value: unknown])[]
  /** Whether it matters which of them it is. */
  readonly shared: boolean
}

/** One step of the way to a part. */
interface Path {
  readonly up: Path | undefined
  readonly label: string
}

/**
 * Where `found` is not what `expected` is, in one line; undefined if it is.
 *
 * @param isAlike what else is the same, of two values without parts.
 */
export function difference(
  found: unknown,
  expected: unknown,
  isAlike?: (left: unknown, right: unknown) => boolean,
): string | undefined {
  const twins = new Map<object, object>()
  const back = new Map<object, object>()
  const todo: (readonly [Path | undefined, unknown, unknown])[] = [[undefined, found, expected]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [path, left, right] = next
    const mine = partsOf(left)
    const theirs = partsOf(right)
    if (mine === undefined || theirs === undefined) {
      if (mine === theirs && (isSameAtom(left, right) || isAlike?.(left, right) === true)) continue
      return `${placeOf(path)} is ${describe(left)}, not ${describe(right)}`
    }
    if (mine.kind !== theirs.kind) return `${placeOf(path)} is ${describe(left)}, not ${describe(right)}`
    if (mine.shared && theirs.shared) {
      const [twin, other] = [twins.get(left as object), back.get(right as object)]
      if (twin !== undefined || other !== undefined) {
        if (twin === right && other === left) continue
        const once = twin !== undefined ? 'is one object with another part, which the sample has twice' : ''
        return `${placeOf(path)} ${once || 'is an object of its own, where the sample has one object in two places'}`
      }
      twins.set(left as object, right as object)
      back.set(right as object, left as object)
    }
    const inOrder: (readonly [Path | undefined, unknown, unknown])[] = []
    for (let i = 0; i < Math.max(mine.parts.length, theirs.parts.length); i++) {
      const [a, b] = [mine.parts[i], theirs.parts[i]]
      if (a?.[0] !== b?.[0]) return misplaced(path, mine, theirs)
      if (a !== undefined && b !== undefined) inOrder.push([{ up: path, label: a[0] }, a[1], b[1]])
    }
    // The first difference is the one that is told.
    for (let i = inOrder.length - 1; i >= 0; i--) todo.push(inOrder[i] as (typeof inOrder)[number])
  }
  return undefined
}

/** A value as lines: equal before and after, if nothing in it changed. */
export function snapshotOf(value: unknown): string[] {
  const numbers = new Map<object, number>()
  const lines: string[] = []
  const todo: (readonly [Path | undefined, unknown])[] = [[undefined, value]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [path, part] = next
    const known = numbers.get(part as object)
    if (known !== undefined) {
      lines.push(`${placeOf(path)} is object ${known}`)
      continue
    }
    const taken = partsOf(part)
    lines.push(`${placeOf(path)} is ${describe(part)}`)
    if (taken === undefined) continue
    numbers.set(part as object, numbers.size)
    for (const [label, inner] of taken.parts) todo.push([{ up: path, label }, inner])
  }
  return lines
}

function misplaced(path: Path | undefined, mine: Parts, theirs: Parts): string {
  const labels = (side: Parts): Set<string> => new Set(side.parts.map(([label]) => label))
  const [here, there] = [labels(mine), labels(theirs)]
  const missing = theirs.parts.find(([label]) => !here.has(label))
  if (missing !== undefined)
    return `${placeOf({ up: path, label: missing[0] })} is missing; it was ${describe(missing[1])}`
  const extra = mine.parts.find(([label]) => !there.has(label))
  if (extra !== undefined) return `${placeOf({ up: path, label: extra[0] })} is new; it is ${describe(extra[1])}`
  return `${placeOf(path)} has its parts in another order`
}

function placeOf(path: Path | undefined): string {
  let place = ''
  for (let step = path; step !== undefined; step = step.up) place = step.label + place
  return `$${place}`
}

/** The value in parts; undefined for what has none. */
function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Float || value instanceof Bytes) return undefined
  if (value instanceof PickleBuffer) return bytesParts(value.raw(), value.readonly ? 'bytes' : 'bytearray')
  if (ArrayBuffer.isView(value)) return viewParts(value)
  if (isArrayBuffer(value)) return bytesParts(new Uint8Array(value), value.constructor)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (value instanceof Map || value instanceof PyDict) {
    const isPlain = prototype === Map.prototype || prototype === PyDict.prototype
    return { kind: isPlain ? 'dict' : prototype, parts: [...entryParts(value), ...fieldParts(value)], shared: true }
  }
  if (value instanceof Set || value instanceof PySet) {
    const isPlain = prototype === Set.prototype || prototype === PySet.prototype
    return { kind: isPlain ? 'set' : prototype, parts: [...itemParts(value), ...fieldParts(value)], shared: true }
  }
  if (value instanceof FrozenSet) return { kind: prototype, parts: itemParts(value), shared: false }
  if (prototype === Object.prototype || prototype === null) {
    return { kind: 'dict', parts: entryParts(Object.entries(value)), shared: true }
  }
  if (Array.isArray(value)) return { kind: prototype, parts: fieldParts(value), shared: prototype === Array.prototype }
  // The order in which fields were set is no part of an object.
  const fields = fieldParts(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return { kind: prototype, parts: fields.length > 0 ? fields : getterParts(value), shared: true }
}

function viewParts(view: ArrayBufferView): Parts {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  if (view instanceof ByteArray) return bytesParts(bytes, 'bytearray')
  if (view instanceof Uint8Array) return bytesParts(bytes, 'bytes')
  return bytesParts(bytes, Object.getPrototypeOf(view))
}

function bytesParts(bytes: Uint8Array, kind: unknown): Parts {
  // One part of text: a difference names the bytes, not one of a million places.
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return { kind, parts: [['.bytes', new Bytes(text)]], shared: false }
}

/** Bytes as one value. */
class Bytes {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

function entryParts(entries: Iterable<readonly [unknown, unknown]>): (readonly [string, unknown])[] {
  const parts: (readonly [string, unknown])[] = []
  for (const [key, item] of entries) {
    const isKeyPart = typeof key === 'object' && key !== null && !(key instanceof Float)
    if (isKeyPart) parts.push([`.key(${parts.length})`, key])
    const isName = typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key)
    parts.push([isName ? `.${key}` : `[${isKeyPart ? parts.length : describe(plain(key))}]`, item])
  }
  return parts
}

function itemParts(items: Iterable<unknown>): (readonly [string, unknown])[] {
  return [...items].map((item, index) => [`[${index}]`, item])
}

/** Own fields, those of symbols too; accessors are not called. */
function fieldParts(value: object): (readonly [string, unknown])[] {
  const parts: (readonly [string, unknown])[] = []
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    if (descriptor === undefined || !('value' in descriptor) || (Array.isArray(value) && key === 'length')) continue
    const isIndex = Array.isArray(value) && typeof key === 'string' && /^\d+$/.test(key)
    parts.push([isIndex ? `[${key}]` : `.${String(key)}`, descriptor.value])
  }
  return parts
}

/** An object whose fields are all private: what its getters give. */
function getterParts(value: object): (readonly [string, unknown])[] {
  const parts: (readonly [string, unknown])[] = []
  for (let level = Object.getPrototypeOf(value); level !== null && level !== Object.prototype; ) {
    for (const key of Object.getOwnPropertyNames(level)) {
      const get = Object.getOwnPropertyDescriptor(level, key)?.get
      if (get !== undefined && key !== '__proto__') parts.push([`.${key}`, get.call(value)])
    }
    level = Object.getPrototypeOf(level)
  }
  return parts
}

function isSameAtom(left: unknown, right: unknown): boolean {
  if (left instanceof Bytes || right instanceof Bytes) {
    return left instanceof Bytes && right instanceof Bytes && left.text === right.text
  }
  if (typeof left === 'function' && typeof right === 'function') return isSameFunction(left, right)
  return Object.is(left, right) || Object.is(plain(left), plain(right))
}

/** A field `on = () => …` of a class is a function of its own in each object: one text, and no identity that could be kept. */
function isSameFunction(left: object, right: object): boolean {
  const [one, other] = [left, right].map((made) => Function.prototype.toString.call(made))
  return left === right || (one === other && /^(async\s*)?(\(|\w+\s*=>|function)/.test(one as string))
}

/** A number as Python knows it: an int, or a float by itself. */
function plain(value: unknown): unknown {
  if (value instanceof Float) return value.value
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

/** A value in a few words. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (value instanceof Bytes) return hexOf(value.text)
  if (value instanceof Float) return `Float(${describe(value.value)})`
  if (typeof value === 'function') return `the function ${value.name}`
  if (typeof value !== 'object' || value === null) return String(value)
  const name = (value as { constructor?: { name?: string } }).constructor?.name
  if (Array.isArray(value)) return `${name ?? 'an array'} of ${value.length}`
  return name === undefined ? 'an object without a class' : withArticle(name)
}

/** The name of a class with its article. */
export function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}

function hexOf(text: string): string {
  const shown = [...text.slice(0, 24)].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join(' ')
  return `${text.length} bytes (${shown}${text.length > 24 ? ' …' : ''})`
}
