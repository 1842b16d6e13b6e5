/** Views on one memory, and what becomes of them. `docs/ownership.md` shows the table; a test compares it. */
import { MemoryView } from './memory-view.ts'

/** What a case makes. */
export interface ViewCase {
  readonly name: string
  readonly views: () => readonly MemoryView[]
  /** Bytes of each out-of-band buffer, in order. */
  readonly buffers: readonly number[]
  /** Which views are on one memory after loading: the number of the memory of each. */
  readonly memories: readonly number[]
  /** The same below protocol 5, where it differs: bytes are never a view of a bytearray. */
  readonly memoriesBelow5?: readonly number[]
}

function filled<T extends ArrayBufferLike>(memory: T): T {
  const bytes = new Uint8Array(memory)
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff
  return memory
}

const floats = (length: number): Float64Array => new Float64Array(filled(new ArrayBuffer(length * 8)))
const MEGA = 10_000_000

export const VIEW_CASES: readonly ViewCase[] = [
  {
    name: 'the same view twice',
    views: () => {
      const a = floats(100)
      return [MemoryView.of(a), MemoryView.of(a)]
    },
    buffers: [800],
    memories: [0, 0],
  },
  {
    name: 'one view inside another',
    views: () => {
      const a = floats(100)
      return [MemoryView.of(a.subarray(10, 20)), MemoryView.of(a)]
    },
    buffers: [800],
    memories: [0, 0],
  },
  {
    name: 'two that overlap',
    views: () => {
      const a = floats(100)
      return [MemoryView.of(a.subarray(40, 80)), MemoryView.of(a.subarray(20, 60))]
    },
    buffers: [480],
    memories: [0, 0],
  },
  {
    name: 'two that a third joins',
    views: () => {
      const a = floats(100)
      return [a.subarray(0, 40), a.subarray(60, 100), a.subarray(30, 70)].map((view) => MemoryView.of(view))
    },
    buffers: [800],
    memories: [0, 0, 0],
  },
  {
    name: 'two that touch',
    views: () => {
      const a = floats(100)
      return [MemoryView.of(a.subarray(0, 50)), MemoryView.of(a.subarray(50, 100))]
    },
    buffers: [400, 400],
    memories: [0, 1],
  },
  {
    name: 'both ends of an array of 80 MB',
    views: () => {
      const a = new Float64Array(MEGA)
      a.fill(1.5, 0, 10)
      a.fill(-2.5, MEGA - 10)
      return [MemoryView.of(a.subarray(0, 10)), MemoryView.of(a.subarray(MEGA - 10))]
    },
    buffers: [80, 80],
    memories: [0, 1],
  },
  {
    name: 'sparse, `a[::1000]`',
    views: () => {
      const a = floats(10_000)
      return [MemoryView.of(a.subarray(0, 9001), { shape: [10], strides: [8000] })]
    },
    buffers: [80],
    memories: [0],
  },
  {
    name: 'sparse, and the whole array besides',
    views: () => {
      const a = floats(10_000)
      return [MemoryView.of(a.subarray(0, 9001), { shape: [10], strides: [8000] }), MemoryView.of(a)]
    },
    buffers: [80_000],
    memories: [0, 0],
  },
  {
    name: 'negative strides, `a[::-1]`, and `a`',
    views: () => {
      const a = floats(100)
      return [MemoryView.of(a, { strides: [-8] }), MemoryView.of(a)]
    },
    buffers: [800],
    memories: [0, 0],
  },
  {
    name: 'negative strides alone, in two dimensions',
    views: () => {
      const a = floats(12)
      return [MemoryView.of(a, { shape: [3, 4], strides: [-32, -8] })]
    },
    buffers: [96],
    memories: [0],
  },
  {
    name: 'transposed, and broadcast',
    views: () => {
      const a = floats(12)
      return [
        MemoryView.of(a, { shape: [4, 3], strides: [8, 32] }),
        MemoryView.of(a.subarray(0, 4), { shape: [5, 4], strides: [0, 8] }),
      ]
    },
    buffers: [96],
    memories: [0, 0],
  },
  {
    name: 'a readonly view of a writable one',
    views: () => {
      const a = floats(100)
      return [MemoryView.of(a), MemoryView.of(a.subarray(10, 20), { readonly: true })]
    },
    buffers: [800],
    memories: [0, 0],
    memoriesBelow5: [0, 1],
  },
  {
    name: 'two readonly views',
    views: () => {
      const a = floats(100)
      return [MemoryView.of(a, { readonly: true }), MemoryView.of(a.subarray(10, 20), { readonly: true })]
    },
    buffers: [800],
    memories: [0, 0],
  },
  {
    name: 'two element types on one memory',
    views: () => {
      const memory = filled(new ArrayBuffer(64))
      return [MemoryView.of(new Float64Array(memory)), MemoryView.of(new Uint8Array(memory, 4, 9))]
    },
    buffers: [64],
    memories: [0, 0],
  },
  {
    name: 'resizable memory',
    views: () => {
      const memory = filled(new ArrayBuffer(64, { maxByteLength: 128 }))
      return [MemoryView.of(new Uint8Array(memory)), MemoryView.of(new Uint8Array(memory, 8, 8))]
    },
    buffers: [64],
    memories: [0, 0],
  },
  {
    name: 'shared memory',
    views: () => {
      const memory = filled(new SharedArrayBuffer(64))
      return [MemoryView.of(new Uint8Array(memory)), MemoryView.of(new Uint8Array(memory, 8, 8))]
    },
    buffers: [64],
    memories: [0, 0],
  },
  {
    name: 'views of no bytes',
    views: () => {
      const a = floats(10)
      return [MemoryView.of(a.subarray(5, 5)), MemoryView.of(a), MemoryView.of(a.subarray(5, 5))]
    },
    buffers: [0, 80, 0],
    memories: [0, 1, 2],
  },
]
