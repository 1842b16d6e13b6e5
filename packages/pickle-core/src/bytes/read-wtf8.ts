/**
 * WTF-8 decoding: UTF-8 with `surrogatepass`, as Python reads the strings of a pickle.
 *
 * The platform's decoders refuse or replace a lone surrogate, so this one decides about everything that they do not accept.
 */

/** Not UTF-8: overlong, cut, over U+10FFFF, a stray continuation byte. */
export const NOT_UTF8 = 0
/** Two surrogates, each written as a code point of its own. */
export const SURROGATE_PAIR = 1

/** What {@link readWtf8} does with what strict UTF-8 forbids. */
export interface Wtf8Options {
  /** Lone surrogates are kept. */
  readonly surrogates: boolean
  /** Two surrogates in a row become the one character that they are in JavaScript. */
  readonly mergePairs: boolean
  /** Put in the place of each invalid part; undefined for none: then the result is {@link NOT_UTF8}. */
  readonly replacement: string | undefined
}

/** The string of these bytes, or why there is none. */
export function readWtf8(bytes: Uint8Array, start: number, end: number, options: Wtf8Options): string | 0 | 1 {
  let text = ''
  let units: number[] = []
  let highEnd = -1
  let i = start
  while (i < end) {
    if (units.length >= 1024) {
      text += String.fromCharCode(...units)
      units = []
    }
    const lead = bytes[i] as number
    if (lead < 0x80) {
      units.push(lead)
      i++
      continue
    }
    const size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
    let point = size === 2 ? lead & 0x1f : size === 3 ? lead & 0x0f : lead & 0x07
    let taken = 1
    while (taken < size && i + taken < end) {
      const next = bytes[i + taken] as number
      if ((next & 0xc0) !== 0x80 || (taken === 1 && !secondFits(lead, next, options.surrogates))) break
      point = (point << 6) | (next & 0x3f)
      taken++
    }
    if (size === 0 || taken < size) {
      // The longest valid start counts as one invalid part, as in Python.
      if (options.replacement === undefined) return NOT_UTF8
      for (let c = 0; c < options.replacement.length; c++) units.push(options.replacement.charCodeAt(c))
      i += taken
      continue
    }
    if (point > 0xffff) units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff))
    else {
      if (point >= 0xdc00 && point < 0xe000 && highEnd === i && !options.mergePairs) return SURROGATE_PAIR
      if (point >= 0xd800 && point < 0xdc00) highEnd = i + size
      units.push(point)
    }
    i += size
  }
  return text + String.fromCharCode(...units)
}

/** The second byte rules out overlong forms, surrogates where they are not wanted, and points over U+10FFFF. */
function secondFits(lead: number, second: number, surrogates: boolean): boolean {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0
    case 0xed:
      return surrogates || second < 0xa0
    case 0xf0:
      return second >= 0x90
    case 0xf4:
      return second < 0x90
    default:
      return true
  }
}
