/** Two's complement, little-endian, of as few bytes as hold the sign: the argument of LONG1 and LONG4 (CPython: `encode_long`). */

/** The bytes of an integer; none for 0. */
export function writeLong(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  // As hexadecimal digits: linear, where a loop of shifts is quadratic.
  const magnitude = (value < 0n ? ~value : value).toString(16)
  // One bit more than the magnitude for the sign.
  const size = (magnitude.length >> 1) + (magnitude.length % 2 === 0 && magnitude.charCodeAt(0) < 0x38 ? 0 : 1)
  const bytes = new Uint8Array(size)
  for (let i = 0, end = magnitude.length; end > 0; i++, end -= 2) {
    bytes[i] = Number.parseInt(magnitude.slice(Math.max(0, end - 2), end), 16)
  }
  if (value < 0n) for (let i = 0; i < size; i++) bytes[i] = ~(bytes[i] as number)
  return bytes
}
