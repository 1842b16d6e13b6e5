/**
 * A pickle as a list of opcodes in which equal strings are one object: the second push of an equal str or bytes is a GET.
 *
 * Strings have no identity in JavaScript, so two pickles that differ in nothing else are the same pickle to this codec. Frames and the
 * widths of memo opcodes are left out, because they follow from the rest.
 */
import { type Opcode, opcodeOf } from '../src/opcodes.ts'

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

interface Step {
  readonly name: string
  /** What follows the opcode, without its length. */
  readonly argument: string
}

function* stepsOf(bytes: Uint8Array): Generator<Step> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < view.length; ) {
    const { name, argument } = opcodeOf(view[at] as number) as Opcode
    let start = ++at
    let end = start
    if (typeof argument === 'string') {
      const width = Number(argument.slice(1))
      start += width
      end = start + view.readUIntLE(at, Math.min(width, 6))
    } else if (argument < 0) for (let line = argument; line < 0; line++) end = view.indexOf(0x0a, end) + 1
    else end += argument
    yield { name, argument: view.toString('latin1', start, end) }
    at = end
  }
}

/** A line an opcode. */
export function withStringsShared(bytes: Uint8Array): string[] {
  const lines: string[] = []
  /** Memo indexes here, by string and by memo index there. */
  const strings = new Map<string, number>()
  const memo = new Map<number, number>()
  let puts = 0
  let next = 0
  let string: string | undefined
  for (const { name, argument } of stepsOf(bytes)) {
    if (name === 'FRAME') continue
    if (PUTS.has(name)) {
      const known = string === undefined ? undefined : strings.get(string)
      memo.set(name === 'MEMOIZE' ? puts : indexOf(name, argument), known ?? next)
      puts++
      if (known === undefined) {
        lines.push(`PUT ${next}`)
        if (string !== undefined) strings.set(string, next)
        next++
      } else lines[lines.length - 1] = `GET ${known}`
      string = undefined
    } else if (GETS.has(name)) {
      lines.push(`GET ${memo.get(indexOf(name, argument))}`)
      string = undefined
    } else {
      lines.push(`${name} ${argument}`)
      const kind = STRINGS[name]
      string = kind === undefined ? undefined : `${kind} ${argument}`
    }
  }
  return lines
}

function indexOf(name: string, argument: string): number {
  if (name === 'PUT' || name === 'GET') return Number(argument)
  return Buffer.from(argument, 'latin1').readUIntLE(0, argument.length)
}
