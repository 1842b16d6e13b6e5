/**
 * Frames on a pipe, the same in both directions (`peer.py` has the other end):
 *
 *     u32        number of parts
 *     u64 * n    byte length of each part
 *     bytes * n  the parts
 *       part 0     a note in JSON: what to do, or what was found
 *       part 1     the pickle stream (absent where there is nothing to carry)
 *       part 2...  the out-of-band buffers, in the order of the stream
 *
 * Integers are little-endian. Which buffers are readonly stands in the stream.
 */
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** What one frame carries. */
export interface Frame {
  readonly note: Record<string, unknown>
  readonly pickle: Uint8Array
  readonly buffers: readonly Uint8Array[]
}

export async function writeFrame(
  pipe: Writable,
  note: object,
  pickle?: Uint8Array,
  buffers: readonly Uint8Array[] = [],
): Promise<void> {
  const parts = [new TextEncoder().encode(JSON.stringify(note)), ...(pickle ? [pickle, ...buffers] : [])]
  const header = new DataView(new ArrayBuffer(4 + 8 * parts.length))
  header.setUint32(0, parts.length, true)
  for (const [index, part] of parts.entries()) header.setBigUint64(4 + 8 * index, BigInt(part.byteLength), true)
  for (const part of [new Uint8Array(header.buffer), ...parts]) {
    if (!pipe.write(part)) await once(pipe, 'drain')
  }
}

/** Reads frames from a pipe. Each part gets memory of its own, that the pipe fills. */
export class FrameReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(pipe: Readable) {
    this.#chunks = pipe[Symbol.asyncIterator]()
  }

  async read(): Promise<Frame> {
    const count = viewOf(await this.#take(4)).getUint32(0, true)
    const lengths = viewOf(await this.#take(8 * count))
    const parts: Uint8Array[] = []
    for (let index = 0; index < count; index++) {
      parts.push(await this.#take(Number(lengths.getBigUint64(8 * index, true))))
    }
    const [note = new Uint8Array(0), pickle = new Uint8Array(0), ...buffers] = parts
    return { note: JSON.parse(new TextDecoder().decode(note)), pickle, buffers }
  }

  async #take(length: number): Promise<Uint8Array> {
    const part = new Uint8Array(length)
    for (let filled = 0; filled < length; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next()
        if (done) throw new Error('Python ended before its answer was complete')
        this.#rest = value
      }
      const piece = this.#rest.subarray(0, length - filled)
      part.set(piece, filled)
      filled += piece.length
      this.#rest = this.#rest.subarray(piece.length)
    }
    return part
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
