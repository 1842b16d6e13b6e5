/**
 * The strings of a pickle: WTF-8.
 *
 * Short ASCII strings, nearly all there are, are cut from a part of the input that was decoded once as latin-1: 13 ns at any
 * length, where a call of a decoder costs 50 to 110 (Node 24). From 13 characters on V8 makes such a string a slice that keeps
 * the whole part alive, so parts are small. Where no decoder does latin-1, as in browsers, they are made of their characters.
 */
import { NATIVE_LATIN1, readLatin1 } from '../bytes/read-latin1.ts'
import { NOT_UTF8, readWtf8, SURROGATE_PAIR } from '../bytes/read-wtf8.ts'
import { MAX_HASHED_UNITS } from '../values/long-string-map.ts'
import { fail, failLimit } from './failures.ts'
import type { Machine } from './machine.ts'

const CHUNK = 4096
/** From here on one call of the platform's decoder is cheaper: than the loop that looks for non-ASCII bytes, or than characters one by one. */
export const LONG_TEXT: number = NATIVE_LATIN1 ? 200 : 64
/** V8's own bound. */
const ENGINE_MAX_STRING = 536_870_888

const UTF8: TextDecoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The string of the bytes from `start` to `end`. */
export function readText(m: Machine, start: number, end: number, at: number): string {
  const { bytes } = m
  if (end - start > m.longText) return readLongText(m, start, end, at)
  let high = 0
  for (let i = start; i < end; i++) high |= bytes[i] as number
  if (high >= 0x80) return readOtherText(m, start, end, at)
  if (!NATIVE_LATIN1) return readLatin1(bytes, start, end)
  if (start < m.chunkStart || end > m.chunkEnd) decodeChunk(m, start)
  return m.chunk.substring(start - m.chunkStart, end - m.chunkStart)
}

/** The same, for a short string that is a key of a dict. */
export function readKey(m: Machine, start: number, end: number, at: number): string {
  const { keys } = m.cache
  const size = end - start
  return keys.find(m.bytes, start, size) || keys.add(readText(m, start, end, at), m.bytes, start, size)
}

function decodeChunk(m: Machine, start: number): void {
  // Strings that lie far apart are not worth a whole part each.
  const size = start - m.chunkEnd < CHUNK >> 2 ? CHUNK : CHUNK >> 3
  m.chunkStart = start
  m.chunkEnd = Math.min(start + size, m.inputEnd)
  m.chunk = readLatin1(m.bytes, start, m.chunkEnd)
}

function readLongText(m: Machine, start: number, end: number, at: number): string {
  const { maxStringBytes } = m.settings.limits
  const max = Math.min(maxStringBytes, ENGINE_MAX_STRING)
  if (end - start > max) failLimit(m, at, 'maxStringBytes', end - start, max)
  if (end - start > MAX_HASHED_UNITS) m.longTexts++
  try {
    return UTF8.decode(m.bytes.subarray(start, end))
  } catch {
    return readOtherText(m, start, end, at)
  }
}

function readOtherText(m: Machine, start: number, end: number, at: number): string {
  const { mergePairs } = m.settings
  const text = readWtf8(m.bytes, start, end, { surrogates: true, mergePairs, replacement: undefined })
  if (text === NOT_UTF8) fail(m, at, 'utf8', undefined)
  if (text === SURROGATE_PAIR) fail(m, at, 'surrogate-pair', undefined)
  return text
}
