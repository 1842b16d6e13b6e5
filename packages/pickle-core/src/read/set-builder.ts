/** Sets and frozensets. */

import { UnhashableError } from '../errors.ts'
import { FrozenSet } from '../values/frozen-set.ts'
import { PySet } from '../values/py-set.ts'
import type { Machine } from './machine.ts'
import { ENGINE_MAX_ENTRIES } from './native-keys.ts'
import { found } from './value-kind.ts'

/** Adds items[from] to items[to - 1]; of equal items the first stays, as in Python. */
export function addSetItems(
  m: Machine,
  set: Set<unknown> | PySet,
  items: readonly unknown[],
  from: number,
  to: number,
  at: number,
): void {
  m.checkEntries(set.size + to - from, at)
  if (set instanceof PySet) {
    for (let i = from; i < to; i++) {
      if (!set.tryAdd(items[i])) m.failUnhashable(found(items[i]), at)
    }
    return
  }
  if (m.longTexts > 0) m.countLongKeys(items, from, to, 1, at)
  const { nativeKeys } = m
  let i = from
  if (!nativeKeys?.isGuarded(set) && set.size + to - from < ENGINE_MAX_ENTRIES) {
    // As in dicts: strings and ints equal nothing but themselves, 0 and 1 have a bool that is equal to them.
    for (; i < to; i++) {
      const item = items[i]
      if (
        typeof item !== 'string' &&
        (typeof item !== 'number' ||
          (item | 0) !== item ||
          (nativeKeys !== undefined && item >>> 1 === 0 && set.has(item === 1)))
      ) {
        break
      }
      set.add(item)
    }
  }
  for (; i < to; i++) {
    const item = items[i]
    const key = m.keys().keyIn(set, item, at)
    if (key === item || !set.has(key)) set.add(item)
  }
}

/** A frozenset of all items. */
export function newFrozenSet(m: Machine, items: readonly unknown[], at: number): FrozenSet {
  m.checkEntries(items.length, at)
  try {
    return new FrozenSet(items, m.keyTable)
  } catch (error) {
    if (!(error instanceof UnhashableError)) throw error
    m.failUnhashable('an item', at)
  }
}
