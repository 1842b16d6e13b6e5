/** Memory that user code takes away, shrinks or lets grow in the middle of a dump, or between the dumps of a session. */
import { createPickle, createRegistry, GlobalRef, PickleBuffer, Pickler } from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { MemoryView, viewsPlugin } from './memory-view.ts'

const pickle = createPickle({ plugins: [viewsPlugin], unknownGlobals: 'inert' })
const code = (value: string): unknown => expect.objectContaining({ code: value })
const cause = (of: string): unknown => expect.objectContaining({ code: 'reducer', cause: code(of) })

/** Runs its function when it is written. */
class Meanwhile {
  readonly run: () => void
  constructor(run: () => void) {
    this.run = run
  }
}

const dispatchTable = new Map([
  [
    Meanwhile,
    ({ run }: Meanwhile) => {
      run()
      return { callable: new GlobalRef('zoo', 'Meanwhile'), args: [] }
    },
  ],
]) as never

/** Large enough to be written at the end of the dump. */
const LARGE = 70_000
const resizable = (length = LARGE): ArrayBuffer => new ArrayBuffer(length, { maxByteLength: 2 * LARGE })

const carriers: [string, (memory: ArrayBuffer) => unknown][] = [
  ['bytes', (memory) => new Uint8Array(memory)],
  ['a PickleBuffer', (memory) => new PickleBuffer(memory)],
  ['a view', (memory) => MemoryView.of(new Uint8Array(memory, 0, LARGE))],
]

describe.each(carriers)('%s of many bytes that stay in band', (_, carrier) => {
  test.each([
    ['detached', (memory: ArrayBuffer) => void structuredClone(memory, { transfer: [memory] })],
    ['shrunk', (memory: ArrayBuffer) => memory.resize(LARGE - 1)],
  ])('and are %s before the end', (_, change) => {
    const memory = resizable()
    const value = [carrier(memory), new Meanwhile(() => change(memory))]
    expect(() => pickle.dumps(value, { dispatchTable })).toThrow(code('buffer-detached'))
  })

  test('and whose memory grows before the end: they are written as long as they were', () => {
    const memory = resizable()
    const value = [carrier(memory), new Meanwhile(() => memory.resize(LARGE + 1000)), 'last']
    const loaded = pickle.loads<unknown[]>(pickle.dumps(value, { dispatchTable }))
    expect(loaded[2]).toBe('last')
    const [first] = loaded as [Uint8Array | { memory: ArrayBuffer }]
    expect('memory' in first ? first.memory.byteLength : first.byteLength).toBeGreaterThanOrEqual(LARGE)
  })
})

test('a group that the memory no longer reaches, the second time', () => {
  const memory = resizable(100)
  const views = [MemoryView.of(new Uint8Array(memory, 0, 10)), MemoryView.of(new Uint8Array(memory, 5, 95))]
  const value = [...views, new Meanwhile(() => memory.resize(50))]
  expect(() => pickle.dumps(value, { dispatchTable })).toThrow(cause('buffer-detached'))
})

test('a view inside what a session shipped, of memory that was longer then', () => {
  const memory = resizable(100)
  const pickler = new Pickler(undefined, { registry: createRegistry([viewsPlugin]), bufferCallback: [] })
  pickler.dump(MemoryView.of(new Uint8Array(memory, 0, 100)))
  memory.resize(50)
  const inside = MemoryView.of(new Uint8Array(memory, 0, 10))
  expect(() => pickler.dump(inside)).toThrow(cause('buffer-detached'))
  pickler.clearMemo()
  expect(pickler.dump(inside)).toBeInstanceOf(Uint8Array)
})
