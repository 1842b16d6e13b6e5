/**
 * The escapes of a Python 2 `str` as `repr` writes them: the argument of the STRING opcode, without its quotes.
 * Source: CPython, Objects/bytesobject.c, `_PyBytes_DecodeEscape`.
 */
import { readLatin1 } from './read-latin1.ts'
import { hexDigit } from './read-raw-unicode-escape.ts'

/** What stands after a backslash, and the byte that it means. */
const SIMPLE: Readonly<Record<string, number>> = {
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
}

/** The bytes, or the escape that is not valid. An unknown escape is no escape, as in Python: `\u1234` keeps its backslash. */
export function readStringEscape(bytes: Uint8Array, start: number, end: number): Uint8Array | string {
  const out = new Uint8Array(end - start)
  let size = 0
  let i = start
  while (i < end) {
    const byte = bytes[i++] as number
    if (byte !== 0x5c) {
      out[size++] = byte
      continue
    }
    if (i === end) return '\\'
    const kind = bytes[i++] as number
    if (kind === 0x78 /* x */) {
      const high = i < end ? hexDigit(bytes[i] as number) : -1
      const low = i + 1 < end ? hexDigit(bytes[i + 1] as number) : -1
      if (high < 0 || low < 0) return `\\x${readLatin1(bytes, i, Math.min(i + 2, end))}`
      out[size++] = high * 16 + low
      i += 2
    } else if (kind >= 0x30 && kind <= 0x37) {
      let value = kind - 0x30
      const stop = Math.min(i + 2, end)
      while (i < stop && (bytes[i] as number) >= 0x30 && (bytes[i] as number) <= 0x37) {
        value = value * 8 + (bytes[i++] as number) - 0x30
      }
      if (value > 0xff) return `\\${value.toString(8)}`
      out[size++] = value
    } else {
      const simple = SIMPLE[String.fromCharCode(kind)]
      if (simple !== undefined) out[size++] = simple
      else {
        out[size++] = 0x5c
        out[size++] = kind
      }
    }
  }
  return out.slice(0, size)
}
