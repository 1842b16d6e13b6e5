/** Options, sources and sessions that are not what they should be: nothing but PickleErrors comes of them either. */
import type { LoadOptions } from '../../../src/read/load-options.ts'
import { loads } from '../../../src/read/loads.ts'
import { Unpickler, type UnpicklerOptions } from '../../../src/read/unpickler.ts'
import { bytes, u64 } from '../../pickle-bytes.ts'
import { FRAMES } from './arguments.ts'
import type { Vector } from './vector.ts'

/** Options of loads that are not valid. */
export const BAD_OPTIONS: readonly unknown[] = [
  null,
  5,
  'native',
  { mapping: 'x' },
  { dicts: 1 },
  { encoding: 'koi8-r' },
  { errors: 'x' },
  { strict: 1 },
  { fixImports: 'no' },
  { persistentLoad: 5 },
  { findClass: {} },
  { registry: {} },
  { limits: 5 },
  { limits: null },
  { limits: { maxDeepth: 5 } },
  { limits: { maxDepth: -1 } },
  { limits: { maxDepth: '5' } },
  { limits: { maxDepth: Number.NaN } },
  { trailing: 'x' },
  { surrogatePairs: 'x' },
  { buffers: 'x' },
  { buffers: 5 },
  { buffers: {} },
  { buffers: () => {} },
  { buffers: true },
]

const DATA: readonly unknown[] = ['N.', [0x4e, 0x2e], null, undefined, {}, 5, new Map()]

/** A source that gives at most `step` bytes at a time. */
function source(pickle: string, step = Number.POSITIVE_INFINITY): { read(n: number): Uint8Array } {
  const all = bytes(pickle)
  let at = 0
  return {
    read: (n) => {
      const from = at
      at = Math.min(at + Math.min(n, step), all.length)
      return all.subarray(from, at)
    },
  }
}

const streamed = (pickle: string, expected: string, options: UnpicklerOptions = {}): Vector[] =>
  [1, 3, 1000].map((step) => ({
    name: `source of ${step} bytes at a time: ${JSON.stringify(pickle.slice(0, 40))}`,
    run: () => new Unpickler(source(pickle, step), options).load(),
    expected,
  }))

const HUGE = [2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]
const UNBOUNDED = { limits: { maxBytes: Number.POSITIVE_INFINITY } }

/** A session whose first load fails, and what it does then. */
const afterwards = (name: string, run: (unpickler: Unpickler) => unknown): Vector => ({
  name: `a session that failed: ${name}`,
  run: () => {
    const unpickler = new Unpickler(bytes('0.N.'))
    try {
      unpickler.load()
    } catch {
      return run(unpickler)
    }
    throw new Error('the first load should fail')
  },
  expected: 'closed',
})

/** A session that is used while it loads; the callback wraps what that throws. */
const meanwhile = (name: string, run: (unpickler: Unpickler) => unknown): Vector => ({
  name: `a session that is busy: ${name}`,
  run: () => {
    const unpickler: Unpickler = new Unpickler(bytes('NQ.'), { persistentLoad: () => run(unpickler) })
    try {
      return unpickler.load()
    } catch (error) {
      throw (error as Error).cause
    }
  },
  expected: 'busy',
})

export const CALLER_VECTORS: readonly Vector[] = [
  ...BAD_OPTIONS.map((options, i) => ({
    name: `options ${i}`,
    run: () => loads(bytes('N.'), options as LoadOptions),
    expected: 'option',
  })),
  { name: 'memo', run: () => new Unpickler(bytes('N.'), { memo: 'x' as never }), expected: 'option' },
  ...DATA.map((data, i) => ({ name: `data ${i}`, run: () => loads(data as never), expected: 'option' })),
  ...[5, null, undefined, 'N.', [0x4e]].map((chunk) => ({
    name: `a source that gives ${JSON.stringify(chunk)}`,
    run: () => new Unpickler({ read: () => chunk as never }).load(),
    expected: 'source@0',
  })),
  {
    name: 'a source that gives too much',
    run: () => new Unpickler({ read: (n) => new Uint8Array(n + 1) }).load(),
    expected: 'source@0',
  },
  {
    name: 'a source that throws',
    run: () =>
      new Unpickler({
        read: () => {
          throw new Error('mine')
        },
      }).load(),
    expected: 'callback@0',
  },
  {
    name: 'a source that never ends',
    run: () => new Unpickler({ read: () => bytes('N') }, { limits: { maxBytes: 1000 } }).load(),
    expected: 'limit@1000',
  },
  {
    name: 'a source in a line that never ends',
    run: () => new Unpickler({ read: (n) => bytes('V'.repeat(n)) }, { limits: { maxBytes: 1000 } }).load(),
    expected: 'limit@0',
  },
  ...['', 'K', 'J\x01\x02', 'Vab', '\x8c', 'cbuiltins\nset', 'X\x05\0'].flatMap((pickle) =>
    streamed(pickle, 'truncated@0'),
  ),
  ...streamed('N', 'truncated@1'),
  ...streamed('\x8c\x05ab', 'length@0'),
  ...streamed('N\xff.', 'opcode@1'),
  ...streamed('\x80\x04N.', 'value'),
  ...HUGE.flatMap((size) =>
    ['\x8d', '\x8e', '\x96', '\x95'].flatMap((opcode) => streamed(`${opcode}${u64(size)}N.`, 'length@0', UNBOUNDED)),
  ),
  ...['\x8d', '\x8e', '\x96', '\x95'].flatMap((opcode) => streamed(`N${opcode}${u64(2 ** 40)}N.`, 'limit@1')),
  ...FRAMES.flatMap(([expected, pickle]) => streamed(pickle as string, expected, UNBOUNDED)),
  afterwards('load', (unpickler) => unpickler.load()),
  afterwards('atEnd', (unpickler) => unpickler.atEnd),
  afterwards('clearMemo', (unpickler) => unpickler.clearMemo()),
  meanwhile('load', (unpickler) => unpickler.load()),
  meanwhile('atEnd', (unpickler) => unpickler.atEnd),
  meanwhile('clearMemo', (unpickler) => unpickler.clearMemo()),
  {
    name: 'a memo belongs to one pickle',
    run: () => {
      const unpickler = new Unpickler(bytes('Vx\nq\x00.h\x00.'))
      unpickler.load()
      return unpickler.load()
    },
    expected: 'memo-missing@6',
  },
  {
    name: 'a shared memo that was cleared',
    run: () => {
      const unpickler = new Unpickler(bytes('Vx\nq\x00.h\x00.'), { memo: 'shared' })
      unpickler.load()
      unpickler.clearMemo()
      return unpickler.load()
    },
    expected: 'memo-missing@6',
  },
]
