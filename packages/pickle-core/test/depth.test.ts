/** Depth: a million levels are written and read where the limit allows them; by default they are an error, and no stack overflows. */
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS, dumps, FrozenSet, loads, type PickleError, Pickler, Tuple } from '../src/index.ts'
import { bytes } from './pickle-bytes.ts'

const N = 1_000_000

/** Each form of nesting: one level around a value, and the value in a level. */
const FORMS: Readonly<Record<string, { wrap(inner: unknown): unknown; inner(outer: never): unknown }>> = {
  list: { wrap: (inner) => [inner], inner: (outer: unknown[]) => outer[0] },
  'list of two': { wrap: (inner) => [inner, 1], inner: (outer: unknown[]) => outer[0] },
  tuple: { wrap: (inner) => Tuple.of(inner), inner: (outer: Tuple) => outer[0] },
  'tuple of four': { wrap: (inner) => Tuple.of(1, 2, 3, inner), inner: (outer: Tuple) => outer[3] },
  dict: { wrap: (inner) => ({ next: inner }), inner: (outer: { next: unknown }) => outer.next },
  'dict of two': { wrap: (inner) => ({ value: 1, next: inner }), inner: (outer: { next: unknown }) => outer.next },
  'dict with int keys': {
    wrap: (inner) => new Map([[7, inner]]),
    inner: (outer: Map<number, unknown>) => outer.get(7),
  },
}

function nest(wrap: (inner: unknown) => unknown, levels: number): unknown {
  let value: unknown = 'innermost'
  for (let i = 0; i < levels; i++) value = wrap(value)
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

describe.each(Object.entries(FORMS))('%s', (name, { wrap, inner }) => {
  // A million takes a second or two in each direction: all forms are tried at every protocol, but not so deep.
  const levels = (protocol: number): number => (protocol === 5 ? N : N / 20)

  test.each([0, 1, 2, 3, 4, 5] as const)('deep nesting is written and read at protocol %i', (protocol) => {
    const limits = { maxDepth: levels(protocol) }
    let value: unknown = loads(dumps(nest(wrap, limits.maxDepth), { protocol, limits }), { limits })
    let depth = 0
    for (; value !== 'innermost'; depth++) value = inner(value as never)
    expect([name, depth]).toEqual([name, limits.maxDepth])
  })

  test('what is deeper than the limit is an error, and what is as deep is not', () => {
    const { maxDepth } = DEFAULT_LIMITS
    expect(loads(dumps(nest(wrap, maxDepth)))).toBeTypeOf('object')
    const value = nest(wrap, maxDepth + 1)
    expect(codeOf(() => dumps(value))).toBe('depth')
    const pickle = dumps(value, { limits: { maxDepth: maxDepth + 1 } })
    expect(codeOf(() => loads(pickle))).toBe('depth')
    for (const limit of [0, 1, 2, 3, 4]) {
      const options = { limits: { maxDepth: limit } }
      const [fits, deeper] = [nest(wrap, limit), nest(wrap, limit + 1)]
      expect([limit, codeOf(() => loads(dumps(fits, options), options))]).toEqual([limit, 'none'])
      expect([limit, codeOf(() => dumps(deeper, options))]).toEqual([limit, 'depth'])
      expect([limit, codeOf(() => loads(dumps(deeper), options))]).toEqual([limit, 'depth'])
    }
  })
})

test('a container without items is a level, too', () => {
  for (const value of [[], {}, new Tuple(), new Set(), new Map(), new FrozenSet()]) {
    const options = { limits: { maxDepth: 0 } }
    expect([value, codeOf(() => dumps(value, options))]).toEqual([value, 'depth'])
    expect([value, codeOf(() => loads(dumps(value), options))]).toEqual([value, 'depth'])
    expect(codeOf(() => dumps([value], { limits: { maxDepth: 1 } }))).toBe('depth')
  }
})

test('deep frozensets are written and read', () => {
  // They are keys, so each is also hashed.
  const levels = N / 10
  const limits = { maxDepth: levels }
  const value = loads(bytes(`${'('.repeat(levels)}N${'\x91'.repeat(levels)}.`), { limits })
  const pickle = dumps(value, { limits })
  expect(dumps(loads(pickle, { limits }), { limits })).toEqual(pickle)
  expect(codeOf(() => dumps(value))).toBe('depth')
})

test('a Pickler that met a value too deep can go on after clearMemo', () => {
  const pickler = new Pickler(undefined)
  expect(codeOf(() => pickler.dump(nest((inner) => [inner], N / 20)))).toBe('depth')
  expect(codeOf(() => pickler.dump(1))).toBe('closed')
  pickler.clearMemo()
  expect(loads(pickler.dump([1]))).toEqual([1])
})
