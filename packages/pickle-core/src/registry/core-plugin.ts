/**
 * The globals that the codec itself reads: what CPython writes for bytes, bytearray, set, frozenset, complex, range and slice
 * where the protocol has no opcode for them, and the helpers of copyreg that stand for an opcode.
 *
 * All of them build data. Source: CPython, Lib/copyreg.py, Lib/pickle.py (`save_bytes`, `save_set`, ...).
 */
import { ByteArray } from '../values/byte-array.ts'
import { Complex } from '../values/complex.ts'
import type { FrozenSet } from '../values/frozen-set.ts'
import { Range } from '../values/range.ts'
import { Ellipsis, NotImplemented } from '../values/singleton.ts'
import { Slice } from '../values/slice.ts'
import type { ArgsCheck, LoadContext, TypeRecord } from './contract.ts'
import { TypeEntry, type TypeParts } from './type-entry.ts'

/** What the reader gives to the codec's own records besides {@link LoadContext}: containers under the mapping in force. */
export interface CoreContext extends LoadContext {
  newDict(): unknown
  newSet(items: readonly unknown[]): unknown
  newFrozenSet(items: readonly unknown[]): FrozenSet
  newByteArray(bytes: Uint8Array): ByteArray
  /** A Python 2 `str` or a str, one byte per character, as bytes. */
  latin1(text: string): Uint8Array
}

/** A call that is not a call: the reader does what the opcode would that it stands for. */
export type CoreForm = 'reconstructor' | 'newobj' | 'newobj_ex' | 'partial' | 'getattr'

/** A record of the codec itself. */
interface CoreRecord extends TypeRecord {
  readonly form?: CoreForm
}

/** The plugin of the codec's own records. */
export const CORE = 'core'

function call(
  name: string,
  args: ArgsCheck,
  create: (args: readonly unknown[], ctx: CoreContext) => unknown,
): CoreRecord {
  // Only the reader calls it, and with its whole context.
  return { module: 'builtins', name, opcodes: ['reduce'], args, create: create as NonNullable<CoreRecord['create']> }
}

function form(module: string, name: string, kind: CoreForm): CoreRecord {
  return { module, name, opcodes: ['reduce'], form: kind }
}

function only(name: string, value?: object): CoreRecord {
  return { module: 'builtins', name, opcodes: [], value }
}

const CORE_RECORDS: readonly CoreRecord[] = /* @__PURE__ */ (() => [
  call('dict', [], (_, ctx) => ctx.newDict()),
  call('set', { min: 0, max: 1, rest: 'list|tuple' }, ([items], ctx) => ctx.newSet((items as unknown[]) ?? [])),
  call('frozenset', { min: 0, max: 1, rest: 'list|tuple' }, ([items], ctx) =>
    ctx.newFrozenSet((items as unknown[]) ?? []),
  ),
  call('complex', ['float|int', 'float|int'], ([real, imag], { check }) => {
    return new Complex(check.float(real, 'real'), check.float(imag, 'imag'))
  }),
  call('range', ['int', 'int', 'int'], ([start, stop, step]) => {
    return new Range(start as number | bigint, stop as number | bigint, step as number | bigint)
  }),
  call('slice', { min: 3, max: 3 }, ([start, stop, step]) => new Slice(start, stop, step)),
  call('bytes', [], () => new Uint8Array(0)),
  call('bytearray', { min: 0, max: 2, rest: 'bytes|str' }, ([source, encoding], ctx) => {
    if (typeof source === 'string' && encoding !== undefined) return new ByteArray(ctx.latin1(source))
    // A copy: a bytearray is the reader's own memory.
    return source === undefined ? new ByteArray(0) : ctx.newByteArray(ctx.check.bytes(source, 'the argument'))
  }),
  {
    module: '_codecs',
    name: 'encode',
    opcodes: ['reduce'],
    args: [(text) => typeof text === 'string', (encoding) => encoding === 'latin1' || encoding === 'latin-1'],
    create: ([text], ctx) => (ctx as CoreContext).latin1(text as string),
  },
  only('Ellipsis', Ellipsis),
  only('NotImplemented', NotImplemented),
  only('object'),
  form('copyreg', '_reconstructor', 'reconstructor'),
  form('copyreg', '__newobj__', 'newobj'),
  form('copyreg', '__newobj_ex__', 'newobj_ex'),
  form('functools', 'partial', 'partial'),
  form('builtins', 'getattr', 'getattr'),
])()

/** The entries of plugin `core`; every registry starts with them. */
export function coreEntries(): readonly TypeEntry[] {
  return CORE_RECORDS.map((record) => new TypeEntry(CORE, record, record as unknown as TypeParts, false, record.form))
}
