/** Which seeds a run takes: one, if PICKLE_TS_SEED names it, else a range, cut into parts that are a test each. */
const ALONE = process.env['PICKLE_TS_SEED']
/** How many graphs the long run takes in place of its own number. */
const GRAPHS = process.env['PICKLE_TS_GRAPHS']

/** Seeds from the first on. */
export interface Seeds {
  readonly first: number
  readonly count: number
}

/** Why nothing can be said of how often anything occurred: one seed runs alone, or a number of them that somebody chose. */
export const IS_CHOSEN: boolean = ALONE !== undefined || GRAPHS !== undefined

/** The seeds from `first` on, in parts. `share` is what part of the number that somebody asked for they are. */
export function seedsFrom(first: number, count: number, part: number, share?: number): readonly Seeds[] {
  if (ALONE !== undefined) {
    const seed = Number(ALONE)
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`PICKLE_TS_SEED is no seed: ${ALONE}`)
    return [{ first: seed, count: 1 }]
  }
  const all = GRAPHS !== undefined && share !== undefined ? Math.ceil(Number(GRAPHS) * share) : count
  if (!(all > 0)) throw new Error(`PICKLE_TS_GRAPHS is no number of graphs: ${GRAPHS}`)
  const parts: Seeds[] = []
  for (let at = 0; at < all; at += part) parts.push({ first: first + at, count: Math.min(part, all - at) })
  return parts
}
