/**
 * Every way in which reading fails, outside the hot function: there, a failure is one cold call.
 * The names start with `fail`, so that all guards of the reader can be found by it.
 */
import {
  excerpt,
  ForbiddenGlobalError,
  type UnpicklingDetails,
  type UnpicklingErrorCode,
  unpicklingError,
} from '../errors.ts'
import { opcodeOf } from '../opcodes.ts'

/** Where a reader stands: the bytes, and how far from the start of the input they begin. */
export interface Position {
  readonly bytes: Uint8Array
  readonly origin: number
}

/** The CPython name of the opcode at a place. */
function opcodeName(where: Position, at: number): string | undefined {
  return opcodeOf(where.bytes[at] ?? -1)?.name
}

/** Throws the error of a code, for the opcode at `at`. */
export function fail<C extends UnpicklingErrorCode>(
  where: Position,
  at: number,
  code: C,
  details: UnpicklingDetails<C>,
  cause?: unknown,
): never {
  throw unpicklingError(code, details, where.origin + at, opcodeName(where, at), cause)
}

/** Fewer values than an opcode takes lie above the last mark. */
export function failStack(where: Position, at: number, need: number): never {
  fail(where, at, 'stack', { need })
}

/** An opcode that closes a mark, and no mark is open. */
export function failMark(where: Position, at: number): never {
  fail(where, at, 'mark', { what: 'this opcode takes what lies above a MARK, and no MARK is on the stack' })
}

/** The argument of an opcode goes past the frame, or past the input. */
export function failEnd(where: Position, at: number, need: number, end: number, inputEnd: number): never {
  if (end < inputEnd) fail(where, at, 'frame', { what: 'the argument of this opcode goes past the end of its frame' })
  fail(where, at, 'truncated', { need, left: Math.max(0, inputEnd - at - 1) })
}

/** A declared length goes past the frame, or past the input. */
export function failLength(
  where: Position,
  at: number,
  declared: number | bigint,
  left: number,
  inFrame: boolean,
): never {
  if (inFrame) fail(where, at, 'frame', { what: `a length of ${declared} goes past the end of its frame` })
  fail(where, at, 'length', { declared: String(declared), left })
}

/** A value is over one of the limits. */
export function failLimit(where: Position, at: number, limit: string, value: number | string, max: number): never {
  fail(where, at, 'limit', { limit, value, max })
}

/** An opcode of a newer protocol than the pickle declares. */
export function failProtocol(where: Position, at: number, proto: number, declared: number): never {
  fail(where, at, 'opcode-protocol', { proto, declared })
}

/** A global that nothing registered. */
export function failGlobal(where: Position, at: number, module: string, name: string): never {
  throw new ForbiddenGlobalError(module, name, where.origin + at, opcodeName(where, at))
}

/** A key that a plain object cannot hold. */
export function failDictKey(where: Position, at: number, key: unknown, found: string): never {
  fail(where, at, 'dict-key', { key: typeof key === 'string' ? excerpt(key) : found })
}
