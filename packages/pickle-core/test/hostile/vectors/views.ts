/** What a reducer may ask of `ctx.shareView`, and may not. The errors are those that the reducer sees. */
import { ReducerError } from '../../../src/errors.ts'
import type { DumpContext, Reduction } from '../../../src/registry/contract.ts'
import { GlobalRef } from '../../../src/values/global-ref.ts'
import { dumps } from '../../../src/write/dumps.ts'
import type { Vector } from './vector.ts'

class Thing {}

/** Dumps some objects by this reducer. */
function dumpWith(reduce: (ctx: DumpContext) => unknown, objects = 2): unknown {
  const reducerOverride = (_: object, ctx: DumpContext): Reduction => ({
    callable: new GlobalRef('m', 'f'),
    args: [reduce(ctx)],
  })
  try {
    return dumps(
      Array.from({ length: objects }, () => new Thing()),
      { reducerOverride },
    )
  } catch (error) {
    throw error instanceof ReducerError ? error.cause : error
  }
}

const view = (name: string, args: readonly unknown[], expected: string): Vector => ({
  name: `shareView: ${name}`,
  run: () => dumpWith(({ shareView }) => (shareView as (...given: readonly unknown[]) => unknown)(...args)),
  expected,
})

const memory = new ArrayBuffer(8)
const gone = new ArrayBuffer(8)
structuredClone(gone, { transfer: [gone] })

const LAYOUTS: readonly Vector[] = [
  view('a typed array in place of its memory', [new Uint8Array(8), 0, 8], 'buffer-type'),
  view('what says that it is memory', [{ byteLength: 8, [Symbol.toStringTag]: 'ArrayBuffer' }, 0, 8], 'buffer-type'),
  view('an heir of memory', [Object.create(ArrayBuffer.prototype), 0, 0], 'buffer-type'),
  view('no memory', [undefined, 0, 8], 'buffer-type'),
  view('memory that is gone', [gone, 0, 0], 'buffer-detached'),
  view('a start below 0', [memory, -1, 4], 'buffer-layout'),
  view('an end beyond the memory', [memory, 4, 5], 'buffer-layout'),
  view('a length below 0', [memory, 4, -1], 'buffer-layout'),
  view('a length that is not whole', [memory, 0, 1.5], 'buffer-layout'),
  view('a length that is no number', [memory, 0, '8'], 'buffer-layout'),
  view('an item of no size', [memory, 0, 8, { itemSize: 0 }], 'buffer-layout'),
  view('an item of half a byte', [memory, 0, 8, { itemSize: 0.5 }], 'buffer-layout'),
  view('items beyond the span', [memory, 0, 8, { shape: [3], itemSize: 4 }], 'buffer-layout'),
  view('a negative stride', [memory, 0, 4, { shape: [3], strides: [-4], itemSize: 4 }], 'buffer-layout'),
  view('more strides than dimensions', [memory, 0, 8, { shape: [8], strides: [1, 1] }], 'buffer-layout'),
  view('a huge shape', [memory, 0, 8, { shape: [2 ** 53 - 1, 2 ** 53 - 1], itemSize: 8 }], 'buffer-layout'),
  view('a huge stride', [memory, 0, 8, { shape: [2 ** 40], strides: [2 ** 40] }], 'buffer-layout'),
  view('strides that are no numbers', [memory, 0, 8, { shape: [2], strides: ['1'] }], 'buffer-layout'),
  view('a negative shape', [memory, 0, 8, { shape: [-1] }], 'buffer-layout'),
  view('a negative shape and none', [memory, 0, 8, { shape: [-1, 0] }], 'buffer-layout'),
]

export const VIEW_VECTORS: readonly Vector[] = [
  ...LAYOUTS,
  {
    name: 'shareView: when the dump is over',
    run: () => {
      let kept: DumpContext | undefined
      dumpWith((ctx) => {
        kept = ctx
        return 1
      })
      return kept?.shareView(memory, 0, 8)
    },
    expected: 'buffer-context',
  },
  {
    name: 'shareView: another view the second time',
    run: () => {
      let start = 0
      const large = new ArrayBuffer(100)
      return dumpWith(({ shareView }) => shareView(large, start++, 10).buffer)
    },
    expected: 'buffer-impure',
  },
  {
    name: 'shareView: memory that shrinks before the graph is gone over again',
    run: () => {
      const shrinking = new ArrayBuffer(100, { maxByteLength: 100 })
      let count = 0
      return dumpWith(({ shareView }) => {
        count = (count % 3) + 1
        if (count < 3) return shareView(shrinking, 5 * count, 10).buffer
        shrinking.resize(17)
        return null
      }, 3)
    },
    expected: 'buffer-detached',
  },
  {
    name: 'dumps: many bytes whose memory is gone before they are written',
    run: () => {
      const bytes = new Uint8Array(100_000)
      const reducerOverride = (): Reduction => {
        structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
        return { callable: new GlobalRef('m', 'f'), args: [] }
      }
      return dumps([bytes, new Thing()], { reducerOverride })
    },
    expected: 'buffer-detached',
  },
  {
    name: 'compact: another word',
    run: () => dumps(1, { compact: 'always' as never }),
    expected: 'option',
  },
]
