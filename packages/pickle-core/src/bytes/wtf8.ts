/**
 * WTF-8: what Python calls UTF-8 with `surrogatepass`. A lone surrogate is three bytes; all else is UTF-8.
 *
 * The platform's own coders turn a lone surrogate into U+FFFD, so they are used only where there is none.
 */

/** Bytes that a string takes as WTF-8. */
export function wtf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else {
      bytes += 2
      // A pair is four bytes: two units, three bytes counted for the first, none for the second.
      if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
        i++
      }
    }
  }
  return bytes
}

/** Writes a string as WTF-8; the room for it must be there. Returns the position after it. */
export function writeWtf8(text: string, bytes: Uint8Array, start: number): number {
  let at = start
  for (let i = 0; i < text.length; i++) {
    let unit = text.charCodeAt(i)
    if (unit < 0x80) {
      bytes[at++] = unit
      continue
    }
    if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6)
      bytes[at++] = 0x80 | (unit & 0x3f)
      continue
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
      const low = text.charCodeAt(i + 1)
      if (isLowSurrogate(low)) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
        i++
        bytes[at++] = 0xf0 | (unit >> 18)
        bytes[at++] = 0x80 | ((unit >> 12) & 0x3f)
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
        bytes[at++] = 0x80 | (unit & 0x3f)
        continue
      }
    }
    bytes[at++] = 0xe0 | (unit >> 12)
    bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
    bytes[at++] = 0x80 | (unit & 0x3f)
  }
  return at
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
