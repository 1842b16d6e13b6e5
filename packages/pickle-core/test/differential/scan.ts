/** Goes over the opcodes of a pickle that is known to be good, without a stack. */
import { OPCODES, type OpcodeArgument } from '../../src/opcodes.ts'

const BY_CODE: readonly (readonly [name: string, argument: OpcodeArgument] | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => {
    const opcode = OPCODES.find((row) => row.code === code)
    return opcode && ([opcode.name, opcode.argument] as const)
  },
)
const LITERAL = /UNICODE|BYTES/
/** The second argument of `_codecs.encode`, and of bytearray: the text before it is one that the pickler made. */
const CODECS = new Set(['latin1', 'latin-1'])

/** What a pickle is made of. */
export interface Scan {
  /** Names of the opcodes that occur. */
  readonly opcodes: ReadonlySet<string>
  /** Whether a str or bytes stands twice in it, as two objects. */
  readonly equalLiterals: boolean
  /** Whether it asks for the function getattr, by which protocols 0 to 3 write names with dots. */
  readonly getattr: boolean
  /** Whether a global stands twice in it: two globals of Python 3 that have one name in Python 2, as OSError and PermissionError. */
  readonly equalGlobals: boolean
}

/** The opcodes of a pickle, and whether equal strings stand in it twice. */
export function scan(pickle: Uint8Array): Scan {
  const bytes = Buffer.from(pickle.buffer, pickle.byteOffset, pickle.byteLength)
  const opcodes = new Set<string>()
  const seen = new Set<string>()
  const memo = new Map<number, string>()
  let memoSize = 0
  const globals: string[] = []
  let repeats = 0
  // What was pushed last, if nothing but a PUT came after it, and what there is to undo if the pickler made it itself.
  let last: string | undefined
  let undo: (() => void) | undefined
  for (let pos = 0; pos < bytes.length; ) {
    const [name, argument] = BY_CODE[bytes[pos++] as number] ?? ['?', 0]
    opcodes.add(name)
    const start = argument === 'c1' ? pos + 1 : argument === 'c4' ? pos + 4 : argument === 'c8' ? pos + 8 : pos
    const end = endOf(bytes, pos, argument)
    pos = end
    if (/PUT|MEMOIZE/.test(name)) {
      if (last !== undefined) memo.set(name === 'MEMOIZE' ? memoSize : numberAt(bytes, start, end, argument), last)
      memoSize++
      continue
    }
    if (name === 'GLOBAL') globals.push(bytes.toString('latin1', start, end))
    let pushed: string | undefined
    const before = undo
    undo = undefined
    if (LITERAL.test(name)) {
      const text = bytes.toString('latin1', start, argument === -1 ? end - 1 : end)
      const key = name.includes('UNICODE') ? text : `bytes ${text}`
      const isRepeated = seen.has(key)
      if (isRepeated) repeats++
      seen.add(key)
      // One of a single character is CPython's shared one.
      if (!isOneCharacter(name, text)) undo = () => (isRepeated ? repeats-- : seen.delete(key))
      pushed = key
    } else if (/GET/.test(name)) {
      pushed = memo.get(numberAt(bytes, start, end, argument))
    }
    if (pushed !== undefined && CODECS.has(pushed)) before?.()
    last = pushed
  }
  return {
    opcodes,
    equalLiterals: repeats > 0,
    getattr: globals.some((line) => /^(__builtin__|builtins)\ngetattr\n$/.test(line)),
    equalGlobals: new Set(globals).size < globals.length,
  }
}

function isOneCharacter(name: string, text: string): boolean {
  if (name === 'UNICODE') return text.length === 1 || /^\\u[0-9a-f]{4}$/.test(text)
  return Buffer.from(text, 'latin1').toString('utf8').length === 1
}

function endOf(bytes: Buffer, pos: number, argument: OpcodeArgument): number {
  switch (argument) {
    case -1:
      return bytes.indexOf(10, pos) + 1
    case -2:
      return bytes.indexOf(10, bytes.indexOf(10, pos) + 1) + 1
    case 'c1':
      return pos + 1 + (bytes[pos] as number)
    case 'c4':
      return pos + 4 + bytes.readUInt32LE(pos)
    case 'c8':
      return pos + 8 + Number(bytes.readBigUInt64LE(pos))
    default:
      return pos + argument
  }
}

function numberAt(bytes: Buffer, start: number, end: number, argument: OpcodeArgument): number {
  if (argument === -1) return Number(bytes.toString('latin1', start, end - 1))
  return argument === 1 ? (bytes[start] as number) : bytes.readUInt32LE(start)
}
