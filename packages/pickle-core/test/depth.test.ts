/** A million levels: with the limit raised they are written and read without a stack overflow; by default they are an error. */
import { describe, expect, test } from 'vitest'
import { dumps, FrozenSet, loads, type PickleError, Pickler, Tuple } from '../src/index.ts'

const N = 1_000_000

/** Each form of nesting: one level around a value, and the value in a level. */
const FORMS: Readonly<Record<string, { wrap(inner: unknown): unknown; inner(outer: never): unknown }>> = {
  list: { wrap: (inner) => [inner], inner: (outer: unknown[]) => outer[0] },
  'list of two': { wrap: (inner) => [inner, 1], inner: (outer: unknown[]) => outer[0] },
  tuple: { wrap: (inner) => Tuple.of(inner), inner: (outer: Tuple) => outer[0] },
  'tuple of four': { wrap: (inner) => Tuple.of(1, 2, 3, inner), inner: (outer: Tuple) => outer[3] },
  dict: { wrap: (inner) => ({ next: inner }), inner: (outer: { next: unknown }) => outer.next },
  'dict of two': { wrap: (inner) => ({ value: 1, next: inner }), inner: (outer: { next: unknown }) => outer.next },
  'dict with int keys': { wrap: (inner) => new Map([[7, inner]]), inner: (outer: Map<number, unknown>) => outer.get(7) },
}

function nest(wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'innermost'
  for (let i = 0; i < N; i++) value = wrap(value)
  return value
}

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'none'
  } catch (error) {
    return (error as PickleError).code
  }
}

describe.each(Object.entries(FORMS))('a million levels of %s', (_, { wrap, inner }) => {
  test.each([0, 2, 5] as const)('are written and read at protocol %i', (protocol) => {
    const limits = { maxDepth: N }
    let value: unknown = loads(dumps(nest(wrap), { protocol, limits }), { limits })
    let depth = 0
    for (; value !== 'innermost'; depth++) value = inner(value as never)
    expect(depth).toBe(N)
  })

  test('are an error by default, and one level above the limit is, too', () => {
    const value = nest(wrap)
    expect(codeOf(() => dumps(value))).toBe('depth')
    expect(codeOf(() => dumps(value, { limits: { maxDepth: N - 1 } }))).toBe('depth')
    const pickle = dumps(value, { limits: { maxDepth: N } })
    expect(codeOf(() => loads(pickle))).toBe('depth')
    expect(codeOf(() => loads(pickle, { limits: { maxDepth: N - 1 } }))).toBe('depth')
  })
})

test('deep frozensets are written and read', () => {
  // They are keys, so each is also hashed.
  let value: FrozenSet = new FrozenSet(['innermost'])
  const levels = 100_000
  for (let i = 1; i < levels; i++) value = new FrozenSet([value])
  const limits = { maxDepth: levels }
  const pickle = dumps(value, { limits })
  expect(dumps(loads(pickle, { limits }), { limits })).toEqual(pickle)
  expect(codeOf(() => dumps(value))).toBe('depth')
})

test('a Pickler that met a value too deep can go on after clearMemo', () => {
  const pickler = new Pickler(undefined)
  expect(codeOf(() => pickler.dump(nest((inner) => [inner])))).toBe('depth')
  expect(codeOf(() => pickler.dump(1))).toBe('closed')
  pickler.clearMemo()
  expect(loads(pickler.dump([1]))).toEqual([1])
})
