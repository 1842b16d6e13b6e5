/** Changes to real pickles, by opcode: most blind changes end at the first guard, these reach the plugin. */
import { genops } from '../inspect/genops.ts'
import { OPCODES } from '../opcodes.ts'
import type { Random } from './random.ts'

/** The bytes of one opcode and its argument. */
type Op = Uint8Array

/** The opcodes of a pickle. FRAMEs are left out: their lengths would no longer fit, and nothing behind them would be read. */
export function opcodesOf(pickle: Uint8Array): readonly Op[] {
  return [...genops(pickle)]
    .filter(({ opcode }) => opcode.name !== 'FRAME')
    .map(({ pos, end }) => pickle.slice(pos, end))
}

/** Opcodes that take as many values as one another, give as many, and have arguments of one form. */
const ALIKE: readonly (readonly string[])[] = [
  ['NONE', 'NEWTRUE', 'NEWFALSE', 'EMPTY_LIST', 'EMPTY_DICT', 'EMPTY_TUPLE', 'EMPTY_SET'],
  ['BINUNICODE', 'BINBYTES', 'BINSTRING'],
  ['SHORT_BINUNICODE', 'SHORT_BINBYTES', 'SHORT_BINSTRING', 'LONG1'],
  ['BINUNICODE8', 'BINBYTES8', 'BYTEARRAY8'],
  ['INT', 'LONG', 'FLOAT', 'STRING', 'UNICODE'],
  ['TUPLE', 'LIST', 'FROZENSET', 'DICT'],
  ['APPENDS', 'SETITEMS', 'ADDITEMS'],
  ['TUPLE1', 'BINPERSID', 'READONLY_BUFFER'],
  ['APPEND', 'REDUCE', 'NEWOBJ', 'BUILD', 'TUPLE2'],
  ['SETITEM', 'TUPLE3', 'NEWOBJ_EX'],
  ['BINPUT', 'BINGET'],
  ['LONG_BINPUT', 'LONG_BINGET'],
  ['PUT', 'GET'],
  ['DUP', 'MEMOIZE', 'POP'],
]
const CODES: ReadonlyMap<string, number> = new Map(OPCODES.map(({ name, code }) => [name, code]))
const NAMES: ReadonlyMap<number, string> = new Map(OPCODES.map(({ name, code }) => [code, name]))

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

/** Whole values to put in the place of one, each of opcodes that push it. */
const ATOMS: readonly Op[] = [
  'N',
  '\x88',
  'K\x00',
  'J\xff\xff\xff\xff',
  'J\xff\xff\xff\x7f',
  '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f',
  'G\x7f\xef\xff\xff\xff\xff\xff\xff',
  'G\x7f\xf8\x00\x00\x00\x00\x00\x00',
  'X\x00\x00\x00\x00',
  'X\x09\x00\x00\x00__proto__',
  'X\x0b\x00\x00\x00constructor',
  'C\x03abc',
  'C\x00',
  ']',
  '}',
  ')',
].map(ascii)

const PUSHES = 'INT BININT BININT1 BININT2 LONG LONG1 BINFLOAT FLOAT SHORT_BINUNICODE BINUNICODE UNICODE'.split(' ')
const VALUES = [
  ...PUSHES,
  ...'NONE NEWTRUE NEWFALSE SHORT_BINBYTES BINBYTES EMPTY_LIST EMPTY_DICT EMPTY_TUPLE'.split(' '),
]
const MEMO = ['GET', 'BINGET', 'LONG_BINGET', 'PUT', 'BINPUT', 'LONG_BINPUT']
const BOUNDARY_BYTES = [0, 1, 0x2f, 0x30, 0x39, 0x7f, 0x80, 0xff]

type Mutation = (ops: Op[], random: Random) => void

/** The index of one of the opcodes with these names, or of any. */
function pickOp(ops: readonly Op[], random: Random, names: readonly string[]): number {
  const places = ops.flatMap((op, index) => (names.includes(NAMES.get(op[0] as number) as string) ? [index] : []))
  return places.length === 0 ? random.below(ops.length) : random.pick(places)
}

/** One byte of the argument of an opcode that pushes a value: most of these still load. */
const changeByte: Mutation = (ops, random) => {
  const index = pickOp(ops, random, PUSHES)
  const op = (ops[index] as Op).slice()
  // The last bytes are content, the first ones opcode and length.
  const at = op.length - 1 - random.below(Math.min(op.length, 8))
  const byte = op[at] as number
  const near = byte + random.pick([-1, 1])
  op[at] = random.pick([near, byte ^ (1 << random.below(8)), random.pick(BOUNDARY_BYTES)])
  ops[index] = op
}

const insertByte: Mutation = (ops, random) => {
  ops.splice(random.below(ops.length), 0, Uint8Array.of(random.below(256)))
}

const cut: Mutation = (ops, random) => {
  if (random.chance(0.5)) ops.splice(random.below(ops.length))
  else ops.splice(random.below(ops.length), 1)
}

const swapOpcode: Mutation = (ops, random) => {
  const index = random.below(ops.length)
  const op = ops[index] as Op
  const group = ALIKE.find((names) => names.includes(NAMES.get(op[0] as number) as string))
  if (group === undefined) return changeByte(ops, random)
  const changed = op.slice()
  changed[0] = CODES.get(random.pick(group)) as number
  ops[index] = changed
}

const memoIndex: Mutation = (ops, random) => {
  const index = pickOp(ops, random, MEMO)
  const name = NAMES.get((ops[index] as Op)[0] as number)
  if (MEMO.includes(name as string)) {
    const changed = (ops[index] as Op).slice()
    const isLine = name === 'GET' || name === 'PUT'
    changed[1] = isLine ? 0x30 + random.below(10) : random.below(16)
    ops[index] = changed
  } else {
    // Something that is in the memo, in the place of a value.
    ops[pickOp(ops, random, VALUES)] = Uint8Array.of(0x68, random.below(16)) // BINGET
  }
}

const replaceValue: Mutation = (ops, random) => {
  ops[pickOp(ops, random, VALUES)] = random.pick(ATOMS)
}

const moveOp: Mutation = (ops, random) => {
  const [op] = ops.splice(pickOp(ops, random, VALUES), 1)
  if (op !== undefined) ops.splice(random.below(ops.length + 1), 0, op)
}

const repeatOp: Mutation = (ops, random) => {
  const index = random.below(ops.length)
  ops.splice(index, 0, ...new Array<Op>(1 + random.below(3)).fill(ops[index] as Op))
}

const MUTATIONS: readonly Mutation[] = [
  ...[changeByte, changeByte, changeByte, replaceValue, replaceValue],
  ...[insertByte, cut, swapOpcode, memoIndex, moveOp, repeatOp],
]

/** A changed pickle; now and then it is changed twice. */
export function mutate(opcodes: readonly Op[], random: Random): Uint8Array {
  const ops = [...opcodes]
  random.pick(MUTATIONS)(ops, random)
  if (random.chance(0.2) && ops.length > 0) random.pick(MUTATIONS)(ops, random)
  const bytes = new Uint8Array(ops.reduce((size, op) => size + op.length, 0))
  let pos = 0
  for (const op of ops) {
    bytes.set(op, pos)
    pos += op.length
  }
  return bytes
}
