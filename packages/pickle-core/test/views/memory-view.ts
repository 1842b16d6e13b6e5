/**
 * A view of memory with a layout of its own, as array libraries have them, and a plugin that writes it as what stock Python has for it: a
 * `types.SimpleNamespace` of a buffer, and where in it the items lie.
 */
import {
  type DumpContext,
  definePlugin,
  GlobalRef,
  type LoadContext,
  type Plugin,
  pyType,
  type ReduceValue,
  reducer,
  type ViewLayout,
} from '@pickle-ts/pickle-core'

export class MemoryView {
  readonly memory: ArrayBufferLike
  /** The lowest byte of any item. */
  readonly byteOffset: number
  readonly byteLength: number
  readonly layout: { [K in keyof ViewLayout]-?: NonNullable<ViewLayout[K]> }

  constructor(memory: ArrayBufferLike, byteOffset: number, byteLength: number, layout: ViewLayout = {}) {
    const { itemSize = 1, readonly = false } = layout
    const { shape = [Math.floor(byteLength / itemSize)], strides = [itemSize] } = layout
    this.memory = memory
    this.byteOffset = byteOffset
    this.byteLength = byteLength
    this.layout = { itemSize, readonly, shape, strides }
  }

  static of(array: ArrayBufferView & { BYTES_PER_ELEMENT: number }, layout: ViewLayout = {}): MemoryView {
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: itemSize } = array
    return new MemoryView(buffer, byteOffset, byteLength, { itemSize, ...layout })
  }
}

/** What is loaded for one. */
export class LoadedView {
  memory: ArrayBufferLike = new ArrayBuffer(0)
  readonly = false
  /** Where the first item lies in `memory`. */
  offset = 0
  shape: readonly number[] = []
  strides: readonly number[] = []
  itemSize = 1
}

/** How often the reducer ran. */
export const runs = { count: 0 }

function reduceView(view: MemoryView, ctx: DumpContext): ReduceValue {
  runs.count++
  const { memory, byteOffset, byteLength, layout } = view
  const { buffer, offset, strides } = ctx.shareView(memory, byteOffset, byteLength, layout)
  const { shape, itemSize: itemsize } = layout
  const state = { buffer, offset, shape, strides, itemsize }
  return { callable: new GlobalRef('types', 'SimpleNamespace'), args: [], state }
}

export const viewsPlugin: Plugin = definePlugin({
  id: 'test/views',
  types: [
    pyType({
      module: 'types',
      name: 'SimpleNamespace',
      args: [],
      state: 'dict',
      stateRequired: true,
      create: () => new LoadedView(),
      setState(view, state, ctx: LoadContext) {
        const fields = ctx.check.dict(state, 'the state')
        const { memory, byteOffset, readonly } = ctx.memoryOf(fields.get('buffer'))
        const ints = (name: string): number[] =>
          ctx.check.list(fields.get(name), name).map((n) => ctx.check.int(n, name))
        view.memory = memory
        view.readonly = readonly
        view.offset = byteOffset + ctx.check.int(fields.get('offset'), 'offset')
        view.shape = ints('shape')
        view.strides = ints('strides')
        view.itemSize = ctx.check.int(fields.get('itemsize'), 'itemsize')
      },
    }),
  ],
  reducers: [reducer(MemoryView, reduceView)],
})

/** The bytes of all items, in order. */
export function itemsOf(view: {
  memory: ArrayBufferLike
  offset: number
  shape: readonly number[]
  strides: readonly number[]
  itemSize: number
}): number[] {
  const bytes = new Uint8Array(view.memory)
  let places = [view.offset]
  for (const [axis, size] of view.shape.entries()) {
    places = places.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * (view.strides[axis] as number)))
  }
  return places.flatMap((at) => [...bytes.subarray(at, at + view.itemSize)])
}

/** The bytes of all items of what was written. */
export function itemsWritten(view: MemoryView): number[] {
  const { shape, strides, itemSize } = view.layout
  const low = shape.reduce((sum, size, axis) => sum + Math.min(0, (size - 1) * (strides[axis] as number)), 0)
  return itemsOf({ memory: view.memory, offset: view.byteOffset - low, shape, strides, itemSize })
}
