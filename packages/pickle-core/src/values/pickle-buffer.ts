/**
 * PickleBuffer: a view over memory that may travel outside the pickle stream.
 *
 * Source: PEP 574, "PickleBuffer objects"; CPython, Objects/picklebufobject.c. Contiguity is PEP 3118's.
 */
// `Symbol.dispose`, in the declarations too: the `lib` of who compiles against them may not have it.
/// <reference lib="esnext.disposable" preserve="true" />
import { BufferError } from '../errors.ts'

/** How the memory of a {@link PickleBuffer} is laid out. */
export interface PickleBufferOptions {
  /** A promise not to write; it travels with the buffer. Default false. */
  readonly readonly?: boolean
  /** Items along each dimension. Default: one dimension over the whole memory. */
  readonly shape?: readonly number[]
  /** Bytes from one item to the next along each dimension, negative and zero allowed. Default: C order. */
  readonly strides?: readonly number[]
  /** Bytes of one item. Default: the view's BYTES_PER_ELEMENT, else 1. */
  readonly itemSize?: number
}

const NO_OPTIONS: PickleBufferOptions = {}

/** `'C'` or `'F'` (row or column order, no gaps), `'CF'` when both hold, as for one dimension; `'none'` otherwise. */
export type Contiguity = 'C' | 'F' | 'CF' | 'none'

/**
 * A view over any memory that a pickle may carry in band or out of band. Nothing is copied: it is the memory.
 *
 * @throws {@link BufferError} `buffer-type`, `buffer-layout`; later `buffer-released`, `buffer-detached`, `buffer-contiguous`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PickleBuffer } from '@pickle-ts/pickle-core'
 * const samples = new Float64Array([1, 2, 3])
 * const buffers: PickleBuffer[] = []
 * const pickle = dumps({ samples: new PickleBuffer(samples) }, { bufferCallback: buffers })
 * const twin = loads<{ samples: PickleBuffer }>(pickle, { buffers })
 * twin.samples.raw()[7] = 0x40 // writes samples[0]: it is the same memory
 * ```
 */
export class PickleBuffer {
  /** Whether the owner asked not to write to it. JavaScript cannot lock memory; this is a promise. */
  readonly readonly: boolean
  /** Items along each dimension. */
  readonly shape: readonly number[]
  /** Bytes from one item to the next along each dimension. */
  readonly strides: readonly number[]
  /** Bytes of one item. */
  readonly itemSize: number
  /** Bytes of all items: the product of shape and item size. */
  readonly byteLength: number
  /** Whether the items lie without gaps, and in which order. */
  readonly contiguity: Contiguity
  #memory: ArrayBufferLike | undefined
  readonly #byteOffset: number
  /** Where the memory must reach at least: it was checked at this length, and may have shrunk since. */
  readonly #byteEnd: number

  constructor(memory: ArrayBufferLike | ArrayBufferView | PickleBuffer, options: PickleBufferOptions = NO_OPTIONS) {
    // Without a Uint8Array for the span: there may be many small buffers.
    const source = memory instanceof PickleBuffer ? memory : undefined
    if (memory instanceof PickleBuffer) {
      this.#memory = memory.#checked()
      this.#byteOffset = memory.#byteOffset
      this.#byteEnd = memory.#byteEnd
    } else {
      const isView = ArrayBuffer.isView(memory)
      this.#memory = memoryOf(isView ? memory.buffer : memory)
      this.#byteOffset = isView ? memory.byteOffset : 0
      this.#byteEnd = this.#byteOffset + memory.byteLength
    }
    const { itemSize = itemSizeOf(memory) } = options
    if (!Number.isSafeInteger(itemSize) || itemSize < 1) throw new BufferError('buffer-layout')
    const size = this.#byteEnd - this.#byteOffset
    const inherited = options.itemSize === undefined ? source : undefined
    const shape = options.shape ?? inherited?.shape
    this.readonly = (options.readonly ?? false) || (source?.readonly ?? false)
    this.itemSize = itemSize
    if (shape === undefined && options.strides === undefined) {
      // One dimension without gaps: nothing to check.
      const length = Math.floor(size / itemSize)
      this.shape = [length]
      this.strides = [itemSize]
      this.byteLength = length * itemSize
      this.contiguity = 'CF'
      return
    }
    this.shape = shape?.slice() ?? [Math.floor(size / itemSize)]
    const isSame = inherited !== undefined && options.shape === undefined
    this.strides = (options.strides ?? (isSame ? inherited.strides : cStrides(this.shape, itemSize))).slice()
    this.byteLength = itemsInside(this.shape, this.strides, itemSize, size) * itemSize
    this.contiguity = contiguityOf(this.shape, this.strides, itemSize)
  }

  /** The memory that it lies in: the very object that was given. */
  get buffer(): ArrayBufferLike {
    return this.#checked()
  }

  /** Where the first byte of the view lies in {@link buffer}. */
  get byteOffset(): number {
    return this.#byteOffset
  }

  /** Whether {@link release} was called. */
  get released(): boolean {
    return this.#memory === undefined
  }

  /**
   * The bytes in the order in which they lie in memory, without shape: a view, not a copy.
   *
   * @throws {@link BufferError} `buffer-contiguous`, `buffer-released`, `buffer-detached`.
   */
  raw(): Uint8Array {
    if (this.#memory !== undefined && this.contiguity === 'none') throw new BufferError('buffer-contiguous')
    return new Uint8Array(this.#checked(), this.#byteOffset, this.byteLength)
  }

  /** Lets go of the memory. Any later use is an error; releasing twice is not. */
  release(): void {
    this.#memory = undefined
  }

  [Symbol.dispose](): void {
    this.release()
  }

  /** The memory, if it is still there. */
  #checked(): ArrayBufferLike {
    const memory = this.#memory
    if (memory === undefined) throw new BufferError('buffer-released')
    // A detached buffer has length 0; one that shrank no longer reaches the end that was checked.
    if (memory.byteLength < this.#byteEnd || isDetached(memory)) throw new BufferError('buffer-detached')
    return memory
  }
}

/** Whether an ArrayBuffer was transferred away (its length is then 0, as an empty one's is). */
export function isDetached(memory: ArrayBufferLike): boolean {
  return 'detached' in memory && memory.detached === true
}

function memoryOf(memory: unknown): ArrayBufferLike {
  if (!isArrayBuffer(memory)) throw new BufferError('buffer-type')
  if (isDetached(memory)) throw new BufferError('buffer-detached')
  return memory
}

/** The getters of `byteLength`, which take their own kind and nothing else, of any realm; a browser page may lack shared memory. */
const LENGTH_GETTERS: readonly (() => number)[] = /* @__PURE__ */ (() =>
  [ArrayBuffer, globalThis.SharedArrayBuffer].flatMap((kind) => {
    const getter = kind && Object.getOwnPropertyDescriptor(kind.prototype, 'byteLength')?.get
    return getter === undefined ? [] : [getter]
  }))()

/** Whether a value is an ArrayBuffer or a SharedArrayBuffer. A prototype and a tag can be anybody's; their own getters know. */
export function isArrayBuffer(value: unknown): value is ArrayBufferLike {
  for (const getter of LENGTH_GETTERS) {
    try {
      getter.call(value)
      return true
    } catch {
      // Another kind.
    }
  }
  return false
}

function itemSizeOf(memory: ArrayBufferLike | ArrayBufferView | PickleBuffer): number {
  if (memory instanceof PickleBuffer) return memory.itemSize
  return 'BYTES_PER_ELEMENT' in memory ? (memory.BYTES_PER_ELEMENT as number) : 1
}

/** The strides of items in row order, without gaps. */
export function cStrides(shape: readonly number[], itemSize: number): number[] {
  const strides = new Array<number>(shape.length)
  let step = itemSize
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= shape[axis] as number
  }
  return strides
}

/** How many items there are; all of them must lie inside the memory. */
function itemsInside(shape: readonly number[], strides: readonly number[], itemSize: number, size: number): number {
  const items = shape.reduce((product, n) => product * n, 1)
  const isWhole = shape.every((n) => Number.isSafeInteger(n) && n >= 0) && strides.every(Number.isSafeInteger)
  if (strides.length !== shape.length || !isWhole || !Number.isSafeInteger(items * itemSize)) {
    throw new BufferError('buffer-layout')
  }
  if (items === 0) return 0
  const { low, high } = reachOf(shape, strides, itemSize)
  // A view starts at the first byte of its memory, so nothing may lie before it.
  if (!(low >= 0 && high <= size)) throw new BufferError('buffer-layout')
  return items
}

/** The lowest and the highest byte that items touch, from the first item on. */
export function reachOf(
  shape: readonly number[],
  strides: readonly number[],
  itemSize: number,
): { readonly low: number; readonly high: number } {
  let low = 0
  let high = itemSize
  for (let axis = 0; axis < shape.length; axis++) {
    const reach = ((shape[axis] as number) - 1) * (strides[axis] as number)
    if (reach < 0) low += reach
    else high += reach
  }
  return { low, high }
}

function contiguityOf(shape: readonly number[], strides: readonly number[], itemSize: number): Contiguity {
  if (shape.includes(0)) return 'CF'
  const inOrder = (axes: readonly number[]): boolean => {
    let step = itemSize
    for (const axis of axes) {
      const size = shape[axis] as number
      if (size > 1 && strides[axis] !== step) return false
      step *= size
    }
    return true
  }
  const axes = shape.map((_, axis) => axis)
  const f = inOrder(axes)
  const c = inOrder(axes.reverse())
  return c && f ? 'CF' : c ? 'C' : f ? 'F' : 'none'
}
