/** Every hostile vector gives what its table says: a value, or the error of that code at that place. */
import { expect, test } from 'vitest'
import { outcomeOf } from './vectors/vector.ts'
import { VECTORS } from './vectors/vectors.ts'

test('every vector gives what its table says', () => {
  const wrong = VECTORS.map((vector) => [vector.name, outcomeOf(vector), vector.expected]).filter(
    ([, got, expected]) => got !== expected,
  )
  expect(wrong).toEqual([])
  expect(VECTORS.length).toBeGreaterThan(1300)
})
