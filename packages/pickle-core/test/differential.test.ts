/**
 * Random graphs that CPython and TypeScript hand to each other, both ways: 5,000 of them, and more in `npm run matrix`. What is
 * asserted is in `differential/`; each opcode, each part of a reduce value, each kind of sharing and of cycle must be common.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { fromPython } from './differential/from-python.ts'
import { KINDS } from './differential/graphs.ts'
import { IS_CHOSEN, seedsFrom } from './differential/seeds.ts'
import { OPCODE_NAMES, Tally } from './differential/tally.ts'
import { toPython } from './differential/to-python.ts'
import { openPython } from './open-python.ts'

const python = await openPython()
/** In how many graphs each must occur. */
const LEAST = 100

describe.skipIf(python === undefined)('random graphs', () => {
  const py = python as NonNullable<typeof python>

  describe('from Python and back', () => {
    const tally = new Tally()
    let kinds: string[] = []

    test.each(seedsFrom(0, 3800, 475))('$count seeds from $first', async ({ first, count }) => {
      await fromPython(py, first, count, tally)
      expect(tally.failuresOf(first, count)).toEqual([])
    })

    test.skipIf(IS_CHOSEN)('show everything that there is, often', async () => {
      kinds = (await py.run<string[]>('import graphs\nvalue = graphs.KINDS')).value
      expect(tally.coverage.below(LEAST, [...OPCODE_NAMES, ...kinds])).toEqual([])
    })

    afterAll(() => tally.print('From Python and back', kinds))
  })

  describe('to Python and back', () => {
    const tally = new Tally()

    test.each(seedsFrom(0, 1200, 200))('$count seeds from $first', async ({ first, count }) => {
      await toPython(py, first, count, tally)
      expect(tally.failuresOf(first, count)).toEqual([])
    })

    test.skipIf(IS_CHOSEN)('show everything that there is, often', () => {
      expect(tally.coverage.below(LEAST / 2, KINDS)).toEqual([])
    })

    afterAll(() => tally.print('To Python and back', KINDS))
  })
})
