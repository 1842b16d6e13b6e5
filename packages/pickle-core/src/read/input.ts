/** The bytes of an input, whatever memory they are given in. */

import { unpicklingError } from '../errors.ts'
import { isArrayBuffer, isDetached } from '../values/pickle-buffer.ts'
import { failOption } from './load-options.ts'

/** Bytes that can be read: memory, or a view of it. */
export type PickleInput = ArrayBufferView | ArrayBufferLike

/**
 * A plain Uint8Array over the input. Shared and resizable memory can change while it is read, so it is copied first.
 *
 * @throws UnpicklingError `option`, `input-changed`.
 */
export function inputBytes(data: unknown): Uint8Array {
  if (ArrayBuffer.isView(data)) {
    const { buffer } = data
    if (isStable(buffer)) {
      if (data.byteLength === 0) checkAttached(buffer)
      // A subclass, as Node's Buffer, has its own `slice`.
      if (Object.getPrototypeOf(data) === Uint8Array.prototype) return data as Uint8Array
      return new Uint8Array(buffer, data.byteOffset, data.byteLength)
    }
    return new Uint8Array(new Uint8Array(buffer, data.byteOffset, data.byteLength))
  }
  if (!isArrayBuffer(data)) failOption('the pickle must be a Uint8Array, another view, or an ArrayBuffer')
  const bytes = new Uint8Array(checkAttached(data))
  return isStable(data) ? bytes : new Uint8Array(bytes)
}

function isStable(buffer: ArrayBufferLike): boolean {
  return buffer instanceof ArrayBuffer && !buffer.resizable
}

function checkAttached(buffer: ArrayBufferLike): ArrayBufferLike {
  if (isDetached(buffer)) failInput()
  return buffer
}

function failInput(): never {
  throw unpicklingError('input-changed', undefined, -1)
}
