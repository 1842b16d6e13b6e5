/** Buffers that are met twice: one that stays in band is asked about once, and what was answered belongs to the right ones. */
import { createPickle, type DumpContext, GlobalRef, PickleBuffer } from '@pickle-ts/pickle-core'
import { expect, test } from 'vitest'
import { MemoryView, viewsPlugin } from './memory-view.ts'

const pickle = createPickle({ plugins: [viewsPlugin], unknownGlobals: 'inert' })
const plain = (...bytes: number[]): PickleBuffer => new PickleBuffer(Uint8Array.from(bytes))

/** Writes the values, keeps in band what `keeps` says, and gives the lengths that were asked about and what is loaded. */
function dumpAndLoad(values: unknown[], keeps: (length: number) => boolean): { asked: number[]; loaded: unknown[] } {
  const asked: number[] = []
  const buffers: PickleBuffer[] = []
  const bytes = pickle.dumps(values, {
    dispatchTable: new Map([[Twice, reduceTwice]]) as never,
    bufferCallback: (buffer) => {
      asked.push(buffer.byteLength)
      return keeps(buffer.byteLength) || void buffers.push(buffer)
    },
  })
  return { asked, loaded: pickle.loads<unknown[]>(bytes, { buffers }) }
}

const memory = new ArrayBuffer(8)

/** Puts the buffer of a view into its arguments twice. */
class Twice {
  readonly end: number
  constructor(end: number) {
    this.end = end
  }
}

function reduceTwice({ end }: Twice, ctx: DumpContext): { callable: GlobalRef; args: unknown[] } {
  const { buffer } = ctx.shareView(memory, 0, end)
  return { callable: new GlobalRef('zoo', 'Twice'), args: [buffer, buffer] }
}

test.each([0, 1])(
  'a PickleBuffer behind a view that is met twice and stays in band, with %i before the view',
  (before) => {
    const twice = plain(1, 2, 3)
    const last = plain(4, 5, 6, 7)
    const view = MemoryView.of(new Uint8Array(10))
    const { asked, loaded } = dumpAndLoad([...(before === 1 ? [twice] : []), view, twice, twice, last], (n) => n === 3)
    expect(asked).toEqual(before === 1 ? [3, 10, 4] : [10, 3, 4])
    expect(loaded.at(-3)).toBe(loaded.at(-2))
    expect(loaded.at(-2)).toEqual(expect.objectContaining({ byteLength: 3 }))
    expect(loaded.at(-1)).toEqual(last)
  },
)

test.each([0, 2])('a view of %i bytes whose buffer is met twice and stays in band', (end) => {
  const last = plain(4, 5, 6, 7)
  const { asked, loaded } = dumpAndLoad([new Twice(end), last], (n) => n === end)
  expect(asked).toEqual([end, 4])
  expect(loaded[1]).toEqual(last)
})
