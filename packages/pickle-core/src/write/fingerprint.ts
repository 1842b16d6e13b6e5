/**
 * A number made of a few items of a container, so that most containers differ in it: see {@link ObjectMemo}.
 *
 * It must be cheap (some nanoseconds) and the same as long as the container is; nothing else depends on it.
 */

/** Of items: their count, and the first, the second and the last one. `step` and `first` pick a dict's values. */
export function fingerprint(items: readonly unknown[], first: number, end: number, step: number): number {
  let hash = end - first
  if (hash <= 0) return 0x2f
  hash = mix(hash, items[first])
  if (first + step < end) {
    hash = mix(hash, items[first + step])
    hash = mix(hash, items[end - 1])
  }
  return hash
}

function mix(hash: number, item: unknown): number {
  let word = 3
  if (typeof item === 'number') word = (item | 0) === item ? item : (item * 1e6) | 0
  else if (typeof item === 'string') word = ends(item)
  else if (typeof item === 'object' && item !== null && Array.isArray(item)) {
    word = item.length * 31
    const inner: unknown = item.length === 0 ? 0 : item[0]
    if (typeof inner === 'number') word ^= inner | 0
    else if (typeof inner === 'string') word ^= ends(inner)
  } else if (item === true) word = 5
  const mixed = Math.imul(hash ^ word, 0x5bd1e995)
  return mixed ^ (mixed >>> 15)
}

function ends(text: string): number {
  const { length } = text
  if (length === 0) return 7
  return length ^ (text.charCodeAt(0) << 8) ^ (text.charCodeAt(length - 1) << 16) ^ (text.charCodeAt(length >> 1) << 24)
}
