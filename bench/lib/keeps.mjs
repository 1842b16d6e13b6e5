// Does a peer give back the value that it was given? (Ours is held to more: the same bytes as CPython.)
import { isDeepStrictEqual } from 'node:util'

/** @returns {'same' | 'different'} */
export function keepsValue(given, got) {
  // Node gives a Buffer for a Uint8Array: that is the same here.
  if (given instanceof Uint8Array) return Buffer.compare(given, got) === 0 ? 'same' : 'different'
  return isDeepStrictEqual(given, got) ? 'same' : 'different'
}
