/**
 * The `raw-unicode-escape` text of the UNICODE opcode: latin-1, with \u and \U for the rest and for what would end the line.
 * Source: CPython, Modules/_pickle.c, `raw_unicode_escape`.
 */

/** The line for a string, one character per byte, without its newline. */
export function escapeRawUnicode(text: string): string {
  let line = ''
  for (const char of text) {
    const point = char.codePointAt(0) as number
    if (point > 0xffff) line += `\\U${point.toString(16).padStart(8, '0')}`
    else if (point > 0xff || point === 0x5c || point === 0 || point === 0x0a || point === 0x0d || point === 0x1a) {
      line += `\\u${point.toString(16).padStart(4, '0')}`
    } else line += char
  }
  return line
}
