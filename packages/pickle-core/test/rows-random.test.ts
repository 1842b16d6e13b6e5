/**
 * Random values that Python makes, the same ones each time: read exactly and written again, they are the same bytes, and read
 * natively they are what the value table says.
 */
import { type DumpOptions, dumps, isPickleError, loads } from '@pickle-ts/pickle-core'
import { afterAll, describe, expect, test } from 'vitest'
import { nativeOf } from './native.ts'
import { openPython } from './open-python.ts'
import { ALL } from './rows.ts'
import { difference } from './same.ts'

const python = await openPython()
const SEEDS = [...Array(12).keys()]
const PER_SEED = 10
const counts = { pickles: 0, unfaithful: 0, late: 0 }

describe.skipIf(python === undefined)('random values', () => {
  test.each(SEEDS)('seed %i', async (seed) => {
    if (python === undefined) return
    for (const protocol of ALL) {
      const { value: facts, out } = await python.run<{ again: boolean; open: boolean }[]>(
        `values = [random_value(${seed} * ${PER_SEED} + i) for i in range(${PER_SEED})]
out = [pickle.dumps(value, ${protocol}) for value in values]
value = [dict(again=pickle.dumps(pickle.loads(data), ${protocol}) == data, open=meets_open_dict(v)) for v, data in zip(values, out)]`,
      )
      const ours = out.map((bytes) =>
        dumps(loads(bytes, { mapping: 'exact' }), { protocol: protocol as DumpOptions['protocol'] }),
      )
      for (const [i, bytes] of out.entries()) {
        const what = `value ${seed * PER_SEED + i}, protocol ${protocol}`
        counts.pickles++
        if (facts[i]?.again === true) expect(Buffer.compare(ours[i] as Uint8Array, bytes), what).toBe(0)
        else counts.unfaithful++
        expect(
          difference(loads(ours[i] as Uint8Array, { mapping: 'exact' }), loads(bytes, { mapping: 'exact' })),
          what,
        ).toBeUndefined()
      }
      for (const [i, bytes] of out.entries()) {
        const what = `value ${seed * PER_SEED + i}, protocol ${protocol}`
        const expected = nativeOf(loads(bytes, { mapping: 'exact' })).value
        try {
          expect(difference(loads(bytes), expected), what).toBeUndefined()
        } catch (error) {
          // A dict that was referred to before its first key, and, at protocol 0, one that starts with a str key.
          if (!isPickleError(error, 'dict-key') || (protocol > 0 && facts[i]?.open !== true)) throw error
          counts.late++
          expect(loads<unknown[]>(bytes, { dicts: 'map' })).toHaveLength(40)
        }
      }
      // What the bytes mean in Python, equal or not.
      const { value: wrong } = await python.run<unknown[]>(
        `half = len(blobs) // 2
value = [difference(pickle.loads(a), pickle.loads(b)) for a, b in zip(blobs[:half], blobs[half:])]`,
        [...out, ...ours],
      )
      expect(wrong, `protocol ${protocol}`).toEqual(Array(PER_SEED).fill(null))
    }
  })

  afterAll(() => {
    console.info(
      `${counts.pickles} random pickles; ${counts.unfaithful} that CPython itself does not write again as they were; ${counts.late} that need dicts: 'map'`,
    )
  })
})

test('text opcodes take time in proportion to their length', () => {
  const strings = Array.from({ length: 400_000 }, (_, i) => `k${i}`)
  // A search that goes to the end of the input for each line would look at 10 ** 12 bytes.
  expect(loads<string[]>(dumps(strings, { protocol: 0 }))).toHaveLength(strings.length)
})
