import { FrozenSet, PyDict, PyObject, PySet } from '@pickle-ts/pickle-core'

/** Every value of a graph once, each before what it holds. */
export function* walk(root: unknown): Generator<unknown> {
  const seen = new Set<unknown>()
  const waiting = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (seen.has(value)) continue
    seen.add(value)
    yield value
    waiting.push(...partsOf(value).reverse())
  }
}

function partsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return [...value]
  if (value instanceof PyDict) return [...value].flat()
  if (value instanceof PySet || value instanceof FrozenSet) return [...value]
  if (!(value instanceof PyObject)) return []
  const { args, kwargs, state, listItems = [], dictItems = [] } = value
  return [args, kwargs, state, ...listItems, ...dictItems.flat()]
}
