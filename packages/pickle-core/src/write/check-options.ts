import { picklingError } from '../errors.ts'
import { LookUp } from '../registry/look-up.ts'
import { found } from './describe.ts'
import type { DumpOptions } from './dump-options.ts'

/** Throws `option` where an option of a dump cannot mean anything: else it would be noticed late, or never. */
export function checkOptions(options: DumpOptions): void {
  if (typeof options !== 'object' || options === null)
    failOption(`the options must be an object, found ${found(options)}`)
  const { protocol = 'auto', bufferCallback, compact, dispatchTable, fixImports, limits, registry } = options
  if (protocol !== 'auto' && !(Number.isInteger(protocol) && protocol >= 0 && protocol <= 5)) {
    failOption(`protocol must be 0 to 5 or 'auto', found ${found(protocol)}`)
  }
  if (bufferCallback !== undefined) {
    if (typeof bufferCallback !== 'function' && !Array.isArray(bufferCallback)) {
      failOption(`bufferCallback must be a function or an array, found ${found(bufferCallback)}`)
    }
    if (protocol !== 'auto' && protocol < 5) failOption(`bufferCallback needs protocol 5, found ${protocol}`)
  }
  if (compact !== undefined && compact !== 'auto' && compact !== 'never') {
    failOption(`compact must be 'auto' or 'never', found ${found(compact)}`)
  }
  if (registry !== undefined && !(registry instanceof LookUp)) {
    failOption(`registry must come from createRegistry of this copy of the package, found ${found(registry)}`)
  }
  if (fixImports !== undefined && typeof fixImports !== 'boolean') failOption('fixImports must be a boolean')
  if (dispatchTable !== undefined && typeof dispatchTable?.get !== 'function') {
    failOption(`dispatchTable must be a Map, found ${found(dispatchTable)}`)
  }
  callable('persistentId', options.persistentId)
  callable('instPersistentId', options.instPersistentId)
  callable('reducerOverride', options.reducerOverride)
  if (limits === undefined) return
  if (typeof limits !== 'object' || limits === null) failOption(`limits must be an object, found ${found(limits)}`)
  const { maxDepth = 0 } = limits
  if (typeof maxDepth !== 'number' || !(maxDepth >= 0)) {
    failOption(`limits.maxDepth must be a number, found ${found(maxDepth)}`)
  }
}

function callable(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    failOption(`${name} must be a function, found ${found(value)}`)
}

function failOption(what: string): never {
  throw picklingError('option', { what })
}
