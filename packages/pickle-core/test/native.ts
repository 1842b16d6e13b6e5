/** The native value of an exact one: what `loads` gives by default, worked out from the rules of the value table. */
import { Float, FrozenSet, PyDict, PySet, Range, Slice, Tuple } from '@pickle-ts/pickle-core'

/** Keys that decide what a dict becomes: those of its first batch. */
const BATCH = 1000

/** The native value, and whether writing it gives the same pickle (`merged` where it cannot). */
export function nativeOf(exact: unknown): { readonly value: unknown; readonly merged: boolean } {
  const done = new Map<object, unknown>()
  let merged = false
  const visit = (value: unknown): unknown => {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
    if (typeof value !== 'object' || value === null) return value
    if (done.has(value)) return done.get(value)
    const made = make(value)
    done.set(value, made)
    return made
  }
  /** A container is known before its items are, so that cycles close. */
  const make = (value: object): unknown => {
    if (value instanceof Float) {
      if (Number.isSafeInteger(value.value) && !Object.is(value.value, -0)) merged = true
      if (value.nanBits !== 0n) merged = true
      return value.value
    }
    if (Array.isArray(value)) {
      const items = value instanceof Tuple ? new Tuple<unknown>() : []
      done.set(value, items)
      for (const item of value) items.push(visit(item))
      return items
    }
    if (value instanceof PyDict) {
      const keys = [...value.keys()]
      if (keys.slice(0, BATCH).every((key) => typeof key === 'string' && key !== '__proto__')) {
        const object: Record<string, unknown> = {}
        done.set(value, object)
        for (const [key, item] of value) object[key as string] = visit(item)
        if (Object.keys(object).some((key, i) => key !== keys[i])) merged = true
        return object
      }
      const map = new Map<unknown, unknown>()
      done.set(value, map)
      for (const [key, item] of value) map.set(visit(key), visit(item))
      return map
    }
    if (value instanceof PySet) {
      const set = new Set<unknown>()
      done.set(value, set)
      for (const item of value) set.add(visit(item))
      return set
    }
    if (value instanceof FrozenSet) return new FrozenSet([...value].map(visit))
    if (value instanceof Range) {
      const { start, stop, step } = value
      return new Range(visit(start) as number, visit(stop) as number, visit(step) as number)
    }
    if (value instanceof Slice) return new Slice(visit(value.start), visit(value.stop), visit(value.step))
    return value
  }
  const value = visit(exact)
  return { value, merged }
}
