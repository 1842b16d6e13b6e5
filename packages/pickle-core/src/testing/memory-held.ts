/** The memory that lies in fields of objects: what a plugin is there to carry. */
import { isArrayBuffer, PickleBuffer } from '../values/pickle-buffer.ts'
import { PyDict } from '../values/py-dict.ts'
import { PySet } from '../values/py-set.ts'

/** A piece of memory, and where in the value it lies. */
export interface HeldMemory {
  readonly place: string
  readonly memory: ArrayBufferLike
  readonly byteOffset: number
  readonly byteLength: number
}

/** Every typed array, buffer or view that a field of an object holds. What lies in plain containers is bytes like any other. */
export function memoryHeld(value: unknown): HeldMemory[] {
  const held: HeldMemory[] = []
  const seen = new Set<object>()
  const todo: (readonly [place: string, value: unknown, isField: boolean])[] = [['$', value, false]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [place, part, isField] = next
    if (typeof part !== 'object' || part === null || seen.has(part)) continue
    seen.add(part)
    const span = spanOf(part)
    if (span !== undefined) {
      if (isField && span.byteLength > 0) held.push({ place, ...span })
      continue
    }
    const isInstance = !isPlain(part)
    if (part instanceof Map || part instanceof PyDict || part instanceof Set || part instanceof PySet) {
      let index = 0
      for (const item of part) todo.push([`${place}.item(${index++})`, item, isField || isInstance])
    }
    for (const [key, field] of Object.entries(part)) {
      const step = Array.isArray(part) ? `[${key}]` : `.${key}`
      todo.push([place + step, field, isField || isInstance])
    }
  }
  // The last part was looked at first.
  return held.reverse()
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return PLAIN.includes(prototype)
}

const PLAIN: readonly unknown[] = [null, ...[Object, Array, Map, Set, PyDict, PySet].map(({ prototype }) => prototype)]

function spanOf(value: object): Omit<HeldMemory, 'place'> | undefined {
  if (value instanceof PickleBuffer || ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value
    return { memory: buffer, byteOffset, byteLength }
  }
  return isArrayBuffer(value) ? { memory: value, byteOffset: 0, byteLength: value.byteLength } : undefined
}
