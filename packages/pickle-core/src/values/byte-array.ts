import { unhashable } from './key-protocol.ts'

/** A Python bytearray: writable bytes. A plain Uint8Array is Python's bytes. */
export class ByteArray extends Uint8Array {
  static {
    Object.defineProperty(ByteArray.prototype, unhashable, { value: true })
  }
}
