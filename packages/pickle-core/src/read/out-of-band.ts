/**
 * Out-of-band buffers: NEXT_BUFFER and READONLY_BUFFER (PEP 574).
 *
 * A buffer is an inert leaf: no opcode changes it. CPython's unpickler lets a stream append to the caller's bytearray.
 */
import { ByteArray } from '../values/byte-array.ts'
import { isArrayBuffer, PickleBuffer } from '../values/pickle-buffer.ts'
import { fail, failLimit } from './failures.ts'
import type { Machine } from './machine.ts'
import { found } from './value-kind.ts'

/** The buffers of one load, or of all loads of an Unpickler. */
export class OutOfBand {
  readonly #machine: Machine
  #iterator: Iterator<unknown> | undefined
  #count = 0
  #bytes = 0

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /** The next buffer (NEXT_BUFFER). */
  next(at: number): PickleBuffer {
    const m = this.#machine
    const { limits, buffers } = m.settings
    if (buffers === undefined) fail(m, at, 'buffers-missing', undefined)
    if (++this.#count > limits.maxBuffers) failLimit(m, at, 'maxBuffers', this.#count, limits.maxBuffers)
    const result = this.#take(buffers, at)
    if (result.done === true) fail(m, at, 'buffer-count', { what: `only ${this.#count - 1} buffers were given` })
    const buffer = pickleBuffer(result.value)
    if (buffer === undefined) fail(m, at, 'buffer-type', { found: foundBuffer(result.value) })
    this.#bytes += buffer.byteLength
    if (this.#bytes > limits.maxBufferBytes) {
      failLimit(m, at, 'maxBufferBytes', this.#bytes, limits.maxBufferBytes)
    }
    return buffer
  }

  /** A view that promises not to write (READONLY_BUFFER). */
  readonly(value: unknown, at: number): PickleBuffer {
    // A bytearray, too: what a readonly view of memory that stays in band and others may write to is written as.
    if (!(value instanceof PickleBuffer || value instanceof ByteArray))
      fail(this.#machine, at, 'target', { opcode: 'READONLY_BUFFER', found: found(value) })
    if (value instanceof PickleBuffer && value.readonly) return value
    const buffer = pickleBuffer(value, true)
    if (buffer === undefined) fail(this.#machine, at, 'buffer-type', { found: 'a buffer that is gone' })
    return buffer
  }

  /** At the end of `loads`: no buffer may be left. */
  finish(at: number): void {
    const { buffers } = this.#machine.settings
    if (buffers === undefined || this.#take(buffers, at).done === true) return
    fail(this.#machine, at, 'buffer-count', { what: `the pickle takes ${this.#count} buffers, and more were given` })
  }

  #take(buffers: Iterable<unknown>, at: number): IteratorResult<unknown> {
    const m = this.#machine
    let result: IteratorResult<unknown>
    try {
      this.#iterator ??= buffers[Symbol.iterator]()
      result = this.#iterator.next()
      if (typeof result !== 'object' || result === null) throw new TypeError('an iterator must give objects')
    } catch (cause) {
      fail(m, at, 'callback', { what: 'the iterator of buffers' }, cause)
    }
    m.checkInput(at)
    return result
  }
}

/** What was given, for a message. */
function foundBuffer(value: unknown): string {
  const isBuffer = value instanceof PickleBuffer || ArrayBuffer.isView(value) || isArrayBuffer(value)
  return isBuffer ? `${found(value)} that was released, detached or resized` : found(value)
}

/** The value as a PickleBuffer, or undefined if it is none or its memory is gone. */
function pickleBuffer(value: unknown, readonly = false): PickleBuffer | undefined {
  const known = value instanceof PickleBuffer
  if (!known && !ArrayBuffer.isView(value) && !isArrayBuffer(value)) return undefined
  try {
    if (!known || readonly) return new PickleBuffer(value, { readonly })
    // Reading this property is how a released or detached one shows.
    return value.buffer === undefined ? undefined : value
  } catch {
    return undefined
  }
}
