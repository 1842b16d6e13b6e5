/** 200,000 changed pickles: nothing but values and PickleErrors comes of them. `npm run fuzz` runs millions. */
import { expect, test } from 'vitest'
import { corpus } from './fuzz/corpus.ts'
import { fuzz } from './fuzz/run.ts'

const COUNT = 200_000

test('changed pickles: values and PickleErrors, and nothing else changes', { timeout: 300_000 }, () => {
  expect(corpus().length).toBeGreaterThan(200)
  const { count, classes, codes, watched } = fuzz({ seed: 4, count: COUNT })
  expect(count).toBe(COUNT)
  expect(watched).toBeGreaterThan(400)
  const rates = Object.entries(classes).map(([name, { count, loaded }]) => [name, loaded / count] as const)
  const text = rates.map(([name, rate]) => `${name} ${Math.round(100 * rate)} %`).join(', ')
  console.log(`${count} changed pickles, ${Object.keys(codes).length} codes of errors; still loaded: ${text}`)
  // What only ever meets the first guard shows nothing of what lies behind it.
  expect(rates.filter(([, rate]) => rate < 0.2)).toEqual([])
  expect(Object.keys(codes).length).toBeGreaterThan(35)
})
