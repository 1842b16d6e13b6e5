/** NumPy's arrays, as they look to somebody who does not know their class. Source: NumPy, `ndarray.__reduce_ex__`. */
import { GlobalRef, PyObject } from '@pickle-ts/pickle-core'

/** The numbers of a float64 array or scalar, in place: what is set here is set in the array. Undefined for anything else. */
export function float64s(value: unknown): Float64Array | undefined {
  const { dtype, bytes } = partsOf(value)
  if (!isFloat64(dtype) || !(bytes instanceof Uint8Array)) return undefined
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
}

/** The dtype and the memory. They stand in different places: three functions make arrays and scalars. */
function partsOf(value: unknown): { dtype?: unknown; bytes?: unknown } {
  if (!(value instanceof PyObject) || !(value.class instanceof GlobalRef)) return {}
  switch (value.class.name) {
    case '_reconstruct': {
      const [, , dtype, , bytes] = value.state as unknown[]
      return { dtype, bytes }
    }
    case '_frombuffer': {
      const [bytes, dtype] = value.args
      return { dtype, bytes }
    }
    case 'scalar': {
      const [dtype, bytes] = value.args
      return { dtype, bytes }
    }
    default:
      return {}
  }
}

/** `dtype('f8', False, True)`, and in its state the byte order. */
function isFloat64(dtype: unknown): boolean {
  return dtype instanceof PyObject && dtype.args[0] === 'f8' && (dtype.state as unknown[])[1] === '<'
}
