/** Properties of random values: what is written is read back, at every protocol, in both mappings, shared parts shared. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteArray, Complex, dumps, FrozenSet, loads, PyDict, PySet, Tuple } from '../src/index.ts'

const PROTOCOLS = [0, 1, 2, 3, 4, 5, 'auto'] as const
const protocol = fc.constantFrom(...PROTOCOLS)

/** Values of the native mapping that are read back as they are. */
const native = fc.letrec<{ value: unknown; atom: unknown }>((tie) => ({
  atom: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 90n }),
    fc.bigInt({ min: -(2n ** 90n), max: -(2n ** 53n) }),
    fc.double(),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => new ByteArray(bytes)),
    fc.tuple(fc.double(), fc.double()).map(([real, imag]) => new Complex(real, imag)),
  ),
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    tie('atom'),
    fc.array(tie('value'), { maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => Tuple.from(items)),
    fc.dictionary(
      fc.string({ maxLength: 12 }).filter((key) => key !== '__proto__'),
      tie('value'),
      {
        maxKeys: 8,
        noNullPrototype: true,
      },
    ),
    fc.uniqueArray(fc.integer(), { maxLength: 8 }).map((items) => new Set(items)),
    fc.uniqueArray(fc.string({ maxLength: 5 }), { maxLength: 8 }).map((items) => new FrozenSet(items)),
    fc.array(fc.tuple(fc.integer(), tie('value')), { minLength: 1, maxLength: 8 }).map((entries) => new Map(entries)),
  ),
}))

describe('loads(dumps(x))', () => {
  test('is x in the native mapping', () => {
    fc.assert(
      fc.property(native.value, protocol, (value, proto) => {
        expect(loads(dumps(value, { protocol: proto }))).toStrictEqual(value)
      }),
      { numRuns: 2000 },
    )
  })

  test('gives the same bytes again in the exact mapping', () => {
    fc.assert(
      fc.property(native.value, protocol, (value, proto) => {
        const once = loads(dumps(value, { protocol: proto }), { mapping: 'exact' })
        const bytes = dumps(once, { protocol: proto })
        expect(dumps(loads(bytes, { mapping: 'exact' }), { protocol: proto })).toEqual(bytes)
      }),
      { numRuns: 1000 },
    )
  })

  test('keeps what is shared, and cycles, in every container', () => {
    fc.assert(
      fc.property(native.value, protocol, (value, proto) => {
        const shared = [value]
        const list: unknown[] = [shared, { again: shared }, Tuple.of<unknown>(shared, new Map([[1, shared]]))]
        list.push(list)
        const [first, object, tuple, self] = loads<unknown[]>(dumps(list, { protocol: proto })) as [
          unknown[],
          { again: unknown },
          Tuple,
          unknown[],
        ]
        expect(object.again).toBe(first)
        expect(tuple[0]).toBe(first)
        expect((tuple[1] as Map<number, unknown>).get(1)).toBe(first)
        expect(self[0]).toBe(first)
      }),
      { numRuns: 500 },
    )
  })

  test('is the same for keys that Python calls equal', () => {
    const key = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.bigInt({ min: -3n, max: 3n }))
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer()), { maxLength: 20 }), protocol, (entries, proto) => {
        const dict = new PyDict<unknown, number>(entries)
        const expected = new Map<number, number>()
        for (const [k, v] of entries) expected.set(Number(k), v)
        expect([...dict].map(([k, v]) => [Number(k), v])).toEqual([...expected])
        const loaded = loads<PyDict<unknown, bigint>>(dumps(dict, { protocol: proto }), { mapping: 'exact' })
        expect([...loaded].map(([k, v]) => [Number(k), Number(v)])).toEqual([...expected])
        const set = new PySet(entries.map(([k]) => k))
        expect(loads<PySet>(dumps(set, { protocol: proto }), { mapping: 'exact' }).size).toBe(expected.size)
      }),
      { numRuns: 500 },
    )
  })
})
