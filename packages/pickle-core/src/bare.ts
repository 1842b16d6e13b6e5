/**
 * The codec with no plugin at all: what bundles smallest. The same functions as the main entry's, without the standard library's types.
 *
 * @module
 */
export {
  BUFFER_MESSAGES,
  BufferError,
  type BufferErrorCode,
  ForbiddenGlobalError,
  isPickleError,
  PICKLING_MESSAGES,
  PickleError,
  type PickleErrorCode,
  PicklingError,
  type PicklingErrorCode,
  ReducerError,
  UNPICKLING_MESSAGES,
  UnhashableError,
  UnpicklingError,
  type UnpicklingErrorCode,
} from './errors.ts'
export { DEFAULT_LIMITS, HIGHEST_PROTOCOL, type Limits } from './limits.ts'
export type { LoadOptions, Python2Encoding } from './read/load-options.ts'
export { type Loads, loads } from './read/loads.ts'
export type { PickleSource } from './read/pickle-source.ts'
export { Unpickler, type UnpicklerOptions } from './read/unpickler.ts'
export { ByteArray } from './values/byte-array.ts'
export { Complex } from './values/complex.ts'
export { ExtensionRef } from './values/extension-ref.ts'
export { Float } from './values/float.ts'
export { FrozenSet } from './values/frozen-set.ts'
export { GlobalRef } from './values/global-ref.ts'
export { PersistentRef } from './values/persistent-ref.ts'
export { type Contiguity, PickleBuffer, type PickleBufferOptions } from './values/pickle-buffer.ts'
export { PyDict } from './values/py-dict.ts'
export { type PyCallable, type PyConstruct, PyObject, type PyObjectParts } from './values/py-object.ts'
export { PySet } from './values/py-set.ts'
export { Range } from './values/range.ts'
export { reduceEx } from './values/reduce-ex.ts'
export { Ellipsis, NotImplemented, type Singleton } from './values/singleton.ts'
export { Slice } from './values/slice.ts'
export { Tuple } from './values/tuple.ts'
export type { DispatchTable, DumpOptions } from './write/dump-options.ts'
export { dumps } from './write/dumps.ts'
export { Pickler, type PickleSink } from './write/pickler.ts'
