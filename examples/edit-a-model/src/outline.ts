import { Float, GlobalRef, PyDict, type PyObject, Tuple } from '@pickle-ts/pickle-core'
import { float64s } from './numpy.ts'

const MOST_FIELDS = 12
const MOST_CHARACTERS = 60

/** A few lines about an object of any class: its first attributes, or its numbers if it is a NumPy array. */
export function outline(object: PyObject): string[] {
  if (!(object.state instanceof PyDict)) return [brief(object)]
  const fields = [...object.state].map(([name, value]) => `${name} = ${brief(value)}`)
  const more = fields.length - MOST_FIELDS
  return [...fields.slice(0, MOST_FIELDS), ...(more > 0 ? [`and ${more} more`] : [])]
}

/** A value in a few words. */
function brief(value: unknown): string {
  const floats = float64s(value)
  if (floats !== undefined) return cut(`float64 ${floats.join(' ')}`)
  if (typeof value === 'string') return cut(JSON.stringify(value))
  if (value === null) return 'None'
  if (value instanceof Float) return String(value.value)
  if (value instanceof PyDict) return `dict of ${value.size}`
  if (Array.isArray(value)) return `${value instanceof Tuple ? 'tuple' : 'list'} of ${value.length}`
  if (value instanceof GlobalRef) return `${value.module}.${value.name}`
  return cut(String(value))
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}...` : text
}
