/**
 * The argument of the UNICODE opcode: latin-1 with \uXXXX and \UXXXXXXXX, Python's `raw-unicode-escape`.
 * Source: CPython, Objects/unicodeobject.c, `_PyUnicode_DecodeRawUnicodeEscapeStateful`.
 */
import { readLatin1 } from './read-latin1.ts'

/** What a line says. */
export interface RawUnicode {
  readonly text: string
  /** The first escape that is not valid; then `text` ends before it. */
  readonly badEscape: string | undefined
  /** Whether two surrogates were escaped one by one, so that the text looks like one character. */
  readonly surrogatePair: boolean
}

/** The text of a line without its newline. */
export function readRawUnicodeEscape(bytes: Uint8Array, start: number, end: number): RawUnicode {
  const parts: string[] = []
  let surrogatePair = false
  let highEnd = -1
  let plain = start
  // Not beyond the line: a search to the end of the input, once for each line, is quadratic.
  const line = bytes.subarray(0, end)
  let i = line.indexOf(0x5c, start)
  while (i >= 0) {
    const kind = i + 1 < end ? (bytes[i + 1] as number) : 0
    if (kind !== 0x75 /* u */ && kind !== 0x55 /* U */) {
      // A backslash before anything but u or U is itself, and takes the next byte with it: `\\u0041` is no escape.
      i = line.indexOf(0x5c, i + 2)
      continue
    }
    parts.push(readLatin1(bytes, plain, i))
    const stop = i + (kind === 0x75 ? 6 : 10)
    const point = stop <= end ? hexValue(bytes, i + 2, stop) : -1
    if (point < 0 || point > 0x10ffff) {
      return { text: parts.join(''), badEscape: readLatin1(bytes, i, Math.min(stop, end)), surrogatePair }
    }
    if (point >= 0xdc00 && point < 0xe000 && highEnd === i) surrogatePair = true
    if (point >= 0xd800 && point < 0xdc00) highEnd = stop
    parts.push(String.fromCodePoint(point))
    plain = stop
    i = line.indexOf(0x5c, stop)
  }
  parts.push(readLatin1(bytes, plain, end))
  return { text: parts.join(''), badEscape: undefined, surrogatePair }
}

/** The value of hexadecimal digits, or -1. */
function hexValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = hexDigit(bytes[i] as number)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** The value of one hexadecimal digit, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
