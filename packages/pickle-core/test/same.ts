/** Deep equality as strict as the tests need it: classes, the bits of floats, the order of entries, and who is shared with whom. */
import { Complex, Float, FrozenSet, GlobalRef, PickleBuffer, PyDict, PySet, Range, Slice } from '@pickle-ts/pickle-core'

/** Where a value stands, as a linked list: most paths are never printed. */
interface Path {
  readonly up: Path | undefined
  readonly label: string | number
}

/** Two values that are to be compared. */
interface Pair {
  readonly path: Path | undefined
  readonly left: unknown
  readonly right: unknown
}

/** What a value is made of: its parts, and their names where they have some. */
interface Parts {
  readonly values: readonly unknown[]
  readonly labels?: readonly string[]
}

/** Where two values differ, or undefined. */
export function difference(a: unknown, b: unknown): string | undefined {
  const twin = new Map<object, object>()
  const back = new Map<object, object>()
  const todo: Pair[] = [{ path: undefined, left: a, right: b }]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { path, left, right } = next
    if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
      if (!Object.is(left, right)) return `${where(path)}: ${show(left)} is not ${show(right)}`
      continue
    }
    if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) {
      return `${where(path)}: ${left.constructor?.name} is not ${right.constructor?.name}`
    }
    if (isShareable(left)) {
      if (twin.has(left) || back.has(right)) {
        if (twin.get(left) !== right || back.get(right) !== left) return `${where(path)}: shared on one side only`
        continue
      }
      twin.set(left, right)
      back.set(right, left)
    }
    const mine = partsOf(left)
    const theirs = partsOf(right)
    if (mine.values.length !== theirs.values.length) {
      return `${where(path)}: ${mine.values.length} parts are not ${theirs.values.length}`
    }
    for (let i = 0; i < mine.values.length; i++) {
      const label = mine.labels?.[i] ?? i
      if (label !== (theirs.labels?.[i] ?? i)) return `${where(path)}: ${label} is not ${theirs.labels?.[i] ?? i}`
      const [part, other] = [mine.values[i], theirs.values[i]]
      if (typeof part === 'object' || !Object.is(part, other))
        todo.push({ path: { up: path, label }, left: part, right: other })
    }
  }
  return undefined
}

function where(path: Path | undefined): string {
  if (path === undefined) return '$'
  return `${where(path.up)}${typeof path.label === 'number' ? `[${path.label}]` : path.label}`
}

/** Strings, numbers and byte strings have no identity in a pickle that matters here; containers and objects have. */
function isShareable(value: object): boolean {
  if (value instanceof Float || value instanceof GlobalRef || value instanceof Complex || value instanceof Range)
    return false
  if (Array.isArray(value)) return value.length > 0 || Object.getPrototypeOf(value) === Array.prototype
  if (value instanceof FrozenSet) return value.size > 0
  return Object.getPrototypeOf(value) !== Uint8Array.prototype
}

function partsOf(value: object): Parts {
  if (value instanceof Float) return { values: [value.value, value.nanBits] }
  if (value instanceof Uint8Array) return { values: [value.length, Buffer.from(value).toString('latin1')] }
  if (value instanceof PickleBuffer) return { values: [value.readonly, value.raw()], labels: ['.readonly', '.raw()'] }
  if (value instanceof Slice) return { values: [value.start, value.stop, value.step] }
  if (value instanceof PyDict || value instanceof Map) return { values: [...value].flat() }
  if (value instanceof PySet || value instanceof FrozenSet || value instanceof Set)
    return { values: inOrder([...value]) }
  if (Array.isArray(value)) {
    // A hole, or a property besides the items, makes the two differ.
    if (Object.keys(value).length !== value.length) return { values: [...value, ...Object.keys(value)] }
    return { values: value }
  }
  return { values: Object.values(value), labels: Object.keys(value).map((key) => `.${key}`) }
}

/** The items of a set in an order that does not depend on how they came. */
function inOrder(items: unknown[]): unknown[] {
  if (items.every((item) => typeof item === 'bigint' || typeof item === 'number'))
    return items.sort((x, y) => (x < y ? -1 : 1))
  const keyed = items.map((item): readonly [string, unknown] => [show(item), item])
  keyed.sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0))
  return keyed.map(([, item]) => item)
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60))
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (value instanceof Float) return `Float(${Object.is(value.value, -0) ? '-0' : value.value}, ${value.nanBits})`
  if (value instanceof Uint8Array)
    return `${value.constructor.name}(${Buffer.from(value).toString('hex').slice(0, 60)})`
  if (Array.isArray(value)) return `${value.constructor.name}[${value.slice(0, 8).map(show)}]`
  if (value instanceof FrozenSet) return `FrozenSet{${[...value].map(show).sort()}}`
  return String(value)
}
