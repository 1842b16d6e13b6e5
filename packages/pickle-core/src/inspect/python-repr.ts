/** Python's `repr` of the arguments of opcodes. Source: CPython, Objects/unicodeobject.c and bytesobject.c. */
import { floatRepr } from '../bytes/float-repr.ts'
import { readStringEscape } from '../bytes/read-string-escape.ts'
import type { Operation } from './genops.ts'
import { writtenCharacters } from './written-characters.ts'

/** The `repr` of an argument, as `pickletools.dis` prints it. `bytes` is the pickle. */
export function argumentRepr(operation: Operation, bytes: Uint8Array): string {
  const { opcode, arg } = operation
  switch (typeof arg) {
    case 'string': {
      const { name } = opcode
      if (name === 'GLOBAL' || name === 'INST' || name === 'PERSID') return strRepr(undoEscapes(arg))
      return strRepr(arg, writtenCharacters(operation, bytes))
    }
    case 'boolean':
      return arg ? 'True' : 'False'
    case 'number':
      return opcode.name === 'FLOAT' || opcode.name === 'BINFLOAT' ? floatRepr(arg) : String(arg)
    case 'bigint':
      return String(arg)
    case 'undefined':
      return ''
    default:
      return opcode.name === 'BYTEARRAY8' ? `bytearray(${bytesRepr(arg, true)})` : bytesRepr(arg, false)
  }
}

/**
 * pickletools undoes escapes in names and persistent ids, though no unpickler does: `a\\x41` loads as it stands, and prints as `aA`.
 * What is no valid escape stays; pickletools raises an error there.
 */
function undoEscapes(text: string): string {
  if (!text.includes('\\')) return text
  const escaped = new TextEncoder().encode(text)
  const bytes = readStringEscape(escaped, 0, escaped.length)
  if (typeof bytes === 'string') return text
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return text
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Python does not print these as they are: control, format, surrogate, private and unassigned characters, and blanks but the space. */
const UNPRINTABLE = /[\p{C}\p{Z}]/u

/** Printable ASCII without quotes and backslashes: most texts. */
const PLAIN = /^[ !#-&(-[\]-~]*$/

/** `repr` of a str, by its characters. */
export function strRepr(text: string, characters: Iterable<string> = text): string {
  if (PLAIN.test(text)) return `'${text}'`
  const quote = quoteFor(text.includes("'"), text.includes('"'))
  let out = quote
  for (const char of characters) {
    if (char === quote) out += `\\${quote}`
    else if (char in ESCAPES) out += ESCAPES[char]
    else if (char === ' ' || !UNPRINTABLE.test(char)) out += char
    else out += escapeOf(char.codePointAt(0) as number)
  }
  return out + quote
}

function escapeOf(code: number): string {
  if (code <= 0xff) return `\\x${hex(code, 2)}`
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

/** `repr` of bytes. That of a bytearray has a backslash before each single quote, between double quotes too. */
export function bytesRepr(bytes: Uint8Array, escapesSingle: boolean): string {
  const quote = quoteFor(bytes.includes(0x27), bytes.includes(0x22))
  let out = `b${quote}`
  for (const byte of bytes) {
    const char = String.fromCharCode(byte)
    if (char === quote || (escapesSingle && byte === 0x27)) out += `\\${char}`
    else if (char in ESCAPES) out += ESCAPES[char]
    else if (byte >= 0x20 && byte < 0x7f) out += char
    else out += `\\x${hex(byte, 2)}`
  }
  return out + quote
}

/** Single quotes, unless there are some inside, and no double ones. */
function quoteFor(single: boolean, double: boolean): "'" | '"' {
  return single && !double ? '"' : "'"
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
