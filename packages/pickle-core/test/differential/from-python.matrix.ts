/** Random graphs from Python to TypeScript and back, in large numbers; `differential.test.ts` has other seeds. */
import { afterAll, describe, expect, test } from 'vitest'
import { openPython } from '../open-python.ts'
import { fromPython } from './from-python.ts'
import { IS_CHOSEN, seedsFrom } from './seeds.ts'
import { OPCODE_NAMES, Tally } from './tally.ts'

const python = await openPython()
const tally = new Tally()
const GRAPHS = 150_000

describe.skipIf(python === undefined)('random graphs from Python and back', () => {
  const py = python as NonNullable<typeof python>

  test.each(seedsFrom(1_000_000, GRAPHS, 3000, 0.75))('$count seeds from $first', async ({ first, count }) => {
    await fromPython(py, first, count, tally)
    expect(tally.failuresOf(first, count)).toEqual([])
  })

  test.skipIf(IS_CHOSEN)('show everything that there is, often', async () => {
    expect(tally.coverage.below(100, [...OPCODE_NAMES, ...(await kinds())])).toEqual([])
  })

  afterAll(async () => tally.print('From Python and back', await kinds()))

  async function kinds(): Promise<string[]> {
    return (await py.run<string[]>('import graphs\nvalue = graphs.KINDS')).value
  }
})
