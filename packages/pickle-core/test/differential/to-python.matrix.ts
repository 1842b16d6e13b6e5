/** Random graphs from TypeScript to Python and back, in large numbers; `differential.test.ts` has other seeds. */
import { afterAll, describe, expect, test } from 'vitest'
import { openPython } from '../open-python.ts'
import { KINDS } from './graphs.ts'
import { IS_CHOSEN, seedsFrom } from './seeds.ts'
import { Tally } from './tally.ts'
import { toPython } from './to-python.ts'

const python = await openPython()
const tally = new Tally()
const GRAPHS = 50_000

describe.skipIf(python === undefined)('random graphs to Python and back', () => {
  const py = python as NonNullable<typeof python>

  test.each(seedsFrom(1_000_000, GRAPHS, 1000, 0.25))('$count seeds from $first', async ({ first, count }) => {
    await toPython(py, first, count, tally)
    expect(tally.failuresOf(first, count)).toEqual([])
  })

  test.skipIf(IS_CHOSEN)('show everything that there is, often', () => {
    expect(tally.coverage.below(100, KINDS)).toEqual([])
  })

  afterAll(() => tally.print('To Python and back', KINDS))
})
