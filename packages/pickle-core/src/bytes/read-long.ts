/** Two's complement, little-endian: the argument of LONG1 and LONG4 (CPython: `decode_long`). */

/** The integer of these bytes: a number while it fits six bytes, else a bigint. */
export function readLong(bytes: Uint8Array, start: number, end: number): number | bigint {
  const size = end - start
  if (size === 0) return 0
  const negative = (bytes[end - 1] as number) >= 0x80
  if (size <= 6) {
    let value = 0
    for (let i = end - 1; i >= start; i--) value = value * 256 + (bytes[i] as number)
    return negative ? value - 2 ** (8 * size) : value
  }
  // As hexadecimal digits: V8 reads these in linear time, where shifts and decimal digits are quadratic.
  let digits = '0x'
  let i = end
  for (; i - start >= 4; i -= 4) {
    const word =
      (((bytes[i - 1] as number) << 24) |
        ((bytes[i - 2] as number) << 16) |
        ((bytes[i - 3] as number) << 8) |
        (bytes[i - 4] as number)) >>>
      0
    digits += word.toString(16).padStart(8, '0')
  }
  for (; i > start; i--) digits += (bytes[i - 1] as number).toString(16).padStart(2, '0')
  const value = BigInt(digits)
  return negative ? value - (1n << BigInt(8 * size)) : value
}
