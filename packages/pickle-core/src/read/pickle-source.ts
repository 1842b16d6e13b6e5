/**
 * Streaming sources: the bytes of exactly one pickle are collected first, then the machine runs over them.
 *
 * The scanner needs only how long each argument is. It never reads past STOP, so that whoever owns the source can go on after it;
 * it never allocates more than 1 MiB ahead of what the source has given.
 */
import { OPCODES, type OpcodeArgument } from '../opcodes.ts'
import { fail, failEnd, failLength, failLimit } from './failures.ts'

/** Gives up to `n` of the next bytes, and none at the end. */
export interface PickleSource {
  read(n: number): Uint8Array
}

const STEP = 1 << 20

/** Arguments by opcode byte. */
type Arguments = readonly (OpcodeArgument | undefined)[]

/** Collects pickles from one source. */
export class PickleScanner {
  readonly #source: PickleSource
  readonly #maxBytes: number
  readonly #arguments: Arguments
  #buffer: Uint8Array = new Uint8Array(256)
  #size = 0
  /** One byte that was read to learn whether the source has ended. */
  #ahead = -1
  /** Bytes of the pickles before this one: {@link Position}'s origin. */
  origin = 0

  constructor(source: PickleSource, maxBytes: number) {
    this.#source = source
    this.#maxBytes = maxBytes
    const table: (OpcodeArgument | undefined)[] = new Array(256).fill(undefined)
    for (const { code, argument } of OPCODES) table[code] = argument
    this.#arguments = table
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#size)
  }

  /** Whether the source has no byte left. */
  get atEnd(): boolean {
    if (this.#ahead < 0) this.#ahead = this.#read(1)[0] ?? -1
    return this.#ahead < 0
  }

  /** The bytes of the next pickle, to its STOP. They are the scanner's own until the next call. */
  next(): Uint8Array {
    this.origin += this.#size
    this.#size = 0
    if (this.#buffer.length > STEP) this.#buffer = new Uint8Array(256)
    // Where the current frame ends; its bytes are there already.
    let frameEnd = 0
    let pos = 0
    for (;;) {
      const at = pos
      this.#need(pos + 1, at)
      const code = this.#buffer[pos++] as number
      if (code === 0x2e /* STOP */) return this.bytes
      const argument = this.#arguments[code]
      if (argument === undefined) fail(this, at, 'opcode', { byte: code })
      if (typeof argument === 'number') {
        if (argument >= 0) pos += argument
        else for (let lines = argument; lines < 0; lines++) pos = this.#line(pos, at)
        this.#need(pos, at)
        if (code === 0x95 /* FRAME */ && pos > frameEnd) {
          frameEnd = pos + this.#length(pos - 8, 8)
          this.#need(frameEnd, at, frameEnd - pos)
        }
        continue
      }
      const width = argument === 'c1' ? 1 : argument === 'c4' ? 4 : 8
      this.#need(pos + width, at)
      const length = this.#length(pos, width)
      pos += width + length
      this.#need(pos, at, length)
    }
  }

  #length(pos: number, width: number): number {
    let value = 0
    for (let i = width - 1; i >= 0; i--) value = value * 256 + (this.#buffer[pos + i] as number)
    return value
  }

  /** The position after the next newline. */
  #line(start: number, at: number): number {
    let pos = start
    for (;;) {
      const newline = this.#buffer.subarray(0, this.#size).indexOf(0x0a, pos)
      if (newline >= 0) return newline + 1
      pos = this.#size
      this.#need(pos + 1, at)
    }
  }

  /** Reads until `size` bytes of this pickle are there. */
  #need(size: number, at: number, declared = -1): void {
    if (size <= this.#size) return
    if (size > this.#maxBytes) failLimit(this, at, 'maxBytes', size, this.#maxBytes)
    while (this.#size < size) {
      const chunk = this.#ahead >= 0 ? Uint8Array.of(this.#ahead) : this.#read(Math.min(size - this.#size, STEP))
      this.#ahead = -1
      if (chunk.length === 0) {
        if (declared >= 0) failLength(this, at, declared, declared - (size - this.#size), false)
        failEnd(this, at, size - at - 1, this.#size, this.#size)
      }
      this.#grow(this.#size + chunk.length)
      this.#buffer.set(chunk, this.#size)
      this.#size += chunk.length
    }
  }

  #grow(size: number): void {
    if (size <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(size, this.#buffer.length * 2))
    larger.set(this.bytes)
    this.#buffer = larger
  }

  #read(count: number): Uint8Array {
    let chunk: unknown
    try {
      chunk = this.#source.read(count)
    } catch (cause) {
      fail(this, this.#size, 'callback', { what: 'read' }, cause)
    }
    if (!(chunk instanceof Uint8Array)) fail(this, this.#size, 'source', { what: 'read(n) must return a Uint8Array' })
    if (chunk.length > count) {
      fail(this, this.#size, 'source', { what: `read(${count}) returned ${chunk.length} bytes` })
    }
    return chunk
  }
}
