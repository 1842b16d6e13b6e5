/** `ctx.shareView`: what is shipped, and what aliases after loading, here and in stock Python. */
import { createPickle, type PickleBuffer } from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { openPython } from '../open-python.ts'
import { VIEW_CASES, type ViewCase } from './cases.ts'
import { itemsOf, itemsWritten, type LoadedView, runs, viewsPlugin } from './memory-view.ts'

const python = await openPython()
const pickle = createPickle({ plugins: [viewsPlugin] })

/** The number of each thing, where the same thing has the same number. */
function numbered(things: readonly unknown[]): number[] {
  const all = [...new Set(things)]
  return things.map((thing) => all.indexOf(thing))
}

/** Views share memory if a byte that is written through one is seen through the other. */
function checkWrites(loaded: readonly LoadedView[]): void {
  for (const a of loaded) {
    if (a.readonly || itemsOf(a).length === 0) continue
    const bytes = new Uint8Array(a.memory)
    const before = bytes[a.offset] as number
    bytes[a.offset] = before ^ 0xff
    for (const b of loaded) if (b.memory === a.memory) expect(new Uint8Array(b.memory)[a.offset]).toBe(before ^ 0xff)
    bytes[a.offset] = before
  }
}

function check(views: ReturnType<ViewCase['views']>, loaded: readonly LoadedView[], memories: readonly number[]): void {
  expect(loaded.map(itemsOf)).toEqual(views.map(itemsWritten))
  expect(loaded.map(({ readonly }) => readonly)).toEqual(views.map(({ layout }) => layout.readonly))
  expect(numbered(loaded.map(({ memory }) => memory))).toEqual(memories)
  checkWrites(loaded)
}

/** What stock Python makes of it: bytes of all items, readonly, the number of the memory. */
const LOOK = `
import itertools
views = pickle.loads(blobs[0], buffers=[bytearray(b) for b in blobs[1:]] if len(blobs) > 1 else None)
objs, value = [], []
for v in views:
    m = memoryview(v.buffer)
    raw = m.cast('B')
    places = [v.offset + sum(i * s for i, s in zip(index, v.strides)) for index in itertools.product(*map(range, v.shape))]
    if not any(o is m.obj for o in objs):
        objs.append(m.obj)
    number = [o is m.obj for o in objs].index(True)
    value.append([[b for p in places for b in raw[p:p + v.itemsize]], m.readonly, number])
for a in views:
    m = memoryview(a.buffer).cast('B')
    if m.readonly or len(m) == 0:
        continue
    for b in views:
        n = memoryview(b.buffer).cast('B')
        if n.obj is m.obj:
            m[0] ^= 0xff
            assert n[0] == m[0]
`

async function checkPython(
  views: ReturnType<ViewCase['views']>,
  blobs: readonly Uint8Array[],
  memories: readonly number[],
): Promise<void> {
  if (python === undefined) return
  const { value } = await python.run<[number[], boolean, number][]>(LOOK, blobs)
  expect(value.map(([items]) => items)).toEqual(views.map(itemsWritten))
  expect(value.map(([, readonly]) => readonly)).toEqual(views.map(({ layout }) => layout.readonly))
  expect(value.map(([, , memory]) => memory)).toEqual(memories)
}

describe.each(VIEW_CASES)('$name', ({ views: make, buffers: lengths, memories, memoriesBelow5 = memories }) => {
  test('out of band', async () => {
    const views = make()
    const buffers: PickleBuffer[] = []
    const bytes = pickle.dumps(views, { bufferCallback: buffers })
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual(lengths)
    // Nothing was copied, but for what is compacted.
    const isCompacted = lengths.length === 1 && (lengths[0] as number) < Math.max(...views.map((v) => v.byteLength))
    for (const { buffer } of buffers) expect(views.some(({ memory }) => memory === buffer)).toBe(!isCompacted)
    // As it comes from a file or another process.
    const copies = buffers.map((buffer) => buffer.raw().slice())
    check(
      views,
      pickle.loads(bytes, { buffers: buffers.map((b, i) => (b.readonly ? b : (copies[i] as Uint8Array))) }),
      memories,
    )
    await checkPython(views, [bytes, ...copies], memories)
  })

  test('kept in band by the callback, which is asked once for each', async () => {
    const views = make()
    const asked: number[] = []
    const bytes = pickle.dumps(views, { bufferCallback: (buffer) => asked.push(buffer.byteLength) > 0 })
    expect(asked).toEqual(lengths)
    check(views, pickle.loads<LoadedView[]>(bytes), memories)
    await checkPython(views, [bytes], memories)
  })

  test.each([0, 1, 2, 3, 4])('protocol %i', async (protocol) => {
    const views = make()
    const bytes = pickle.dumps(views, { protocol: protocol as 0 })
    check(views, pickle.loads<LoadedView[]>(bytes), memoriesBelow5)
    await checkPython(views, [bytes], memoriesBelow5)
  })

  test.each(['auto', 5] as const)('in band, protocol %s', async (protocol) => {
    const views = make()
    const bytes = pickle.dumps(views, { protocol })
    check(views, pickle.loads<LoadedView[]>(bytes), memories)
    await checkPython(views, [bytes], memories)
  })
})

test('reducers run once, and twice only where views share', () => {
  for (const { views: make, memories } of VIEW_CASES) {
    const views = make()
    runs.count = 0
    pickle.dumps(views, { bufferCallback: [] })
    const shares = new Set(memories).size < memories.length
    expect(runs.count).toBe(shares ? 2 * views.length : views.length)
  }
})
