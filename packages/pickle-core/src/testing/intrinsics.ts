/** What the language looks like: taken before and after an input, it shows whether that changed anything. */

type Properties = Readonly<Record<PropertyKey, PropertyDescriptor>>

/** Every object of the language that data could reach: constructors, prototypes, namespaces, iterators, and their functions. */
export class Intrinsics {
  readonly #before: ReadonlyMap<object, Properties>

  constructor() {
    const objects = new Set<object>()
    const visit = (value: unknown, steps: number): void => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || objects.has(value)) return
      objects.add(value)
      visit(Object.getPrototypeOf(value), steps)
      if (steps === 0) return
      for (const { value: inner, get, set } of Object.values(Object.getOwnPropertyDescriptors(value))) {
        for (const part of [inner, get, set]) visit(part, steps - 1)
      }
    }
    for (const root of ROOTS) visit(root, 3)
    // Node fills in some globals when they are first looked at.
    Object.getOwnPropertyDescriptors(globalThis)
    this.#before = new Map([...objects, globalThis].map((object) => [object, Object.getOwnPropertyDescriptors(object)]))
  }

  /** How many objects are watched. */
  get size(): number {
    return this.#before.size
  }

  /** What is not as it was; empty if nothing changed. */
  changes(): string[] {
    const found: string[] = []
    for (const [object, before] of this.#before) {
      const keys = Reflect.ownKeys(object)
      if (keys.length !== Reflect.ownKeys(before).length) found.push(`${nameOf(object)} has other properties`)
      for (const key of keys) {
        const now = Object.getOwnPropertyDescriptor(object, key)
        const was = Object.hasOwn(before, key) ? before[key] : undefined
        if (was === undefined || !isSame(now, was)) found.push(`${nameOf(object)}.${String(key)}`)
      }
    }
    return found
  }
}

const ROOTS: readonly unknown[] = [
  ...[
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    Date,
    RegExp,
    Promise,
    Proxy,
    Reflect,
    JSON,
    Math,
  ],
  ...[Map, Set, WeakMap, WeakSet, WeakRef, ArrayBuffer, SharedArrayBuffer, DataView, Atomics],
  ...[Uint8Array, Int8Array, Float64Array, BigInt64Array, Object.getPrototypeOf(Uint8Array)],
  ...[Error, TypeError, RangeError, SyntaxError, AggregateError, TextDecoder, TextEncoder],
  ...[[][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), ''[Symbol.iterator]()],
  (function* () {})(),
]

function isSame(now: PropertyDescriptor | undefined, was: PropertyDescriptor): boolean {
  return (
    now !== undefined &&
    Object.is(now.value, was.value) &&
    now.get === was.get &&
    now.set === was.set &&
    now.writable === was.writable &&
    now.enumerable === was.enumerable &&
    now.configurable === was.configurable
  )
}

function nameOf(object: object): string {
  if (object === globalThis) return 'globalThis'
  if (typeof object === 'function') return object.name
  const type = (object as { constructor?: { name?: string } }).constructor
  return `${type?.name ?? 'an object'}.prototype`
}
