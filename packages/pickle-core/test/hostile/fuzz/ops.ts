/** A pickle as a list of its opcodes, each with its bytes, to be changed and put together again. */
import { OPCODES, type Opcode } from '../../../src/opcodes.ts'

/** One opcode and its argument. */
export interface Op {
  readonly opcode: Opcode
  readonly bytes: Uint8Array
}

const BY_CODE: ReadonlyMap<number, Opcode> = new Map(OPCODES.map((opcode) => [opcode.code, opcode]))
const BY_NAME: ReadonlyMap<string, Opcode> = new Map(OPCODES.map((opcode) => [opcode.name, opcode]))
export const PROTO = 0x80
export const FRAME = 0x95
export const STOP = 0x2e

/** The opcodes of a valid pickle. */
export function parseOps(pickle: Uint8Array): Op[] {
  const ops: Op[] = []
  for (let pos = 0; pos < pickle.length; ) {
    const opcode = BY_CODE.get(pickle[pos] as number)
    if (opcode === undefined) throw new Error(`no opcode at ${pos}`)
    const end = pos + 1 + argumentSize(pickle, pos + 1, opcode)
    ops.push({ opcode, bytes: pickle.slice(pos, end) })
    pos = end
  }
  return ops
}

function argumentSize(bytes: Uint8Array, start: number, { argument }: Opcode): number {
  if (typeof argument === 'string') {
    const width = Number(argument.slice(1))
    let size = 0
    for (let i = width - 1; i >= 0; i--) size = size * 256 + (bytes[start + i] as number)
    return width + size
  }
  if (argument >= 0) return argument
  let end = start
  for (let lines = argument; lines < 0; lines++) end = bytes.indexOf(0x0a, end) + 1
  return end - start
}

/** The opcode of a name. */
export function opcodeNamed(name: string): Opcode {
  const opcode = BY_NAME.get(name)
  if (opcode === undefined) throw new Error(`no opcode ${name}`)
  return opcode
}

/** An opcode with the bytes of its argument. */
export function op(name: string, argument: Iterable<number> = []): Op {
  const opcode = opcodeNamed(name)
  return { opcode, bytes: Uint8Array.of(opcode.code, ...argument) }
}

/** An opcode with a length and these bytes. */
export function counted(name: string, content: Uint8Array): Op {
  const opcode = opcodeNamed(name)
  const width = Number((opcode.argument as string).slice(1))
  const size = Array.from({ length: width }, (_, i) => Math.floor(content.length / 256 ** i) & 255)
  return { opcode, bytes: Uint8Array.of(opcode.code, ...size, ...content) }
}

/** The bytes of an argument, without its length if it has one. */
export function contentOf({ opcode, bytes }: Op): Uint8Array {
  return bytes.subarray(1 + (typeof opcode.argument === 'string' ? Number(opcode.argument.slice(1)) : 0))
}

/** All of them one after the other. */
export function joinOps(ops: readonly Op[]): Uint8Array {
  const bytes = new Uint8Array(ops.reduce((size, one) => size + one.bytes.length, 0))
  let pos = 0
  for (const one of ops) {
    bytes.set(one.bytes, pos)
    pos += one.bytes.length
  }
  return bytes
}

/** The same in one frame that begins after PROTO. */
export function joinFramed(ops: readonly Op[]): Uint8Array {
  const body = ops[0]?.opcode.code === PROTO ? 1 : 0
  const size = joinOps(ops.slice(body)).length
  const length = Array.from({ length: 8 }, (_, i) => (i < 4 ? (size >>> (8 * i)) & 255 : 0))
  return joinOps([...ops.slice(0, body), op('FRAME', length), ...ops.slice(body)])
}
