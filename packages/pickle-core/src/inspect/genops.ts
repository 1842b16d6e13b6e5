import { readLong } from '../bytes/read-long.ts'
import { type Opcode, opcodeOf } from '../opcodes.ts'
import { fail, failEnd, failLength } from '../read/failures.ts'
import { inputBytes, type PickleInput } from '../read/input.ts'
import { resolveLoadOptions } from '../read/load-options.ts'
import { LoadCache, Machine } from '../read/machine.ts'
import { python2String } from '../read/python2-string.ts'
import { readText } from '../read/text.ts'
import {
  lineEnd,
  readFloatLine,
  readIndex,
  readInt,
  readLongLine,
  readNameLine,
  readPersistentLine,
  readStringLine,
  readUnicodeLine,
} from '../read/text-opcodes.ts'
import { CORE_REGISTRY } from '../registry/core-registry.ts'

/** One opcode of a pickle, as {@link genops} gives it. */
export interface Operation {
  readonly opcode: Opcode
  /**
   * Its argument, as pickletools decodes it; undefined if it has none. Ints are numbers where they are safe, else bigints; `00` and `01`
   * in a line are booleans; bytes are a view of the input; `GLOBAL` and `INST` give module and name with a blank between them. The
   * names and the persistent id of a line are as `loads` reads them: pickletools undoes escapes in them, and no unpickler does.
   */
  readonly arg: number | bigint | boolean | string | Uint8Array | undefined
  /** Where it begins, in bytes from the start of the input. */
  readonly pos: number
  /** Where the next one begins. */
  readonly end: number
}

/** Nothing here is built, so nothing has to be bounded. */
const LIMITS = {
  maxStringBytes: Number.POSITIVE_INFINITY,
  maxIntBytes: Number.POSITIVE_INFINITY,
  maxIntDigits: Number.POSITIVE_INFINITY,
}

/**
 * The opcodes of a pickle, one by one, up to its STOP; nothing is built, and nothing that it names is looked up. What `loads` refuses
 * as malformed is refused here, at the same byte: the arguments are read by the same code. A Python 2 `str` is read as latin-1.
 *
 * Source: CPython, Lib/pickletools.py, `genops`.
 *
 * @throws {@link UnpicklingError} at the first opcode that cannot be read.
 *
 * @example
 * ```ts
 * import { dumps } from '@pickle-ts/pickle-core'
 * import { genops } from '@pickle-ts/pickle-core/inspect'
 * const names = [...genops(dumps([1]))].map(({ opcode }) => opcode.name)
 * names.join(' ') // 'PROTO EMPTY_LIST MEMOIZE BININT1 APPEND STOP'
 * ```
 */
export function* genops(data: PickleInput): Generator<Operation, void, undefined> {
  const options = { encoding: 'latin1', surrogatePairs: 'merge', strict: false, limits: LIMITS } as const
  const m = new Machine(resolveLoadOptions(options, CORE_REGISTRY), new LoadCache(), inputBytes(data), 0)
  const { bytes } = m
  let pos = 0
  let end = bytes.length
  let inFrame = false
  for (;;) {
    if (pos >= end) {
      inFrame = false
      end = bytes.length
      if (pos >= end) failEnd(m, pos, 1, end, end)
    }
    const code = bytes[pos] as number
    const opcode = opcodeOf(code)
    if (opcode === undefined) fail(m, pos, 'opcode', { byte: code })
    const { arg, next } = readArgument(m, opcode, pos, end)
    if (opcode.name === 'FRAME') {
      if (inFrame) fail(m, pos, 'frame', { what: 'a frame begins inside another' })
      const size = arg as number | bigint
      if (size > end - next) failLength(m, pos, size, end - next, false)
      inFrame = true
      end = next + Number(size)
    }
    if (opcode.name === 'PROTO' && (arg as number) > 5) fail(m, pos, 'protocol', { protocol: arg as number })
    yield { opcode, arg, pos, end: next }
    if (opcode.name === 'STOP') return
    pos = next
  }
}

interface Argument {
  readonly arg: Operation['arg']
  readonly next: number
}

function readArgument(m: Machine, { name, argument }: Opcode, at: number, end: number): Argument {
  const start = at + 1
  switch (argument) {
    case 0:
      return { arg: undefined, next: start }
    case -1: {
      const newline = lineEnd(m, start, end, at)
      return { arg: readLine(m, name, start, newline, at), next: newline + 1 }
    }
    case -2: {
      const middle = lineEnd(m, start, end, at)
      const newline = lineEnd(m, middle + 1, end, at)
      const module = readNameLine(m, start, middle, at)
      return { arg: `${module} ${readNameLine(m, middle + 1, newline, at)}`, next: newline + 1 }
    }
    case 'c1':
    case 'c4':
    case 'c8': {
      const width = argument === 'c1' ? 1 : argument === 'c4' ? 4 : 8
      const size = readUint(m, start, width, at, end)
      const from = start + width
      // LONG4 alone has a signed length.
      if (size > end - from || (name === 'LONG4' && size > 0x7fff_ffff)) {
        failLength(m, at, size, end - from, end < m.inputEnd)
      }
      const next = from + Number(size)
      return { arg: readCounted(m, name, from, next, at), next }
    }
    default:
      return { arg: readFixed(m, name, argument, start, at, end), next: start + argument }
  }
}

function readLine(m: Machine, name: string, start: number, newline: number, at: number): Operation['arg'] {
  switch (name) {
    case 'INT':
      return readInt(m, start, newline, at)
    case 'LONG':
      return readLongLine(m, start, newline, at)
    case 'FLOAT':
      return readFloatLine(m, start, newline, at)
    case 'STRING':
      return readStringLine(m, start, newline, at) as string
    case 'UNICODE':
      return readUnicodeLine(m, start, newline, at)
    case 'PERSID':
      return readPersistentLine(m, start, newline, at)
    default: {
      const index = readIndex(m, start, newline, at)
      // pickletools reads an index as it reads INT.
      return newline - start === 2 && m.bytes[start] === 0x30 && index < 2 ? index === 1 : index
    }
  }
}

function readCounted(m: Machine, name: string, start: number, next: number, at: number): Operation['arg'] {
  switch (name) {
    case 'LONG1':
    case 'LONG4': {
      const int = readLong(m.bytes, start, next)
      return Number.isSafeInteger(Number(int)) ? Number(int) : int
    }
    case 'BINSTRING':
    case 'SHORT_BINSTRING':
      return python2String(m, m.bytes, start, next, at) as string
    case 'SHORT_BINUNICODE':
    case 'BINUNICODE':
    case 'BINUNICODE8':
      return readText(m, start, next, at)
    default:
      return m.bytes.subarray(start, next)
  }
}

function readFixed(
  m: Machine,
  name: string,
  width: 1 | 2 | 4 | 8,
  start: number,
  at: number,
  end: number,
): number | bigint {
  if (name === 'BINFLOAT') {
    if (end - start < 8) failEnd(m, at, 8, end, m.inputEnd)
    return m.view.getFloat64(start)
  }
  const value = readUint(m, start, width, at, end)
  return name === 'BININT' || name === 'EXT4' ? Number(value) | 0 : value
}

/** Little-endian, unsigned. */
function readUint(m: Machine, start: number, width: number, at: number, end: number): number | bigint {
  if (end - start < width) failEnd(m, at, width, end, m.inputEnd)
  if (width < 8) {
    let value = 0
    for (let i = width - 1; i >= 0; i--) value = value * 256 + (m.bytes[start + i] as number)
    return value
  }
  const value = m.view.getBigUint64(start, true)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}
