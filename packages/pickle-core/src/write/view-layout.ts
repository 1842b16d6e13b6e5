/**
 * Where the items of a view lie in memory, and how they look without the gaps between them.
 *
 * Strides are NumPy's: bytes from one item to the next along each dimension, negative and zero allowed.
 */
import { BufferError } from '../errors.ts'
import type { ViewLayout } from '../registry/contract.ts'
import { cStrides, isArrayBuffer, isDetached, reachOf } from '../values/pickle-buffer.ts'

/** A view, checked: all its items lie inside its memory. */
export interface ViewSpan {
  readonly memory: ArrayBufferLike
  /** The bytes from the lowest to the highest of any item. */
  readonly start: number
  readonly end: number
  readonly readonly: boolean
  /** Where the first item lies. */
  readonly first: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly itemSize: number
}

/** Items without gaps. */
export interface Compacted {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly strides: readonly number[]
}

/** Checks what a reducer says of a view. */
export function spanOf(
  memory: ArrayBufferLike,
  byteOffset: number,
  byteLength: number,
  layout: ViewLayout | undefined,
): ViewSpan {
  if (!isArrayBuffer(memory)) throw new BufferError('buffer-type')
  if (isDetached(memory)) throw new BufferError('buffer-detached')
  const end = byteOffset + byteLength
  if (!isLength(byteOffset) || !isLength(byteLength) || !(end <= memory.byteLength)) {
    throw new BufferError('buffer-layout')
  }
  const readonly = Boolean(layout?.readonly)
  const itemSize = layout?.itemSize ?? 1
  if (!isLength(itemSize) || itemSize < 1) throw new BufferError('buffer-layout')
  if (layout?.shape === undefined && layout?.strides === undefined) {
    const shape = [Math.floor(byteLength / itemSize)]
    return { memory, start: byteOffset, end, readonly, first: byteOffset, shape, strides: [itemSize], itemSize }
  }
  const shape = layout.shape ?? [Math.floor(byteLength / itemSize)]
  const strides = layout.strides ?? cStrides(shape, itemSize)
  if (!shape.every(isLength) || !strides.every(Number.isSafeInteger) || shape.length !== strides.length) {
    throw new BufferError('buffer-layout')
  }
  if (shape.includes(0)) {
    return { memory, start: byteOffset, end: byteOffset, readonly, first: byteOffset, shape, strides, itemSize }
  }
  const { low, high } = reachOf(shape, strides, itemSize)
  // Written so that a product that is no number any more fails, too.
  if (!(high - low <= byteLength)) throw new BufferError('buffer-layout')
  const span = { start: byteOffset, end: byteOffset + high - low, first: byteOffset - low }
  return { memory, ...span, readonly, shape, strides, itemSize }
}

/** Whether the span is more than twice as long as its items; those that a stride of 0 repeats count once. */
export function isSparse({ start, end, shape, strides, itemSize }: ViewSpan): boolean {
  let bytes = itemSize
  for (const [axis, size] of shape.entries()) if (strides[axis] !== 0) bytes *= size
  return end - start > 2 * bytes
}

/**
 * The items of a view in memory of their own, in the order of the axes that they had; strides of 0 stay 0, negative ones become positive.
 * This is NumPy's `copy(order='K')`, but for the strides of 0.
 */
export function compact({ memory, first, shape, strides, itemSize }: ViewSpan): Compacted {
  const reach = (axis: number): number => Math.abs(strides[axis] as number)
  const axes = [...shape.keys()]
    .filter((axis) => reach(axis) > 0 && shape[axis] !== 1)
    .sort((a, b) => reach(a) - reach(b) || b - a)
  const own = shape.map(() => 0)
  let size = itemSize
  for (const axis of axes) {
    own[axis] = size
    size *= shape[axis] as number
  }
  const bytes = new Uint8Array(size)
  // By words where all is a multiple of them; as numbers, floats would not keep the bits of every NaN.
  const unit = [first, itemSize, ...strides].every((n) => n % 4 === 0) ? 4 : 1
  const source = unit === 4 ? new Uint32Array(memory, 0, Math.floor(memory.byteLength / 4)) : new Uint8Array(memory)
  const target = unit === 4 ? new Uint32Array(bytes.buffer) : bytes
  const words = itemSize / unit
  // From the outermost axis to the innermost.
  const copy = (depth: number, from: number, to: number): void => {
    const axis = axes[depth] as number
    const [count, theirs, ours] = [shape[axis] as number, strides[axis] as number, own[axis] as number]
    if (depth > 0) {
      for (let i = 0; i < count; i++) copy(depth - 1, from + i * theirs, to + i * ours)
      return
    }
    for (let i = 0; i < count; i++) {
      const at = (from + i * theirs) / unit
      const put = (to + i * ours) / unit
      for (let word = 0; word < words; word++) target[put + word] = source[at + word] as number
    }
  }
  copy(axes.length - 1, first, 0)
  return { bytes, strides: own }
}

function isLength(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
