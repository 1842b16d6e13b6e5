/**
 * The arguments of text opcodes: INT, LONG, FLOAT, GET, PUT, STRING, UNICODE, GLOBAL, INST, PERSID.
 *
 * CPython's two unpicklers and its disassembler disagree on most of what is not exactly what a pickler writes (`I0x10`, `I 1`,
 * `F1_0.5`, `I1\0junk`). These grammars take what picklers write. Without `strict`, INT, LONG, FLOAT, GET and PUT also take
 * leading zeros, and a carriage return before the newline.
 */
import { readLatin1 } from '../bytes/read-latin1.ts'
import { readRawUnicodeEscape } from '../bytes/read-raw-unicode-escape.ts'
import { readStringEscape } from '../bytes/read-string-escape.ts'
import { excerpt } from '../errors.ts'
import { MAX_HASHED_UNITS } from '../values/long-string-map.ts'
import { fail, failEnd, failLimit } from './failures.ts'
import type { Machine } from './machine.ts'
import { python2String } from './python2-string.ts'
import { readText } from './text.ts'

/** The position of the newline that ends the line at `start`. It must be there, and inside the frame: a cut name is no name. */
export function lineEnd(m: Machine, start: number, end: number, at: number): number {
  const newline = m.bytes.indexOf(0x0a, start)
  if (newline < 0 || newline >= end) failEnd(m, at, m.inputEnd - at, end, m.inputEnd)
  const { maxStringBytes } = m.settings.limits
  if (newline - start > maxStringBytes) failLimit(m, at, 'maxStringBytes', newline - start, maxStringBytes)
  return newline
}

/** The line without the carriage return that compat allows. */
function numberEnd(m: Machine, start: number, newline: number): number {
  return !m.settings.strict && newline > start && m.bytes[newline - 1] === 0x0d ? newline - 1 : newline
}

/** The argument of INT: an int, or a bool as `00` or `01`. */
export function readInt(m: Machine, start: number, newline: number, at: number): number | bigint | boolean {
  const stop = numberEnd(m, start, newline)
  if (stop - start === 2 && m.bytes[start] === 0x30) {
    if (m.bytes[start + 1] === 0x30) return false
    if (m.bytes[start + 1] === 0x31) return true
  }
  return readDecimal(m, start, stop, at)
}

/** The argument of LONG: an int, with or without an `L`. */
export function readLongLine(m: Machine, start: number, newline: number, at: number): number | bigint {
  const stop = numberEnd(m, start, newline)
  return readDecimal(m, start, stop > start && m.bytes[stop - 1] === 0x4c ? stop - 1 : stop, at)
}

function readDecimal(m: Machine, start: number, stop: number, at: number): number | bigint {
  const { bytes, settings } = m
  const negative = bytes[start] === 0x2d
  const first = negative ? start + 1 : start
  const digits = stop - first
  if (digits > settings.limits.maxIntDigits) failLimit(m, at, 'maxIntDigits', digits, settings.limits.maxIntDigits)
  if (
    digits < 1 ||
    !isDigits(bytes, first, stop) ||
    (settings.strict && hasLeadingZero(bytes, first, stop, negative))
  ) {
    failNumber(m, at, start, stop, 'an int')
  }
  const text = readLatin1(bytes, start, stop)
  return digits < 16 ? Number(text) + 0 : BigInt(text)
}

/** `007`, and also `-0`: no pickler writes these. */
function hasLeadingZero(bytes: Uint8Array, first: number, stop: number, negative: boolean): boolean {
  return bytes[first] === 0x30 && (negative || stop - first > 1)
}

function isDigits(bytes: Uint8Array, start: number, stop: number): boolean {
  for (let i = start; i < stop; i++) if (((bytes[i] as number) - 0x30) >>> 0 > 9) return false
  return true
}

/** The argument of FLOAT: what Python's `repr` gives, and `1`, `1.` and `.5`. */
export function readFloatLine(m: Machine, start: number, newline: number, at: number): number {
  const { bytes } = m
  const stop = numberEnd(m, start, newline)
  let i = bytes[start] === 0x2d ? start + 1 : start
  const name = readLatin1(bytes, i, Math.min(stop, i + 4))
  if (name === 'inf') return i === start ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  if (name === 'nan' && i === start) return Number.NaN
  const digits = (): number => {
    const from = i
    while (i < stop && ((bytes[i] as number) - 0x30) >>> 0 <= 9) i++
    return i - from
  }
  let count = digits()
  if (i < stop && bytes[i] === 0x2e) {
    i++
    count += digits()
  }
  let valid = count > 0
  if (valid && i < stop && ((bytes[i] as number) | 0x20) === 0x65) {
    i++
    if (bytes[i] === 0x2b || bytes[i] === 0x2d) i++
    valid = digits() > 0
  }
  const value = valid && i === stop ? Number(readLatin1(bytes, start, stop)) : Number.NaN
  // Python refuses to read 1e400 as infinity.
  if (!Number.isFinite(value)) failNumber(m, at, start, stop, 'a float')
  return value
}

/** The memo index of GET or PUT: decimal digits. */
export function readIndex(m: Machine, start: number, newline: number, at: number): number {
  const { bytes, settings } = m
  const stop = numberEnd(m, start, newline)
  const index =
    stop - start > 0 && stop - start <= 16 && isDigits(bytes, start, stop) ? decimal(bytes, start, stop) : -1
  if (!Number.isSafeInteger(index) || index < 0 || (settings.strict && hasLeadingZero(bytes, start, stop, false))) {
    fail(m, at, 'memo-index', { text: lineExcerpt(m, start, stop) })
  }
  return index
}

function decimal(bytes: Uint8Array, start: number, stop: number): number {
  let value = 0
  for (let i = start; i < stop; i++) value = value * 10 + ((bytes[i] as number) - 0x30)
  return value
}

/** The argument of STRING: a quoted `repr` of a Python 2 str. */
export function readStringLine(m: Machine, start: number, newline: number, at: number): unknown {
  const { bytes } = m
  const quote = bytes[start]
  if (newline - start < 2 || (quote !== 0x27 && quote !== 0x22) || bytes[newline - 1] !== quote) {
    fail(m, at, 'quoting', undefined)
  }
  const unescaped = readStringEscape(bytes, start + 1, newline - 1)
  if (typeof unescaped === 'string') fail(m, at, 'escape', { text: excerpt(unescaped) })
  return python2String(m, unescaped, 0, unescaped.length, at)
}

/** The argument of UNICODE. */
export function readUnicodeLine(m: Machine, start: number, newline: number, at: number): string {
  const { text, badEscape, surrogatePair } = readRawUnicodeEscape(m.bytes, start, newline)
  if (badEscape !== undefined) fail(m, at, 'escape', { text: excerpt(badEscape) })
  if (surrogatePair && !m.settings.mergePairs) fail(m, at, 'surrogate-pair', undefined)
  if (text.length > MAX_HASHED_UNITS) m.longTexts++
  return text
}

/** A module or a name of GLOBAL or INST. */
export function readNameLine(m: Machine, start: number, newline: number, at: number): string {
  if (newline === start) fail(m, at, 'name', { what: 'a global has an empty module or name' })
  return readText(m, start, newline, at)
}

/** The argument of PERSID. */
export function readPersistentLine(m: Machine, start: number, newline: number, at: number): string {
  for (let i = start; i < newline; i++) {
    if ((m.bytes[i] as number) >= 0x80) fail(m, at, 'name', { what: 'a persistent id in protocol 0 must be ASCII' })
  }
  return readLatin1(m.bytes, start, newline)
}

function lineExcerpt(m: Machine, start: number, stop: number): string {
  return excerpt(readLatin1(m.bytes, start, Math.min(stop, start + 65)))
}

function failNumber(m: Machine, at: number, start: number, stop: number, as: string): never {
  fail(m, at, 'number', { text: lineExcerpt(m, start, stop), as })
}
