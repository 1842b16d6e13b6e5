/**
 * Pickle, protocols 0 to 5, read and written in TypeScript, with PEP 574's out-of-band buffers.
 *
 * `dumps` and `loads` here know the built-in types; `createPickle` adds plugins. What a value of Python is in TypeScript, and the
 * other way round, is one table: docs/values.md in the repository.
 *
 * @example
 * ```ts
 * import { dumps, loads } from '@pickle-ts/pickle-core'
 * loads(dumps({ name: 'Ada', scores: [1, 2.5] })) // { name: 'Ada', scores: [1, 2.5] }
 * ```
 *
 * @module
 */
export { createPickle, type Pickle, type PickleOptions } from './create-pickle.ts'
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
  REGISTRY_MESSAGES,
  ReducerError,
  RegistryError,
  type RegistryErrorCode,
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
export {
  type AnyClass,
  type ArgsCheck,
  type Check,
  type CheckName,
  type DumpContext,
  type ExtensionCode,
  type GlobalName,
  type LoadChecks,
  type LoadContext,
  type MemorySpan,
  notMine,
  type Plugin,
  type Reducer,
  type ReduceValue,
  type Reduction,
  type Replaced,
  type SharedView,
  type TypeRecord,
  type ViewLayout,
} from './registry/contract.ts'
export { definePlugin, pyType, reducer } from './registry/define.ts'
export { inertPlugin } from './registry/inert.ts'
export { createRegistry, type ExtendOptions, type Registry, type RegistryListing } from './registry/registry.ts'
export { ByteArray } from './values/byte-array.ts'
export { Complex } from './values/complex.ts'
export type { Construct } from './values/construct.ts'
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
