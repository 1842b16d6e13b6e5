/**
 * Dicts: which JavaScript object a dict becomes, and how its keys and values get into it.
 *
 * In the native mapping the first batch decides between a plain object and a Map. A plain object gets own data properties,
 * as `JSON.parse` makes them: no key reaches a prototype, and no setter runs.
 */
import { PyDict } from '../values/py-dict.ts'
import { fail, failDictKey } from './failures.ts'
import type { Machine } from './machine.ts'
import { ENGINE_MAX_ENTRIES } from './native-keys.ts'
import { RoomyObject } from './roomy-object.ts'
import { found } from './value-kind.ts'

/** A new dict of the items at stack[from] to stack[to - 1], keys and values in turn: the first batch. */
export function buildDict(m: Machine, stack: readonly unknown[], from: number, to: number, at: number): object {
  if ((to - from) & 1) fail(m, at, 'odd-items', undefined)
  if (m.longTexts > 0) m.countLongKeys(stack, from, to, 2, at)
  switch (m.dicts) {
    case 'auto': {
      if (fitsObject(stack, from, to)) return newObject(m, stack, from, to)
      return fillMap(m, new Map(), stack, from, to, at)
    }
    case 'object':
      checkObjectKeys(m, stack, from, to, at)
      return newObject(m, stack, from, to)
    case 'map':
      return fillMap(m, new Map(), stack, from, to, at)
    case 'exact':
      return fillPyDict(m, new PyDict([], m.keyTable), stack, from, to, at)
  }
}

/** A new dict without items; in `auto` it is a plain object that {@link Machine.decideDict} may still replace. */
export function emptyDict(m: Machine): object {
  return m.dicts === 'exact' ? new PyDict([], m.keyTable) : m.dicts === 'map' ? new Map() : {}
}

/** Sets items on a dict that exists; the caller knows that it is one of ours. */
export function setDictItems(
  m: Machine,
  dict: object,
  stack: readonly unknown[],
  from: number,
  to: number,
  at: number,
): void {
  if ((to - from) & 1) fail(m, at, 'odd-items', undefined)
  if (m.longTexts > 0) m.countLongKeys(stack, from, to, 2, at)
  const prototype: unknown = Object.getPrototypeOf(dict)
  if (prototype === Map.prototype) fillMap(m, dict as Map<unknown, unknown>, stack, from, to, at)
  else if (prototype === PyDict.prototype) fillPyDict(m, dict as PyDict, stack, from, to, at)
  else {
    checkObjectKeys(m, stack, from, to, at)
    fillObject(m, dict, stack, from, to)
  }
}

/** Whether these keys can be those of a plain object. */
export function fitsObject(stack: readonly unknown[], from: number, to: number): boolean {
  for (let i = from; i < to; i += 2) {
    const key = stack[i]
    if (typeof key !== 'string' || key === '__proto__') return false
  }
  return true
}

function checkObjectKeys(m: Machine, stack: readonly unknown[], from: number, to: number, at: number): void {
  if (fitsObject(stack, from, to)) return
  for (let i = from; i < to; i += 2) {
    const key = stack[i]
    if (typeof key !== 'string' || key === '__proto__') failDictKey(m, at, key, found(key))
  }
}

/** A new plain object with keys that fit. */
function newObject(m: Machine, stack: readonly unknown[], from: number, to: number): object {
  const object = m.cache.shapes.create(stack, from, to) as Record<string, unknown> | undefined
  if (object === undefined) {
    const isRoomy = to - from > 8 && to - from < 24
    return fillObject(m, isRoomy ? new RoomyObject(false) : {}, stack, from, to)
  }
  // It has all the keys, so this reaches no prototype.
  for (let i = from; i < to; i += 2) object[stack[i] as string] = stack[i + 1]
  return object
}

/** Sets keys that fit. */
function fillObject(m: Machine, object: object, stack: readonly unknown[], from: number, to: number): object {
  if (m.plainPrototype) {
    try {
      assign(object as Record<string, unknown>, stack, from, to)
      if (isSure(m.inputEnd) || hasAll(object, stack, from, to)) return object
    } catch {
      // A property of Object.prototype that cannot be assigned to.
    }
  }
  for (let i = from; i < to; i += 2) setOwn(object, stack[i] as string, stack[i + 1])
  return object
}

function assign(target: Record<string, unknown>, stack: readonly unknown[], from: number, to: number): void {
  for (let i = from; i < to; i += 2) {
    const key = stack[i] as string
    if (isInherited(key)) setOwn(target, key, stack[i + 1])
    else target[key] = stack[i + 1]
  }
}

/** Whether an object has these keys itself; the first look is much cheaper, and right for an object that was just made. */
function hasAll(object: object, stack: readonly unknown[], from: number, to: number): boolean {
  if (to - from > 2 && Object.keys(object).length === (to - from) >> 1) return true
  for (let i = from; i < to; i += 2) if (!Object.hasOwn(object, stack[i] as string)) return false
  return true
}

/**
 * Whether plain objects inherit a property of this name. Storing it by assignment would fail where Object.prototype is frozen,
 * and run a setter where the property was made one. By length first: most keys are shorter.
 */
function isInherited(key: string): boolean {
  switch (key.length) {
    case 7:
      return key === 'valueOf'
    case 8:
      return key === 'toString'
    case 9:
      return key === '__proto__'
    case 11:
      return key === 'constructor'
    case 13:
      return key === 'isPrototypeOf'
    case 14:
      return key === 'hasOwnProperty' || key === 'toLocaleString'
    case 16:
      return key.startsWith('__')
    case 20:
      return key === 'propertyIsEnumerable'
    default:
      return false
  }
}

/** Sets an own data property, whatever the prototype holds. */
function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}

/**
 * Whether Object.prototype has only what the language gives it, so that assignment makes own data properties of all other keys.
 * The whole look takes 600 ns. A small pickle only looks for what is enumerable, which is what careless code leaves there, and
 * looks at each object when it is filled.
 */
export function hasPlainPrototype(size: number): boolean {
  for (const _ in Object.prototype) return false
  return !isSure(size) || Reflect.ownKeys(Object.prototype).length === LANGUAGE_PROPERTIES
}

/** Whether a pickle of this size is worth the whole look. */
function isSure(size: number): boolean {
  return size >= 2048
}

/** constructor, toString, toLocaleString, valueOf, hasOwnProperty, isPrototypeOf, propertyIsEnumerable, __proto__ and four like it. */
const LANGUAGE_PROPERTIES = 12

function fillMap(
  m: Machine,
  map: Map<unknown, unknown>,
  stack: readonly unknown[],
  from: number,
  to: number,
  at: number,
): object {
  const { nativeKeys } = m
  if (map.size + (to - from) / 2 < ENGINE_MAX_ENTRIES && !nativeKeys?.isGuarded(map)) {
    // Strings and ints equal nothing but themselves in either language; 0 and 1 have a bool that is equal to them. As long as
    // there are no `nativeKeys`, this load has met no bool as a key.
    while (from < to) {
      const key = stack[from]
      if (
        typeof key !== 'string' &&
        (typeof key !== 'number' ||
          (key | 0) !== key ||
          (nativeKeys !== undefined && key >>> 1 === 0 && map.has(key === 1)))
      ) {
        break
      }
      map.set(key, stack[from + 1])
      from += 2
    }
  }
  if (from < to) {
    const keys = m.keys()
    for (let i = from; i < to; i += 2) map.set(keys.keyIn(map, stack[i], at), stack[i + 1])
  }
  return map
}

function fillPyDict(m: Machine, dict: PyDict, stack: readonly unknown[], from: number, to: number, at: number): object {
  m.checkEntries(dict.size + (to - from) / 2, at)
  for (let i = from; i < to; i += 2) {
    if (!dict.trySet(stack[i], stack[i + 1])) m.failUnhashable(found(stack[i]), at)
  }
  return dict
}
