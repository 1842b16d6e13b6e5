import type { Operation } from './genops.ts'

/**
 * The characters of a text as the pickle writes them. JavaScript takes two surrogates that stand side by side for the character that they
 * make; Python keeps them apart, and so they are given here, one by one. The text itself, where there is nothing to keep apart.
 */
export function writtenCharacters({ opcode, arg, pos, end }: Operation, bytes: Uint8Array): Iterable<string> {
  const text = String(arg)
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return text
  switch (opcode.name) {
    case 'UNICODE':
      return rawUnicodeEscape(bytes, pos + 1, end - 1)
    case 'SHORT_BINUNICODE':
      return utf8(bytes, pos + 2, end)
    case 'BINUNICODE':
      return utf8(bytes, pos + 5, end)
    case 'BINUNICODE8':
      return utf8(bytes, pos + 9, end)
    default:
      return text
  }
}

/** The bytes were read once already, so they are valid. */
function* utf8(bytes: Uint8Array, start: number, end: number): Generator<string, void, undefined> {
  let i = start
  while (i < end) {
    const first = bytes[i++] as number
    let more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
    let code = more === 0 ? first : first & (0x3f >> more)
    for (; more > 0; more--) code = (code << 6) | ((bytes[i++] as number) & 0x3f)
    yield String.fromCodePoint(code)
  }
}

/** An escape is one after an odd number of backslashes. */
function* rawUnicodeEscape(bytes: Uint8Array, start: number, end: number): Generator<string, void, undefined> {
  let i = start
  while (i < end) {
    const char = String.fromCharCode(bytes[i++] as number)
    const kind = i < end ? String.fromCharCode(bytes[i] as number) : ''
    if (char !== '\\' || !/[uU\\]/.test(kind)) yield char
    else if (kind === '\\') {
      yield '\\'
      yield '\\'
      i++
    } else {
      const stop = i + (kind === 'u' ? 5 : 9)
      const digits = String.fromCharCode(...bytes.subarray(i + 1, stop))
      yield String.fromCodePoint(Number.parseInt(digits, 16))
      i = stop
    }
  }
}
