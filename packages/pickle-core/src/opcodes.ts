/**
 * The 68 opcodes of pickle: name, first protocol, and what follows the opcode byte.
 *
 * Source: CPython, Lib/pickletools.py (`opcodes`). The reader's switch keeps literal numbers, because a `case`
 * on an imported constant costs twice as much in V8; a test compares that switch with this table.
 */

/**
 * What follows an opcode byte: a fixed number of bytes, text lines (`-1`, `-2`),
 * or a length of 1, 4 or 8 bytes and that many bytes (`'c1'`, `'c4'`, `'c8'`).
 */
export type OpcodeArgument = 0 | 1 | 2 | 4 | 8 | -1 | -2 | 'c1' | 'c4' | 'c8'

/** One opcode: its CPython name, its byte, the protocol that introduced it, its argument. */
export interface Opcode {
  readonly name: string
  readonly code: number
  readonly proto: number
  readonly argument: OpcodeArgument
}

// One row per opcode: byte, name, protocol, argument. Ordered as pickletools orders them.
const ROWS: readonly (readonly [number, string, number, OpcodeArgument])[] = [
  [0x49, 'INT', 0, -1],
  [0x4a, 'BININT', 1, 4],
  [0x4b, 'BININT1', 1, 1],
  [0x4d, 'BININT2', 1, 2],
  [0x4c, 'LONG', 0, -1],
  [0x8a, 'LONG1', 2, 'c1'],
  [0x8b, 'LONG4', 2, 'c4'],
  [0x53, 'STRING', 0, -1],
  [0x54, 'BINSTRING', 1, 'c4'],
  [0x55, 'SHORT_BINSTRING', 1, 'c1'],
  [0x42, 'BINBYTES', 3, 'c4'],
  [0x43, 'SHORT_BINBYTES', 3, 'c1'],
  [0x8e, 'BINBYTES8', 4, 'c8'],
  [0x96, 'BYTEARRAY8', 5, 'c8'],
  [0x97, 'NEXT_BUFFER', 5, 0],
  [0x98, 'READONLY_BUFFER', 5, 0],
  [0x4e, 'NONE', 0, 0],
  [0x88, 'NEWTRUE', 2, 0],
  [0x89, 'NEWFALSE', 2, 0],
  [0x56, 'UNICODE', 0, -1],
  [0x8c, 'SHORT_BINUNICODE', 4, 'c1'],
  [0x58, 'BINUNICODE', 1, 'c4'],
  [0x8d, 'BINUNICODE8', 4, 'c8'],
  [0x46, 'FLOAT', 0, -1],
  [0x47, 'BINFLOAT', 1, 8],
  [0x5d, 'EMPTY_LIST', 1, 0],
  [0x61, 'APPEND', 0, 0],
  [0x65, 'APPENDS', 1, 0],
  [0x6c, 'LIST', 0, 0],
  [0x29, 'EMPTY_TUPLE', 1, 0],
  [0x74, 'TUPLE', 0, 0],
  [0x85, 'TUPLE1', 2, 0],
  [0x86, 'TUPLE2', 2, 0],
  [0x87, 'TUPLE3', 2, 0],
  [0x7d, 'EMPTY_DICT', 1, 0],
  [0x64, 'DICT', 0, 0],
  [0x73, 'SETITEM', 0, 0],
  [0x75, 'SETITEMS', 1, 0],
  [0x8f, 'EMPTY_SET', 4, 0],
  [0x90, 'ADDITEMS', 4, 0],
  [0x91, 'FROZENSET', 4, 0],
  [0x30, 'POP', 0, 0],
  [0x32, 'DUP', 0, 0],
  [0x28, 'MARK', 0, 0],
  [0x31, 'POP_MARK', 1, 0],
  [0x67, 'GET', 0, -1],
  [0x68, 'BINGET', 1, 1],
  [0x6a, 'LONG_BINGET', 1, 4],
  [0x70, 'PUT', 0, -1],
  [0x71, 'BINPUT', 1, 1],
  [0x72, 'LONG_BINPUT', 1, 4],
  [0x94, 'MEMOIZE', 4, 0],
  [0x82, 'EXT1', 2, 1],
  [0x83, 'EXT2', 2, 2],
  [0x84, 'EXT4', 2, 4],
  [0x63, 'GLOBAL', 0, -2],
  [0x93, 'STACK_GLOBAL', 4, 0],
  [0x52, 'REDUCE', 0, 0],
  [0x62, 'BUILD', 0, 0],
  [0x69, 'INST', 0, -2],
  [0x6f, 'OBJ', 1, 0],
  [0x81, 'NEWOBJ', 2, 0],
  [0x92, 'NEWOBJ_EX', 4, 0],
  [0x80, 'PROTO', 2, 1],
  [0x2e, 'STOP', 0, 0],
  [0x95, 'FRAME', 4, 8],
  [0x50, 'PERSID', 0, -1],
  [0x51, 'BINPERSID', 1, 0],
]

/** Every opcode of protocols 0 to 5, in the order of CPython's pickletools. */
export const OPCODES: readonly Opcode[] = /* @__PURE__ */ ROWS.map(([code, name, proto, argument]) => ({
  name,
  code,
  proto,
  argument,
}))

const BY_CODE: readonly (Opcode | undefined)[] = /* @__PURE__ */ (() => {
  const table = new Array<Opcode | undefined>(256).fill(undefined)
  for (const opcode of OPCODES) table[opcode.code] = opcode
  return table
})()

/** The opcode that a byte stands for, or undefined. */
export function opcodeOf(code: number): Opcode | undefined {
  return BY_CODE[code]
}
