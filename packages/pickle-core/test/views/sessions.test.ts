/** Views in the dumps of one Pickler, in the order of `bufferCallback`, and what a second going-over must not leave behind. */
import {
  createPickle,
  createRegistry,
  type DumpContext,
  dumps,
  GlobalRef,
  PickleBuffer,
  Pickler,
  PyObject,
  type SharedView,
  Unpickler,
} from '@pickle-ts/pickle-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPython } from '../open-python.ts'
import { itemsOf, itemsWritten, type LoadedView, MemoryView, runs, viewsPlugin } from './memory-view.ts'

const python = await openPython()
const registry = createRegistry([viewsPlugin])
const pickle = createPickle({ plugins: [viewsPlugin] })
const code = (value: string): unknown => expect.objectContaining({ code: value })

const memory = (length: number): ArrayBuffer => Uint8Array.from({ length }, (_, i) => i).buffer
const view = (of: ArrayBufferLike, start: number, end: number, readonly = false): MemoryView =>
  new MemoryView(of, start, end - start, { readonly })

describe('a session', () => {
  test('a later view inside what was shipped refers to it', async () => {
    const a = memory(100)
    const buffers: PickleBuffer[] = []
    const pickler = new Pickler(undefined, { registry, bufferCallback: buffers })
    const views = [
      [view(a, 10, 50)],
      [view(a, 20, 30), view(a, 10, 50)],
      [view(a, 20, 30, true)],
      // Not inside: the memory up to 60 is another buffer.
      [view(a, 40, 60)],
      [view(a, 35, 40), view(a, 50, 55)],
      [view(a, 0, 100)],
      [view(a, 5, 10), view(a, 52, 60)],
    ]
    const pickles = views.map((list) => pickler.dump(list))
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([40, 20, 100])
    const memories = buffers.map((buffer) => buffer.raw().slice())
    const source = Uint8Array.from(pickles.flatMap((bytes) => [...bytes]))
    const reader = new Unpickler(source, { registry, buffers: memories, memo: 'shared' })
    const loaded = pickles.map(() => reader.load<LoadedView[]>())
    expect(loaded.map((list) => list.map(itemsOf))).toEqual(views.map((list) => list.map(itemsWritten)))
    const place = (v: LoadedView): number => memories.findIndex(({ buffer }) => buffer === v.memory)
    expect(loaded.map((list) => list.map(place))).toEqual([[0], [0, 0], [0], [1], [0, 1], [2], [2, 2]])
    expect(loaded[2]?.[0]?.readonly).toBe(true)
    if (python === undefined) return
    const { value } = await python.run<string[][]>(
      `
import io
unpickler = pickle.Unpickler(io.BytesIO(blobs[0]), buffers=[bytearray(b) for b in blobs[1:]])
loads = [unpickler.load() for _ in range(${pickles.length})]
value = [[bytes(memoryview(v.buffer)[v.offset:v.offset + v.shape[0]]).hex() for v in views] for views in loads]`,
      [source, ...memories],
    )
    const hex = (list: readonly MemoryView[]): string[] => list.map((v) => Buffer.from(itemsWritten(v)).toString('hex'))
    expect(value).toEqual(views.map(hex))
  })

  test('a writable view does not come out of what was shipped readonly', () => {
    const a = memory(100)
    const buffers: PickleBuffer[] = []
    const pickler = new Pickler(undefined, { registry, bufferCallback: buffers })
    pickler.dump(view(a, 0, 100, true))
    pickler.dump(view(a, 10, 20))
    pickler.dump(view(a, 12, 14, true))
    expect(buffers.map((b) => [b.byteLength, b.readonly])).toEqual([
      [100, true],
      [10, false],
    ])
  })

  test.each([0, 2, 3, 4] as const)('below protocol 5, here %i', (protocol) => {
    const a = memory(100)
    const pickler = new Pickler(undefined, { registry, protocol })
    const views = [[view(a, 10, 50)], [view(a, 20, 30), view(a, 20, 30, true)], [view(a, 25, 30, true)]]
    const source = Uint8Array.from(views.flatMap((list) => [...pickler.dump(list)]))
    const reader = new Unpickler(source, { registry, memo: 'shared' })
    const loaded = views.map(() => reader.load<LoadedView[]>())
    expect(loaded.map((list) => list.map(itemsOf))).toEqual(views.map((list) => list.map(itemsWritten)))
    const all = loaded.flat()
    expect(all.map(({ readonly }) => readonly)).toEqual([false, false, true, true])
    expect(all[1]?.memory).toBe(all[0]?.memory)
    expect(all[2]?.memory).not.toBe(all[0]?.memory)
    expect(all[3]?.memory).toBe(all[2]?.memory)
  })

  test('clearMemo() forgets what was shipped', () => {
    const a = memory(100)
    const buffers: PickleBuffer[] = []
    const pickler = new Pickler(undefined, { registry, bufferCallback: buffers })
    pickler.dump(view(a, 0, 100))
    pickler.clearMemo()
    pickler.dump(view(a, 10, 20))
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([100, 10])
  })

  test('the memo is as before where a dump goes over its graph twice', () => {
    // Strings of all kinds, keys, globals, tuples and lists that stand in the first dump, and such that do not.
    const long = (name: string): string => name.repeat(30)
    const shared = { list: [1], tuple: [2], text: long('shared') }
    const graph = (n: number, a: ArrayBuffer): unknown => ({
      shared,
      [`key-${n}`]: ['key', `text-${n}`, long(`long-${n}`), `text-${n}`, long(`long-${n}`)],
      bytes: new Uint8Array([n, n]),
      views: [view(a, 0, 50), view(a, 25, 75), new GlobalRef('module', `name-${n}`), new GlobalRef('module', 'name')],
      again: [`text-${n}`, `key-${n}`, shared.list],
    })
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
        fc.integer({ min: 0, max: 5 }),
        (ns, p) => {
          const protocol = p as 0
          const other = { ...graphsRegistry, protocol }
          const pickler = new Pickler(undefined, other)
          const memories = ns.map(() => memory(100))
          const bytes = ns.map((n, i) => pickler.dump(graph(n, memories[i] as ArrayBuffer)))
          const reader = new Unpickler(Uint8Array.from(bytes.flatMap((b) => [...b])), { ...other, memo: 'shared' })
          const loaded = ns.map(() => reader.load<Record<string, unknown>>())
          for (const [i, n] of ns.entries()) {
            const { views, ...rest } = loaded[i] as Record<string, unknown>
            const { views: written, ...wanted } = graph(n, memories[i] as ArrayBuffer) as Record<string, unknown>
            expect(rest).toEqual(wanted)
            expect((rest['shared'] as typeof shared).list).toBe((loaded[0] as { shared: typeof shared }).shared.list)
            const [x, y, ...refs] = views as [LoadedView, LoadedView, ...unknown[]]
            expect(x.memory).toBe(y.memory)
            expect([x, y].map(itemsOf)).toEqual((written as MemoryView[]).slice(0, 2).map(itemsWritten))
            expect(refs).toEqual([new GlobalRef('module', `name-${n}`), new GlobalRef('module', 'name')])
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('keyword arguments that stand elsewhere, too, are the same object the second time', () => {
  const kwargs = { key: 1 }
  const call = new PyObject(new GlobalRef('zoo', 'Keep'), { construct: 'newobj_ex', kwargs })
  const written = (...views: MemoryView[]): string => {
    const text = Buffer.from(pickle.dumps([call, kwargs, ...views], { protocol: 2 })).toString('latin1')
    return text.slice(0, text.indexOf('ctypes'))
  }
  const a = memory(100)
  expect(written(view(a, 0, 10), view(a, 5, 20))).toBe(written(view(a, 0, 10), view(a, 15, 20)))
})

const names = Array.from({ length: 4 }, (_, n) => ({
  module: 'module',
  name: `name-${n}`,
  opcodes: [],
  create: () => 0,
}))
const graphsRegistry = {
  registry: registry.extend({
    id: 'test/names',
    types: [...names, { module: 'module', name: 'name', opcodes: [], create: () => 0 }],
  }),
}

describe('bufferCallback', () => {
  const a = memory(100)
  const plain = (n: number): PickleBuffer => new PickleBuffer(new Uint8Array(n))

  test('runs once for each buffer, in the order of the stream, plain ones and groups', () => {
    for (const views of [
      [view(a, 0, 10), view(a, 20, 31)],
      [view(a, 0, 10), view(a, 5, 21)],
      [view(a, 5, 21), view(a, 0, 10)],
    ]) {
      const value = [plain(1), views[0], plain(2), views[1], plain(3)]
      const asked: number[] = []
      const buffers: PickleBuffer[] = []
      const bytes = pickle.dumps(value, { bufferCallback: (buffer) => asked.push(buffer.byteLength) })
      expect(pickle.dumps(value, { bufferCallback: buffers })).toEqual(bytes)
      const shares = (views[1] as MemoryView).byteLength !== 11
      expect(asked).toEqual(shares ? [1, 21, 2, 3] : [1, 10, 2, 11, 3])
      expect(buffers.map(({ byteLength }) => byteLength)).toEqual(asked)
    }
  })

  test('true keeps a buffer in band, and is asked for once', () => {
    for (const kept of [1, 2, 3, 10, 11]) {
      const asked: number[] = []
      const buffers: PickleBuffer[] = []
      const value = [plain(1), view(a, 0, 10), plain(2), view(a, 20, 31), plain(3)]
      const bytes = pickle.dumps(value, {
        bufferCallback: (buffer) => {
          asked.push(buffer.byteLength)
          return buffer.byteLength === kept || void buffers.push(buffer)
        },
      })
      expect(asked).toEqual([1, 10, 2, 11, 3])
      const loaded = pickle.loads<unknown[]>(bytes, { buffers })
      expect(itemsOf(loaded[1] as LoadedView)).toEqual(itemsWritten(value[1] as MemoryView))
      expect(itemsOf(loaded[3] as LoadedView)).toEqual(itemsWritten(value[3] as MemoryView))
      expect(buffers.length).toBe(4)
    }
  })

  test('what it throws is told, and nothing is asked again', () => {
    const asked: number[] = []
    const bufferCallback = (buffer: PickleBuffer): void => {
      asked.push(buffer.byteLength)
      throw new Error('full')
    }
    expect(() => pickle.dumps([view(a, 0, 10), view(a, 5, 20)], { bufferCallback })).toThrow(code('callback'))
    expect(() => pickle.dumps([view(a, 0, 10)], { bufferCallback })).toThrow(code('callback'))
    expect(asked).toEqual([20, 10])
  })

  test('memory that nobody shares costs no memo: the same opcodes as a PickleBuffer', () => {
    const buffers: PickleBuffer[] = []
    const one = pickle.dumps(view(a, 0, 10), { bufferCallback: buffers })
    expect(Buffer.from(one).includes(Buffer.from([0x97, 0x94]))).toBe(false)
    const two = pickle.dumps([view(a, 0, 10), view(a, 0, 10)], { bufferCallback: buffers })
    expect(Buffer.from(two).includes(Buffer.from([0x97, 0x94]))).toBe(true)
  })
})

describe('graphs without views', () => {
  test('run each reducer once', () => {
    class Counted {}
    let count = 0
    const { dumps: dump } = createPickle({
      plugins: [
        viewsPlugin,
        {
          id: 'test/counted',
          reducers: [{ class: Counted, reduce: () => ({ callable: new GlobalRef('m', 'Counted'), args: [count++] }) }],
        },
      ],
    })
    dump([new Counted(), new PickleBuffer(new Uint8Array(4)), new Counted()], { bufferCallback: () => true })
    expect(count).toBe(2)
  })

  test('one view, or views that share nothing, run it once, too', () => {
    runs.count = 0
    pickle.dumps([view(memory(10), 0, 10), view(memory(10), 0, 10)], { bufferCallback: [] })
    expect(runs.count).toBe(2)
  })
})

describe('what a reducer may not do', () => {
  const dumpWith = (reduce: (shareView: (...args: never[]) => SharedView) => unknown): Uint8Array => {
    class Odd {}
    const table = new Map([
      [
        Odd,
        (_: Odd, { shareView }: { shareView: unknown }) => {
          reduce(shareView as never)
          return { callable: new GlobalRef('m', 'Odd'), args: [] }
        },
      ],
    ])
    return dumps([new Odd()], { dispatchTable: table as never })
  }

  test('giving a buffer to another dump: there it is a PickleBuffer like any other', () => {
    const a = memory(10)
    let kept: SharedView | undefined
    dumpWith((share) => {
      kept = share(a as never, 2 as never, 4 as never)
    })
    const buffers: PickleBuffer[] = []
    dumps(kept?.buffer, { bufferCallback: buffers })
    expect(buffers.map((b) => [b.buffer, b.byteOffset, b.byteLength])).toEqual([[a, 2, 4]])
    expect(() => dumps(kept?.buffer, { protocol: 4 })).toThrow(code('buffer-protocol'))
  })

  test('taking its memory away while it is written', () => {
    const a = memory(16)
    expect(() =>
      pickle.dumps([view(a, 0, 8), view(a, 4, 16)], {
        persistentId: (value) => {
          if (value instanceof PickleBuffer && a.byteLength > 0) structuredClone(a, { transfer: [a] })
          return undefined
        },
      }),
    ).toThrow(code('buffer-detached'))
  })
})

test('any true value makes a view readonly, as it does a PickleBuffer', () => {
  const one = new MemoryView(memory(8), 0, 8, { readonly: 1 as never })
  expect(pickle.loads<LoadedView>(pickle.dumps(one, { protocol: 5 })).readonly).toBe(true)
})

test('compact: a sparse view of many axes of one item', () => {
  const shape = [...new Array<number>(200_000).fill(1), 3]
  const sparse = new MemoryView(memory(100), 0, 81, { shape, strides: [...new Array<number>(200_000).fill(7), 40] })
  const table = new Map([
    [
      MemoryView,
      (_: MemoryView, ctx: DumpContext) => {
        const { byteOffset, byteLength, layout } = sparse
        const { buffer } = ctx.shareView(sparse.memory, byteOffset, byteLength, layout)
        return { callable: new GlobalRef('m', 'f'), args: [buffer] }
      },
    ],
  ])
  const buffers: PickleBuffer[] = []
  dumps(sparse, { bufferCallback: buffers, dispatchTable: table })
  expect([...(buffers[0]?.raw() ?? [])]).toEqual([0, 40, 80])
})

test('compact: a sparse view is written whole if that is asked for', () => {
  const a = memory(10_000)
  const sparse = new MemoryView(a, 0, 9001, { shape: [10], strides: [1000] })
  for (const [compact, length] of [
    ['auto', 10],
    ['never', 9001],
  ] as const) {
    const buffers: PickleBuffer[] = []
    const bytes = pickle.dumps(sparse, { bufferCallback: buffers, compact })
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([length])
    expect(itemsOf(pickle.loads<LoadedView>(bytes, { buffers }))).toEqual(itemsWritten(sparse))
  }
})

test('any views on any memory come back with their items, and alias as they did', () => {
  const layouts = fc.record({
    at: fc.nat(60),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
    steps: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }),
    itemSize: fc.constantFrom(1, 2, 4, 8),
    readonly: fc.boolean(),
    which: fc.nat(1),
  })
  fc.assert(
    fc.property(fc.array(layouts, { maxLength: 5 }), fc.integer({ min: 0, max: 7 }), (specs, mode) => {
      const memories = [memory(400), new SharedArrayBuffer(400)]
      const views = specs.map(({ at, shape, steps, itemSize, readonly, which }) => {
        const strides = shape.map((_, axis) => steps[axis] as number)
        const reach = (sign: number): number =>
          shape.reduce((sum, n, axis) => sum + Math.max(0, sign * (n - 1) * (strides[axis] as number)), 0)
        const length = shape.includes(0) ? 0 : reach(1) + reach(-1) + itemSize
        return new MemoryView(memories[which] as ArrayBufferLike, at, length, { shape, strides, itemSize, readonly })
      })
      const buffers: PickleBuffer[] = []
      const options = mode < 6 ? { protocol: mode as 5 } : { bufferCallback: buffers }
      const bytes = pickle.dumps(views, options)
      const loaded = pickle.loads<LoadedView[]>(bytes, mode < 6 ? {} : { buffers })
      expect(loaded.map(itemsOf)).toEqual(views.map(itemsWritten))
      expect(loaded.map(({ readonly }) => readonly)).toEqual(views.map(({ layout }) => layout.readonly))
      for (const [i, a] of views.entries()) {
        for (const [j, b] of views.entries()) {
          const isOne = a.memory === b.memory && (mode >= 5 || a.layout.readonly === b.layout.readonly)
          const overlap = a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
          if (!isOne || !overlap || a.byteLength === 0 || b.byteLength === 0) continue
          const [x, y] = [loaded[i] as LoadedView, loaded[j] as LoadedView]
          expect(x.memory).toBe(y.memory)
        }
      }
    }),
    { numRuns: 500 },
  )
})
