/** What a value is, in words, for a message. */
import { excerpt } from '../errors.ts'
import { isArrayBuffer } from '../values/pickle-buffer.ts'

/** A short description of a value, for a message. */
export function found(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return `the string ${excerpt(value)}`
  if (typeof value === 'function') {
    // A class may have a static member of that name.
    const { name }: { name: unknown } = value
    return `the function or class ${excerpt(typeof name === 'string' ? name : '')}`
  }
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'an Array'
  const name: unknown = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor?.name
  return typeof name === 'string' && name !== '' ? `an object of class ${excerpt(name)}` : 'an object without a class'
}

/** Classes of values that are the codec's own, by name: those of another copy of the package are other classes. */
const OURS: readonly unknown[] = [
  'Tuple',
  'FrozenSet',
  'Complex',
  'Float',
  'PyDict',
  'PySet',
  'GlobalRef',
  'PyObject',
  'PickleBuffer',
]

/** What to do about a value that cannot be pickled. */
export function helpFor(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'Python has no undefined; use null, or leave the key out (a hole in an array is undefined too)'
    case 'function':
      return 'functions and classes go by reference: register `pyType({ module, name, value })`, a class as `class`, or use a GlobalRef'
    case 'symbol':
      return 'Python has no symbols'
    default:
  }
  if (ArrayBuffer.isView(value)) return 'wrap it in a PickleBuffer (protocol 5), or take its bytes as a Uint8Array'
  if (isArrayBuffer(value)) return 'wrap it in a PickleBuffer (protocol 5), or in a Uint8Array for bytes'
  const name: unknown = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor?.name
  if (OURS.includes(name))
    return `if it is the ${String(name)} of this package, it is that of another copy: install one only`
  let root: unknown = value
  for (let i = 0; i < 4 && root !== null && root !== Object.prototype; i++) root = Object.getPrototypeOf(root)
  if (root === null) {
    return 'it is of another realm, or inherits from null: register its own class, or structuredClone() plain data'
  }
  return 'register a reducer for its class in a plugin, or give it a [reduceEx] method'
}
