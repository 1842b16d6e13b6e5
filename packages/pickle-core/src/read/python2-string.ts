/** The strings of Python 2 (STRING, BINSTRING, SHORT_BINSTRING): bytes, in an encoding that the pickle does not name. */
import { readLatin1 } from '../bytes/read-latin1.ts'
import { NOT_UTF8, readWtf8 } from '../bytes/read-wtf8.ts'
import { MAX_HASHED_UNITS } from '../values/long-string-map.ts'
import { fail } from './failures.ts'
import type { Machine } from './machine.ts'

/** The value of a Python 2 str under the options `encoding` and `errors`. */
export function python2String(
  m: Machine,
  bytes: Uint8Array,
  start: number,
  end: number,
  at: number,
): string | Uint8Array {
  const { encoding, errors } = m.settings
  if (end - start > MAX_HASHED_UNITS) m.longTexts++
  if (encoding === 'bytes') return new Uint8Array(bytes.subarray(start, end))
  if (encoding === 'latin1') return readLatin1(bytes, start, end)
  let first = start
  while (first < end && (bytes[first] as number) < 0x80) first++
  if (first === end) return readLatin1(bytes, start, end)
  if (encoding === 'ASCII') {
    if (errors === 'strict') fail(m, at, 'encoding', { encoding, byte: bytes[first] as number })
    const text = readLatin1(bytes, start, end)
    return text.replace(/[\x80-\xff]/g, errors === 'replace' ? '\ufffd' : '')
  }
  const replacement = errors === 'strict' ? undefined : errors === 'replace' ? '\ufffd' : ''
  const text = readWtf8(bytes, start, end, { surrogates: false, mergePairs: false, replacement })
  if (text === NOT_UTF8) fail(m, at, 'encoding', { encoding, byte: bytes[first] as number })
  return text as string
}
