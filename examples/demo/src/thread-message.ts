import { dumps, type PickleBuffer } from '@pickle-ts/pickle-core'

/** How buffers go to another thread: in the stream, moved out of band, or out of band in memory of both. */
export type Carrier = 'in band' | 'transferred' | 'shared'

export interface ThreadMessage {
  readonly carrier: Carrier
  readonly pickle: Uint8Array<ArrayBuffer>
  readonly buffers: readonly Uint8Array[]
}

export interface ThreadAnswer {
  readonly message: ThreadMessage
  readonly threadId: number
  /** How long this thread took to change the pixels. It is no part of the transport. */
  readonly workMilliseconds: number
  /** By how much the memory of this thread's ArrayBuffers grew. Memory that was moved or is shared adds nothing. */
  readonly allocated: number
}

export function packMessage(value: unknown, carrier: Carrier): ThreadMessage {
  const collected: PickleBuffer[] = []
  const stream = dumps(value, { protocol: 5, ...(carrier === 'in band' ? {} : { bufferCallback: collected }) })
  // A stream may be a part of a larger memory: only memory that is whole can move.
  const isWhole = stream.buffer instanceof ArrayBuffer && stream.byteLength === stream.buffer.byteLength
  const pickle = isWhole ? (stream as Uint8Array<ArrayBuffer>) : stream.slice()
  return { carrier, pickle, buffers: collected.map((buffer) => buffer.raw()) }
}

/** The memory that moves with the message. Shared memory needs no move: both threads have it. */
export function transferList({ carrier, pickle, buffers }: ThreadMessage): ArrayBuffer[] {
  const moved = carrier === 'transferred' ? buffers.map((bytes) => bytes.buffer as ArrayBuffer) : []
  return [pickle.buffer, ...moved]
}
