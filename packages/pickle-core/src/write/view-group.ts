import { BufferError } from '../errors.ts'
import type { Compacted } from './view-layout.ts'

/** Memory that is written once, for one view or for several whose spans overlap. */
export class ViewGroup {
  readonly memory: ArrayBufferLike
  /** The bytes that any of its views needs. */
  readonly start: number
  readonly end: number
  /** Whether all of its views are. */
  readonly readonly: boolean
  /** Whether it goes into the memo where it is written, because it is referred to again. CPython's buffers don't. */
  readonly memoized: boolean
  /** The items of its only view without the gaps between them; they are written in place of the memory. */
  readonly compacted: Compacted | undefined
  /** How often it was written. */
  writes = 0
  /** Its memo index, once it has one. */
  index = -1
  /** What stands for it below protocol 5, once it was written: the memo knows that. */
  payload: Uint8Array | undefined = undefined

  constructor(
    memory: ArrayBufferLike,
    start: number,
    end: number,
    readonly: boolean,
    memoized: boolean,
    compacted?: Compacted,
  ) {
    this.memory = memory
    this.start = start
    this.end = end
    this.readonly = readonly
    this.memoized = memoized
    this.compacted = compacted
  }

  /**
   * What is written: the memory itself, not a copy.
   * @throws {@link BufferError} `buffer-detached`: a group may be longer than the view that is asked for, and the memory may have shrunk.
   */
  bytes(): Uint8Array {
    if (this.compacted !== undefined) return this.compacted.bytes
    if (this.end > this.memory.byteLength) throw new BufferError('buffer-detached')
    return new Uint8Array(this.memory, this.start, this.end - this.start)
  }
}
