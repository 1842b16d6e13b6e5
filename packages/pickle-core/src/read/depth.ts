/** The exact depth of a finished value, for the few of which the machine could not say that they are flat enough. */
import { FrozenSet } from '../values/frozen-set.ts'
import { PyDict } from '../values/py-dict.ts'
import { PyObject } from '../values/py-object.ts'
import { PySet } from '../values/py-set.ts'
import { fail, failLimit, type Position } from './failures.ts'
import { ENGINE_MAX_ENTRIES } from './native-keys.ts'

/** One container on the path that is walked. */
interface Step {
  readonly source: object
  readonly parts: readonly unknown[]
  next: number
  depth: number
}

/**
 * Fails if the value is nested deeper than `max`: containers, and the fields of objects that plugins made. A container inside
 * itself ends the path; each is walked once, so that what is shared costs nothing more.
 */
export function checkDepth(where: Position, value: unknown, max: number, at: number): void {
  const depths = new Map<object, number>()
  const path: Step[] = []
  const enter = (source: object): void => {
    if (depths.size >= ENGINE_MAX_ENTRIES) failLimit(where, at, 'maxItems', depths.size + 1, ENGINE_MAX_ENTRIES)
    depths.set(source, 0)
    path.push({ source, parts: partsOf(source), next: 0, depth: 1 })
    if (path.length > max) fail(where, at, 'depth', { max })
  }
  if (typeof value === 'object' && value !== null) enter(value)
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    if (step.next === step.parts.length) {
      path.pop()
      depths.set(step.source, step.depth)
      const parent = path.at(-1)
      if (parent !== undefined) parent.depth = Math.max(parent.depth, step.depth + 1)
      continue
    }
    const part = step.parts[step.next++]
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) continue
    const known = depths.get(part)
    if (known === undefined) enter(part)
    else step.depth = Math.max(step.depth, known + 1)
    if (path.length + (known ?? 0) > max) fail(where, at, 'depth', { max })
  }
}

function partsOf(source: object): readonly unknown[] {
  if (Array.isArray(source)) return source
  if (source instanceof Map || source instanceof PyDict) {
    const parts: unknown[] = []
    for (const [key, value] of source) parts.push(key, value)
    return parts
  }
  if (source instanceof Set || source instanceof PySet || source instanceof FrozenSet) return [...source]
  if (source instanceof PyObject) {
    const { args, kwargs, state, listItems = [], dictItems = [] } = source
    return [source.class, args, kwargs, state, ...listItems, ...dictItems.flat()]
  }
  // Fields of a plugin's object: data only, no getter runs.
  const parts: unknown[] = []
  for (const { enumerable, value } of Object.values(Object.getOwnPropertyDescriptors(source))) {
    if (enumerable === true && value !== undefined) parts.push(value)
  }
  return parts
}
