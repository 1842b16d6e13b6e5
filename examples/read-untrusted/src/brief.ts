import { PyObject } from '@pickle-ts/pickle-core'
import { printable } from './printable.ts'

/** A value in a few words. What a file holds may be as large as the file, or refer to itself: only the outermost layer is shown. */
export function brief(value: unknown): string {
  if (typeof value === 'string') return printable(`'${value}'`)
  if (Array.isArray(value)) return `${value.constructor === Array ? 'list' : 'tuple'} of ${value.length}`
  if (value instanceof Map) return `dict of ${value.size}`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (value instanceof PyObject || typeof value !== 'object' || value === null) return printable(String(value))
  return `dict of ${Object.keys(value).length}`
}
