/**
 * A pickle as a list of opcodes in which equal strings are one object: the second push of an equal str or bytes is a GET.
 *
 * Strings have no identity in JavaScript, so two pickles that differ in nothing else are the same pickle to this codec. Frames and the
 * widths of memo opcodes are left out, because they follow from the rest.
 */
import { genops } from '@pickle-ts/pickle-core/inspect'

const PUTS = new Set(['PUT', 'BINPUT', 'LONG_BINPUT', 'MEMOIZE'])
const GETS = new Set(['GET', 'BINGET', 'LONG_BINGET'])
const STRINGS: Readonly<Record<string, string>> = {
  UNICODE: 'str',
  BINUNICODE: 'str',
  SHORT_BINUNICODE: 'str',
  BINUNICODE8: 'str',
  BINBYTES: 'bytes',
  SHORT_BINBYTES: 'bytes',
  BINBYTES8: 'bytes',
}

/** A line an opcode, and how many strings became a GET. */
export function withStringsShared(bytes: Uint8Array): { readonly lines: readonly string[]; readonly shared: number } {
  const lines: string[] = []
  /** Memo indexes here, by string and by memo index there. */
  const strings = new Map<string, number>()
  const memo = new Map<number, number>()
  let shared = 0
  let puts = 0
  let next = 0
  let string: string | undefined
  for (const { opcode, arg, pos, end } of genops(bytes)) {
    const { name } = opcode
    if (name === 'FRAME') continue
    if (PUTS.has(name)) {
      const known = string === undefined ? undefined : strings.get(string)
      memo.set(name === 'MEMOIZE' ? puts : Number(arg), known ?? next)
      puts++
      if (known === undefined) {
        lines.push(`PUT ${next}`)
        if (string !== undefined) strings.set(string, next)
        next++
      } else {
        lines[lines.length - 1] = `GET ${known}`
        shared++
      }
      string = undefined
    } else if (GETS.has(name)) {
      lines.push(`GET ${memo.get(Number(arg))}`)
      string = undefined
    } else {
      const argument = Buffer.from(bytes.subarray(pos + 1, end)).toString('latin1')
      lines.push(`${name} ${argument}`)
      const kind = STRINGS[name]
      string = kind === undefined ? undefined : `${kind} ${argument}`
    }
  }
  return { lines, shared }
}
