/** What a decoded value is in Python, under either mapping: for declared checks, and for messages. */
import type { Check } from '../registry/contract.ts'
import { ByteArray } from '../values/byte-array.ts'
import { Complex } from '../values/complex.ts'
import { Float } from '../values/float.ts'
import { FrozenSet } from '../values/frozen-set.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { PyDict } from '../values/py-dict.ts'
import { PyObject } from '../values/py-object.ts'
import { PySet } from '../values/py-set.ts'
import { Tuple } from '../values/tuple.ts'

/** Whether a value is of a declared kind: a name, names with `|` between them, or a test. */
export function isOfKind(value: unknown, check: Check): boolean {
  if (typeof check === 'function') return check(value) === true
  const bar = check.indexOf('|')
  if (bar < 0) return isNamed(value, check)
  return isNamed(value, check.slice(0, bar)) || isOfKind(value, check.slice(bar + 1) as Check)
}

function isNamed(value: unknown, name: string): boolean {
  switch (name) {
    case 'any':
      return true
    case 'none':
      return value === null
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return typeof value === 'bigint' || (Number.isSafeInteger(value) && !Object.is(value, -0))
    case 'float':
      return typeof value === 'number' || value instanceof Float
    case 'str':
      return typeof value === 'string'
    case 'bytes':
      return isBytes(value) && !(value instanceof ByteArray)
    case 'bytearray':
      return value instanceof ByteArray
    case 'buffer':
      return value instanceof PickleBuffer || isBytes(value)
    case 'tuple':
      return prototypeOf(value) === Tuple.prototype
    case 'list':
      return prototypeOf(value) === Array.prototype
    case 'dict':
      return isDict(value)
    case 'set':
      return prototypeOf(value) === Set.prototype || value instanceof PySet || value instanceof FrozenSet
    case 'global':
      return typeof value === 'function' || value instanceof GlobalRef
    default:
      return false
  }
}

/** Whether this is bytes or a bytearray. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array
}

/** Whether this is a dict as the reader makes it. */
export function isDict(value: unknown): value is object {
  const prototype = prototypeOf(value)
  return prototype === Object.prototype || prototype === Map.prototype || prototype === PyDict.prototype
}

/** Whether this is a tuple as the reader makes it. */
export function isTuple(value: unknown): value is Tuple {
  return prototypeOf(value) === Tuple.prototype
}

function prototypeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined
}

/** The value in Python's words, for a message: never its content. */
export function found(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'a bool'
    case 'number':
      return Number.isInteger(value) ? 'an int' : 'a float'
    case 'bigint':
      return 'an int'
    case 'string':
      return 'a str'
    case 'function':
      return 'a class or function'
    case 'object':
      break
    default:
      return `a JavaScript ${typeof value}`
  }
  if (value === null) return 'None'
  if (value instanceof ByteArray) return 'a bytearray'
  if (isBytes(value)) return 'bytes'
  if (value instanceof GlobalRef) return 'a class or function'
  if (value instanceof PickleBuffer) return 'a PickleBuffer'
  if (value instanceof Float) return 'a float'
  if (value instanceof Complex) return 'a complex'
  if (value instanceof FrozenSet) return 'a frozenset'
  if (value instanceof Tuple) return 'a tuple'
  if (prototypeOf(value) === Array.prototype) return 'a list'
  if (value instanceof Set || value instanceof PySet) return 'a set'
  if (value instanceof PyObject) return 'an inert object'
  return isDict(value) ? 'a dict' : 'an object'
}
