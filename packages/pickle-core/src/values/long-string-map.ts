/**
 * A map of long strings.
 *
 * V8 hashes a string of more than 16,383 units by its length alone: in a Map, such strings of one length are one chain, and each
 * look-up compares with all of them. Here those of one length are told apart by a hash of all their units, once they are more
 * than a few; it is seeded, because strings come from strangers.
 */

/** V8 looks at all units of a string up to this length. */
export const MAX_HASHED_UNITS = 16_383

const FEW = 8
const SEED = (Math.random() * 0x1_0000_0000) | 0

interface Entry<V> {
  readonly text: string
  readonly value: V
}

/** The strings of one length. */
interface Group<V> {
  readonly entries: Entry<V>[]
  byHash: Map<number, Entry<V>[]> | undefined
}

/** Values by string, at one full look at the string for each call. */
export class LongStringMap<V> {
  readonly #groups: Map<number, Group<V>> = new Map()

  get(text: string): V | undefined {
    const group = this.#groups.get(text.length)
    const entries = group?.byHash === undefined ? group?.entries : group.byHash.get(hashOf(text))
    return entries?.find((entry) => entry.text === text)?.value
  }

  /** Adds a string that is not there yet. */
  add(text: string, value: V): void {
    const entry = { text, value }
    const group = this.#groups.get(text.length)
    if (group === undefined) this.#groups.set(text.length, { entries: [entry], byHash: undefined })
    else if (group.byHash !== undefined) addTo(group.byHash, entry)
    else if (group.entries.push(entry) > FEW) {
      group.byHash = new Map()
      for (const each of group.entries) addTo(group.byHash, each)
    }
  }
}

function addTo<V>(byHash: Map<number, Entry<V>[]>, entry: Entry<V>): void {
  const hash = hashOf(entry.text)
  const entries = byHash.get(hash)
  if (entries === undefined) byHash.set(hash, [entry])
  else entries.push(entry)
}

function hashOf(text: string): number {
  let hash = SEED
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995)
    hash ^= hash >>> 15
  }
  return hash
}
