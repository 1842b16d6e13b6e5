/**
 * Where the pickle is written: one growable buffer, frames, and large payloads that are copied once, at the end.
 *
 * Frames (protocol 4 and 5) follow Modules/_pickle.c: a frame that is full is closed at the start of the next save, a payload of
 * 64 KiB or more stands outside any frame, and a frame of less than 4 bytes gets no header.
 *
 * A position is passed along as argument and result; `limit` is the frame's end and the buffer's end in one,
 * so that each value costs one comparison.
 */
import { picklingError } from '../errors.ts'

/** `_FRAME_SIZE_TARGET`: a frame is closed at this size, and a payload of this size stands outside. */
const FRAME_SIZE_TARGET = 65_536
/** `_FRAME_SIZE_MIN`: a smaller frame gets no header. */
const FRAME_SIZE_MIN = 4
/** FRAME and its eight bytes of length. */
const FRAME_HEADER_SIZE = 9
/** What any value may write without asking for room: the longest string that is written unasked is 64 units, 192 bytes. */
const SLACK = 512
/** A larger buffer is let go after the dump, so that one large dump does not keep its memory. */
const KEEP = 4_194_304

/** A payload that is not copied before the end: the caller's own memory, which user code may take away before that. */
interface Part {
  readonly at: number
  readonly payload: Uint8Array
  /** As its header says. */
  readonly size: number
}

/** The bytes of one pickle in the making. */
export class FramedOutput {
  protected bytes: Uint8Array = new Uint8Array(16_384)
  protected view: DataView = new DataView(this.bytes.buffer)
  /** Beyond this position the next save must call {@link boundary}. */
  protected limit = 0
  #framing = false
  /** Where the open frame's header stands, if frames are written. */
  #frameStart = 0
  #parts: Part[] = []

  /** Starts a pickle; returns the position after its header. */
  protected start(protocol: number): number {
    this.#framing = protocol >= 4
    if (protocol >= 2) {
      this.bytes[0] = 0x80 // PROTO
      this.bytes[1] = protocol
    }
    return this.#openFrame(protocol >= 2 ? 2 : 0)
  }

  /** Ends a pickle whose STOP is written. Returns a copy of exactly its bytes. */
  protected finish(end: number): Uint8Array {
    const length = this.#closeFrame(end)
    const parts = this.#parts
    if (parts.length === 0) return this.bytes.slice(0, length)
    let total = length
    for (const { payload, size } of parts) {
      if (payload.byteLength !== size) throw picklingError('buffer-detached', undefined)
      total += size
    }
    const whole = new Uint8Array(total)
    let from = 0
    let to = 0
    for (const { at, payload, size } of parts) {
      whole.set(this.bytes.subarray(from, at), to)
      to += at - from
      whole.set(payload, to)
      to += size
      from = at
    }
    whole.set(this.bytes.subarray(from, length), to)
    return whole
  }

  /** Lets go of what only this pickle needed. */
  protected releaseOutput(): void {
    if (this.#parts.length > 0) this.#parts = []
    if (this.bytes.length > KEEP) this.#resize(16_384, 0)
  }

  /** Called at the start of a save when `limit` is passed: closes a full frame, and makes room. */
  protected boundary(pos: number): number {
    let at = pos
    if (this.#framing && pos - this.#frameStart - FRAME_HEADER_SIZE >= FRAME_SIZE_TARGET) {
      at = this.#openFrame(this.#closeFrame(pos))
    }
    return this.room(at, 0)
  }

  /** Makes room for `size` bytes and the slack of what follows. */
  protected room(pos: number, size: number): number {
    const need = pos + size + SLACK
    if (need > this.bytes.length) this.#resize(Math.max(need, this.bytes.length * 2), pos)
    this.#setLimit()
    return pos
  }

  /** Writes a payload after its header bytes: inside the frame, or outside if it is large. */
  protected payload(pos: number, header: (at: number) => number, payload: Uint8Array): number {
    const { buffer, byteOffset, byteLength: size } = payload
    if (size < FRAME_SIZE_TARGET) {
      const at = header(this.room(pos, size))
      this.bytes.set(payload, at)
      return at + size
    }
    const at = header(this.#closeFrame(pos))
    // Of a length of its own: the caller's may follow memory that grows.
    this.#parts.push({ at, payload: new Uint8Array(buffer, byteOffset, size), size })
    return this.#openFrame(at)
  }

  /** The protocol in the header, changed when the dump is over and it is known what was needed. */
  protected setProtocol(protocol: number): void {
    this.bytes[1] = protocol
  }

  #openFrame(pos: number): number {
    this.#frameStart = pos
    if (!this.#framing) return this.room(pos, 0)
    this.room(pos, FRAME_HEADER_SIZE)
    return pos + FRAME_HEADER_SIZE
  }

  /** Returns the position after the frame: its header is filled in, or taken out if the frame is too small for one. */
  #closeFrame(pos: number): number {
    if (!this.#framing) return pos
    const start = this.#frameStart
    const size = pos - start - FRAME_HEADER_SIZE
    if (size < FRAME_SIZE_MIN) {
      this.bytes.copyWithin(start, start + FRAME_HEADER_SIZE, pos)
      return start + size
    }
    this.bytes[start] = 0x95 // FRAME
    this.view.setUint32(start + 1, size, true)
    this.view.setUint32(start + 5, 0, true)
    return pos
  }

  #setLimit(): void {
    const room = this.bytes.length - SLACK
    const frame = this.#frameStart + FRAME_HEADER_SIZE + FRAME_SIZE_TARGET - 1
    this.limit = this.#framing && frame < room ? frame : room
  }

  #resize(size: number, used: number): void {
    const bytes = new Uint8Array(size)
    bytes.set(this.bytes.subarray(0, used))
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }
}
