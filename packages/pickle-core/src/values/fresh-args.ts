/**
 * An object that its own arguments contain. CPython writes it twice: while it writes the arguments it meets the object again, writes
 * that one in full, and throws the outer one away (`save_reduce`: POP, then a GET of the inner one). Each time it asks the object for
 * its arguments, which come as new containers around the same values. To write such an object again, one has to know which they are.
 */
import { AttributeRef } from './attribute-ref.ts'
import { ByteArray } from './byte-array.ts'
import { FrozenSet } from './frozen-set.ts'
import { PyDict } from './py-dict.ts'
import { type PyCallable, PyObject } from './py-object.ts'
import { PySet } from './py-set.ts'
import { Tuple } from './tuple.ts'

/** By object: those parts of its arguments that are made anew each time. */
const fresh: WeakMap<PyObject, ReadonlySet<unknown>> = /* @__PURE__ */ new WeakMap()

/** Deeper parts are taken for shared ones. */
const MAX_LEVELS = 12

/**
 * Notes which parts of an object's arguments are made anew: what stands at the same place in the arguments of `outer`, the writing
 * that was thrown away, and is another object.
 *
 * @param budget how many values may be compared; an input can ask for it often.
 * @returns what is left of the budget.
 */
export function noteFreshArgs(object: PyObject, outer: PyObject, budget: number): number {
  if (fresh.has(object)) return budget
  const found = new Set<unknown>()
  let left = budget
  const compare = (own: unknown, other: unknown, level: number): void => {
    if (own === other || left <= 0 || level > MAX_LEVELS || typeof own !== 'object' || typeof other !== 'object') return
    if (own === null || other === null || Object.getPrototypeOf(own) !== Object.getPrototypeOf(other)) return
    const items = partsOf(own)
    const others = partsOf(other)
    left -= items.length + 1
    if (left < 0 || items.length !== others.length) return
    found.add(own)
    for (let i = 0; i < items.length; i++) compare(items[i], others[i], level + 1)
  }
  // The tuple of the arguments, too, is new, unless the object keeps it; and so is a method that is called.
  compare(object.class, outer.class, 0)
  compare(object.args, outer.args, 0)
  if (object.kwargs !== outer.kwargs) compare(object.kwargs, outer.kwargs, 1)
  fresh.set(object, found)
  return left
}

/** Whether an object's own arguments contain it, as far as its pickle showed. */
export function hasFreshArgs(object: PyObject): boolean {
  return fresh.has(object)
}

/**
 * The parts of an object for a writing inside its own arguments: what CPython makes anew is a copy, what is shared stays. Of an object
 * that no pickle showed, the keyword arguments are a copy: a dict that is still being filled would be a call without them.
 */
export function withFreshArgs(object: PyObject): PyObject {
  const own = fresh.get(object) ?? new Set([object.kwargs])
  const copies = new Map<unknown, unknown>()
  let level = 0
  const copy = (value: unknown): unknown => {
    if (!own.has(value) || typeof value !== 'object' || value === null || level >= MAX_LEVELS) return value
    if (!copies.has(value)) {
      // Met again inside itself, it is the one that stays.
      copies.set(value, value)
      level++
      copies.set(value, copyOf(value, copy))
      level--
    }
    return copies.get(value)
  }
  return copyObject(object, copy)
}

type Copy = (value: unknown) => unknown

function copyObject(object: PyObject, copy: Copy): PyObject {
  return new PyObject(copy(object.class) as PyCallable, {
    ...object,
    args: copy(object.args) as Tuple,
    kwargs: copy(object.kwargs) as object | undefined,
  })
}

function copyOf(value: object, copy: Copy): unknown {
  if (value instanceof Tuple) return Tuple.from(Array.from(value, copy))
  if (Array.isArray(value)) return value.map(copy)
  if (value instanceof PyObject) return copyObject(value, copy)
  if (value instanceof AttributeRef) {
    const { module, name, owner, attribute } = value
    return new AttributeRef(module, name.slice(0, -attribute.length - 1), owner, attribute)
  }
  if (value instanceof ByteArray) return new ByteArray(value)
  if (value instanceof Uint8Array) return value.slice()
  if (value instanceof Set) return new Set([...value].map(copy))
  if (value instanceof PySet) return new PySet([...value].map(copy))
  if (value instanceof FrozenSet) return new FrozenSet([...value].map(copy))
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copy(item)]))
  if (value instanceof PyDict) return new PyDict([...value].map(([key, item]) => [key, copy(item)]))
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
  }
  return value
}

function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof PyObject) return [value.class, value.args, value.kwargs]
  if (value instanceof Set || value instanceof PySet || value instanceof FrozenSet) return [...value]
  if (value instanceof Map || value instanceof PyDict) return [...value.values()]
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : []
}
