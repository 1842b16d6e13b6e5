import { PyObject } from '@pickle-ts/pickle-core'

/** An object of an allowed class, and the path to it. */
export interface ObjectFound {
  readonly where: string
  readonly object: PyObject
}

/** The first few objects of a graph, each once, the outer ones first. */
export function objectsIn(root: unknown, most: number): ObjectFound[] {
  const found: ObjectFound[] = []
  const seen = new Set<unknown>()
  const waiting: [where: string, value: unknown][] = [['$', root]]
  for (const [where, value] of waiting) {
    if (found.length === most) break
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (value instanceof PyObject) found.push({ where, object: value })
    for (const [label, part] of partsOf(value)) waiting.push([where + label, part])
  }
  return found
}

/** The fields of an object whose state is a dict with names, as that of most classes is. */
export function fieldsOf({ state }: PyObject): [name: string, value: unknown][] {
  return isPlain(state) ? Object.entries(state) : []
}

function partsOf(value: object): [label: string, part: unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [`[${index}]`, item])
  if (value instanceof Map) return [...value].map(([, item], index) => [`{${index}}`, item])
  if (value instanceof PyObject) {
    const fields = fieldsOf(value).map(([name, part]): [string, unknown] => [`.${name}`, part])
    return fields.length > 0 ? fields : [['<state>', value.state]]
  }
  return isPlain(value) ? Object.entries(value).map(([name, part]) => [`.${name}`, part]) : []
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
