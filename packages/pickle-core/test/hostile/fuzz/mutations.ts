/**
 * Changes to a pickle, by class. Blind changes nearly all end at the first guard; these know the opcodes, so that of each class
 * a good part still loads and reaches what lies behind.
 */
import type { OpcodeArgument } from '../../../src/opcodes.ts'
import type { Random } from '../random.ts'
import { contentOf, counted, joinFramed, joinOps, type Op, op, opcodeNamed, PROTO, STOP } from './ops.ts'

/** Changes a list of opcodes, which it may change in place. Bytes that are given are the pickle as it is. */
type Mutation = (ops: Op[], random: Random, other?: readonly Op[]) => Op[] | Uint8Array

/** Opcodes that push one value and take none. */
const ATOMS: readonly Op[] = [
  op('NONE'),
  op('NEWTRUE'),
  op('NEWFALSE'),
  op('BININT1', [1]),
  op('BININT', [0xff, 0xff, 0xff, 0x7f]),
  op('LONG1', [0]),
  op('LONG1', [9, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
  op('BINFLOAT', [0x7f, 0xf8, 0, 0, 0, 0, 0, 1]),
  op('BINFLOAT', [0x80, 0, 0, 0, 0, 0, 0, 0]),
  op('EMPTY_LIST'),
  op('EMPTY_DICT'),
  op('EMPTY_TUPLE'),
  counted('BINUNICODE', new TextEncoder().encode('__proto__')),
  counted('BINUNICODE', new TextEncoder().encode('a')),
  counted('SHORT_BINSTRING', Uint8Array.of(0x61)),
  op('INT', [0x30, 0x31, 0x0a]),
  op('FLOAT', [0x31, 0x2e, 0x35, 0x0a]),
  op('UNICODE', [0x5c, 0x75, 0x64, 0x38, 0x30, 0x30, 0x0a]),
  op('GLOBAL', new TextEncoder().encode('m\nC\n')),
]

/** Opcodes that can stand for one another: they take and give the same number of values, with the same form of argument. */
const ALIKE: readonly (readonly string[])[] = [
  ['NONE', 'NEWTRUE', 'NEWFALSE', 'EMPTY_LIST', 'EMPTY_DICT', 'EMPTY_TUPLE', 'EMPTY_SET'],
  ['BINUNICODE', 'BINBYTES', 'BINSTRING', 'LONG4'],
  ['SHORT_BINUNICODE', 'SHORT_BINBYTES', 'SHORT_BINSTRING', 'LONG1'],
  ['BINUNICODE8', 'BINBYTES8', 'BYTEARRAY8'],
  ['INT', 'LONG', 'FLOAT', 'STRING', 'UNICODE'],
  ['TUPLE', 'LIST', 'FROZENSET', 'DICT'],
  ['APPENDS', 'SETITEMS', 'ADDITEMS'],
  ['TUPLE1', 'BINPERSID', 'READONLY_BUFFER'],
  ['APPEND', 'REDUCE', 'NEWOBJ', 'BUILD', 'TUPLE2', 'STACK_GLOBAL'],
  ['SETITEM', 'TUPLE3', 'NEWOBJ_EX'],
  ['BINPUT', 'BINGET'],
  ['LONG_BINPUT', 'LONG_BINGET', 'BININT'],
  ['PUT', 'GET', 'INT'],
  ['POP_MARK', 'TUPLE', 'LIST'],
  ['DUP', 'MEMOIZE', 'POP'],
  ['GLOBAL', 'INST'],
]
const TWINS: ReadonlyMap<string, readonly string[]> = new Map(
  ALIKE.flatMap((names) => names.map((name) => [name, names.filter((twin) => twin !== name)] as const)),
)

const INTS = ['BININT', 'BININT1', 'BININT2', 'INT', 'LONG', 'LONG1', 'BINFLOAT', 'FLOAT']
const MEMO = ['GET', 'BINGET', 'LONG_BINGET', 'PUT', 'BINPUT', 'LONG_BINPUT']
const TEXTS = ['SHORT_BINUNICODE', 'BINUNICODE', 'BINUNICODE8', 'SHORT_BINBYTES', 'BINBYTES', 'SHORT_BINSTRING']
const NOTES = ['MEMOIZE', 'PUT', 'BINPUT', 'LONG_BINPUT']

const BOUNDARY_BYTES = [0, 1, 0x7f, 0x80, 0xfe, 0xff]
const BOUNDARY_TEXT = ['0', '-1', '00', '01', '2147483648', '9007199254740993', '-9223372036854775809', '1e5', '']

/** What content of a string may become. */
const CONTENTS = ['', '\0', 'é', '\u{1f600}', '__proto__', 'constructor', 'toString', '0', 'x'.repeat(300), '\ufeff']
const BROKEN = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], [0xe2, 0x82]]

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** Where one of these opcodes is, or -1. */
function find(ops: readonly Op[], random: Random, fits: (one: Op) => boolean): number {
  const places = ops.flatMap((one, i) => (fits(one) ? [i] : []))
  return places.length === 0 ? -1 : random.pick(places)
}

const named =
  (...names: readonly string[]) =>
  ({ opcode }: Op): boolean =>
    names.includes(opcode.name)

/** Whether an opcode only pushes a value. */
function isAtom({ opcode }: Op): boolean {
  return (
    INTS.includes(opcode.name) || TEXTS.includes(opcode.name) || ['NONE', 'NEWTRUE', 'NEWFALSE'].includes(opcode.name)
  )
}

/** Somewhere between PROTO and STOP. */
function anywhere(ops: readonly Op[], random: Random): number {
  const first = ops[0]?.opcode.code === PROTO ? 1 : 0
  return first + random.below(Math.max(1, ops.length - first))
}

function change(ops: Op[], at: number, make: (bytes: Uint8Array, argument: OpcodeArgument) => Uint8Array): Op[] {
  const one = ops[at]
  if (one !== undefined) ops[at] = { opcode: one.opcode, bytes: make(one.bytes.slice(), one.opcode.argument) }
  return ops
}

const bitflip: Mutation = (ops, random) => {
  if (random.chance(0.3)) {
    const bytes = joinOps(ops)
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8))
    return bytes
  }
  return change(
    ops,
    find(ops, random, (one) => contentOf(one).length > 0),
    (bytes) => {
      const skip = bytes.length - (bytes.length > 2 ? 1 + random.below(Math.min(8, bytes.length - 1)) : 1)
      bytes[skip] = (bytes[skip] as number) ^ (1 << random.below(8))
      return bytes
    },
  )
}

const byte: Mutation = (ops, random) => {
  const value = random.chance(0.5) ? random.below(256) : random.pick(BOUNDARY_BYTES)
  if (random.chance(0.3)) {
    const bytes = joinOps(ops)
    bytes[random.below(bytes.length)] = value
    return bytes
  }
  return change(
    ops,
    find(ops, random, (one) => contentOf(one).length > 0),
    (bytes) => {
      bytes[bytes.length - 1 - random.below(contentOfSize(bytes))] = value
      return bytes
    },
  )
}

/** How many bytes at the end of an opcode are its content, at least one. */
function contentOfSize(bytes: Uint8Array): number {
  return Math.max(1, Math.min(8, bytes.length - 2))
}

/** The arguments of numbers become the least, the greatest, and what lies beyond. */
const boundary: Mutation = (ops, random) => {
  const kind = random.below(10)
  if (kind < 6) return numberBoundary(ops, random)
  if (kind < 8) return memoBoundary(ops, random)
  const at = find(ops, random, ({ opcode }) => typeof opcode.argument === 'string')
  return change(ops, at, (bytes, argument) => {
    const width = Number((argument as string).slice(1))
    const fill = random.pick(BOUNDARY_BYTES)
    if (random.chance(0.5)) bytes[1] = (bytes[1] as number) + random.pick([-1, 1])
    else for (let i = 0; i < width; i++) bytes[1 + i] = i === width - 1 ? random.pick(BOUNDARY_BYTES) : fill
    return bytes
  })
}

const numberBoundary: Mutation = (ops, random) => {
  const at = find(ops, random, named(...INTS))
  if (at < 0) return insertAtom(ops, random)
  return change(ops, at, (bytes, argument) => {
    if (argument === -1) return Uint8Array.of(bytes[0] as number, ...text(random.pick(BOUNDARY_TEXT)), 0x0a)
    const start = argument === 'c1' ? 2 : 1
    const fill = random.pick(BOUNDARY_BYTES)
    for (let i = start; i < bytes.length; i++) bytes[i] = i === bytes.length - 1 ? random.pick(BOUNDARY_BYTES) : fill
    return bytes
  })
}

const memoBoundary: Mutation = (ops, random) => {
  const at = find(ops, random, named(...MEMO))
  return change(ops, at, (bytes, argument) => {
    if (argument === -1) return Uint8Array.of(bytes[0] as number, ...text(random.pick(BOUNDARY_TEXT)), 0x0a)
    for (let i = 1; i < bytes.length; i++) bytes[i] = random.pick(BOUNDARY_BYTES)
    return bytes
  })
}

/** A GET gets something else that is there: what was made before, or what is being made. */
const memo: Mutation = (ops, random) => {
  const at = find(ops, random, named('GET', 'BINGET', 'LONG_BINGET'))
  const known = ops.slice(0, at < 0 ? ops.length : at).filter(named(...NOTES)).length
  const index = random.below(Math.max(1, known))
  if (known === 0) {
    // Something has to be there first.
    const made = find(ops, random, (one) => isAtom(one) || named('EMPTY_LIST', 'EMPTY_DICT', 'EMPTY_TUPLE')(one))
    ops.splice(made + 1, 0, op('BINPUT', [0]))
  }
  const get = random.pick([op('BINGET', [index & 255]), op('LONG_BINGET', [index & 255, index >> 8, 0, 0])])
  if (at >= 0 && random.chance(0.5)) ops[at] = get
  else {
    const atom = find(ops, random, isAtom)
    if (atom < 0) ops.splice(anywhere(ops, random), 0, get)
    else ops[atom] = get
  }
  return ops
}

const swapOpcode: Mutation = (ops, random) => {
  // Half of the time one that only pushes a value, where there is one.
  const atom = random.chance(0.5) ? find(ops, random, (one) => isAtom(one) && TWINS.has(one.opcode.name)) : -1
  const at = atom >= 0 ? atom : find(ops, random, ({ opcode }) => TWINS.has(opcode.name))
  const one = ops[at]
  if (one === undefined) return insertAtom(ops, random)
  const twin = opcodeNamed(random.pick(TWINS.get(one.opcode.name) as readonly string[]))
  ops[at] = { opcode: twin, bytes: Uint8Array.of(twin.code, ...one.bytes.subarray(1)) }
  return ops
}

const duplicate: Mutation = (ops, random) => {
  const at = random.chance(0.5)
    ? find(ops, random, (one) => isAtom(one) || named(...NOTES)(one))
    : anywhere(ops, random)
  const one = ops[at]
  if (one !== undefined) ops.splice(at, 0, ...Array<Op>(random.pick([1, 1, 2, 3])).fill(one))
  return ops
}

const remove: Mutation = (ops, random) => {
  const at = random.chance(0.6)
    ? find(ops, random, (one) => isAtom(one) || named(...NOTES)(one))
    : anywhere(ops, random)
  if (at >= 0) ops.splice(at, 1)
  return ops
}

const move: Mutation = (ops, random) => {
  const from = random.chance(0.7)
    ? find(ops, random, (one) => isAtom(one) || named(...NOTES)(one))
    : anywhere(ops, random)
  const [one] = from < 0 ? [] : ops.splice(from, 1)
  if (one === undefined) return ops
  // Nearby things are more often of one container.
  const to = random.chance(0.6)
    ? Math.max(0, Math.min(ops.length - 1, from + random.below(5) - 2))
    : anywhere(ops, random)
  ops.splice(to, 0, one)
  return ops
}

const swap: Mutation = (ops, random) => {
  const fits = random.chance(0.7) ? isAtom : () => true
  const a = find(ops, random, fits)
  const b = find(ops, random, fits)
  const [one, two] = [ops[a], ops[b]]
  if (one === undefined || two === undefined) return ops
  ops[a] = two
  ops[b] = one
  return ops
}

/** The value of another pickle in the place of an atom; or the start of one and the end of the other. */
const splice: Mutation = (ops, random, other = []) => {
  const body = other.filter(({ opcode }) => opcode.code !== PROTO && opcode.code !== STOP)
  const at = find(ops, random, isAtom)
  if (random.chance(0.25) || at < 0) {
    return [...ops.slice(0, anywhere(ops, random)), ...other.slice(anywhere(other, random))]
  }
  ops.splice(at, 1, ...body)
  return ops
}

/** Cut off; or cut off and brought to an end. */
const truncate: Mutation = (ops, random) => {
  const kept = ops.slice(0, anywhere(ops, random))
  if (random.chance(0.2)) return joinOps(ops).subarray(0, random.below(joinOps(ops).length))
  const open = kept.filter(named('MARK')).length
  const closed = kept.filter(
    named('TUPLE', 'LIST', 'DICT', 'APPENDS', 'SETITEMS', 'ADDITEMS', 'FROZENSET', 'POP_MARK'),
  ).length
  // All that is left goes into one tuple.
  const first = kept[0]?.opcode.code === PROTO ? 1 : 0
  const ends = Array<Op>(Math.max(0, open - closed) + 1).fill(op('TUPLE'))
  return [...kept.slice(0, first), op('MARK'), ...kept.slice(first), ...ends, op('STOP')]
}

const insertAtom: Mutation = (ops, random) => {
  const one = random.pick(ATOMS)
  const at = anywhere(ops, random)
  // What is pushed is popped, or becomes the key or the item that lies there.
  if (random.chance(0.5)) ops.splice(at, 0, one, op('POP'))
  else {
    const atom = find(ops, random, isAtom)
    ops.splice(atom < 0 ? at : atom, 0, one)
  }
  return ops
}

const insertOpcode: Mutation = (ops, random) => {
  if (random.chance(0.5)) return insertAtom(ops, random)
  const one = random.pick([
    op('MEMOIZE'),
    op('BINPUT', [random.below(256)]),
    op('LONG_BINPUT', [0xff, 0xff, 0xff, random.below(256)]),
    op('DUP'),
    op('POP'),
    op('MARK'),
    op('TUPLE1'),
    op('BINPERSID'),
    op('BINGET', [random.below(8)]),
    op('EXT1', [random.below(4)]),
    op('BUILD'),
    op('APPEND'),
    op('STOP'),
    op('PUT', text('9007199254740991\n')),
  ])
  ops.splice(anywhere(ops, random), 0, one)
  return ops
}

/** Frames where none belong, of every length; also the right one. */
const frame: Mutation = (ops, random) => {
  const kind = random.below(4)
  if (kind === 0) return joinFramed(ops)
  const at = anywhere(ops, random)
  const size = joinOps(ops.slice(at)).length
  const wrong = random.pick([0, 1, size - 1, size + 1, 2 ** 31, 2 ** 53, random.below(size + 2), -1])
  const length = kind === 1 ? size : wrong
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setBigInt64(0, BigInt(length), true)
  ops.splice(at, 0, op('FRAME', new Uint8Array(bytes.buffer)))
  return ops
}

const content: Mutation = (ops, random) => {
  const at = find(ops, random, named(...TEXTS))
  const one = ops[at]
  if (one === undefined) return insertAtom(ops, random)
  const made = random.chance(0.7) ? text(random.pick(CONTENTS)) : Uint8Array.from(random.pick(BROKEN))
  const old = contentOf(one)
  const cut = random.below(old.length + 1)
  const whole = random.chance(0.5) ? made : Uint8Array.of(...old.subarray(0, cut), ...made, ...old.subarray(cut))
  const { name } = one.opcode
  ops[at] = counted(whole.length > 255 && name.startsWith('SHORT') ? 'BINUNICODE' : name, whole)
  return ops
}

const proto: Mutation = (ops, random) => {
  const body = ops[0]?.opcode.code === PROTO ? ops.slice(1) : ops
  const one = op('PROTO', [random.chance(0.8) ? random.below(6) : random.below(256)])
  switch (random.below(4)) {
    case 0:
      return body
    case 1:
      body.splice(random.below(body.length), 0, one)
      return [...ops.slice(0, ops.length - body.length), ...body]
    default:
      return [one, ...body]
  }
}

/** The same thing many times: what costs more than its bytes shows here. */
const repeat: Mutation = (ops, random) => {
  const at = find(
    ops,
    random,
    (one) => isAtom(one) || named('DUP', 'MARK', 'MEMOIZE', 'TUPLE1', 'EMPTY_LIST', 'BINGET')(one),
  )
  const one = ops[at]
  if (one === undefined) return ops
  // In twos, so that keys keep their values.
  ops.splice(at, 0, ...Array<Op>(2 * (1 + random.below(200))).fill(one))
  return ops
}

/** All classes of changes. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  bitflip,
  byte,
  boundary,
  memo,
  'swap opcode': swapOpcode,
  duplicate,
  remove,
  move,
  swap,
  splice,
  truncate,
  insert: insertOpcode,
  frame,
  content,
  PROTO: proto,
  repeat,
}

/** A changed pickle, of one whose opcodes these are; a second change follows now and then. */
export function mutate(name: string, pickle: readonly Op[], random: Random, other: readonly Op[]): Uint8Array {
  const mutation = MUTATIONS[name] as Mutation
  let changed = mutation([...pickle], random, other)
  if (Array.isArray(changed) && random.chance(0.1)) changed = mutation(changed, random, other)
  if (!Array.isArray(changed)) return changed
  return name !== 'frame' && random.chance(0.3) ? joinFramed(changed) : joinOps(changed)
}
