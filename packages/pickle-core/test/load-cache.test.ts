/** What one load leaves for the next: keys and shapes of objects. They must never show in a value, and hold no other data. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPickle, dumps, loads, Unpickler } from '../src/index.ts'

/** Keys of one length, of which many share a slot of any small cache. */
const similar = fc.tuple(fc.constantFrom('ab', 'ba', 'aa'), fc.nat(99)).map(([start, n]) => `${start}${n + 100}x`)
const key = fc.oneof(
  similar,
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.nat(99).map(String),
  fc.constantFrom('__proto__', 'constructor', 'toString', '__defineGetter__', 'then', '', '\0', 'é', 'x'.repeat(33)),
)

test('objects have the keys and values that were dumped, whatever was loaded before', () => {
  const { loads } = createPickle()
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 80 }), (keys) => {
      const entries = keys.map((name, i): [string, unknown] => [name, i % 3 === 0 ? [name] : i % 3 === 1 ? i / 2 : i])
      const value = keys.includes('__proto__') ? new Map(entries) : Object.fromEntries(entries)
      for (const protocol of [2, 5] as const) {
        // Twice each: the second load finds what the first one left.
        for (const pickle of [dumps([value, value], { protocol }), dumps([value, keys], { protocol })]) {
          for (let i = 0; i < 2; i++) {
            const [loaded] = loads<[object]>(pickle)
            // Not toStrictEqual: a key `constructor` misleads it.
            expect(loaded).toEqual(value)
            expect(Object.getPrototypeOf(loaded)).toBe(Object.getPrototypeOf(value))
            expect(loaded instanceof Map ? [...loaded.keys()] : Object.keys(loaded)).toEqual(
              value instanceof Map ? keys : Object.keys(value),
            )
          }
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('two objects of one shape are two objects', () => {
  const wide = (): Record<string, number> => Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field${i}`, i]))
  const [a, b, c] = loads<Record<string, unknown>[]>(dumps([wide(), wide(), wide()])) as [
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
  ]
  b['field3'] = 'changed'
  c['more'] = true
  expect([a, b['field4'], loads(dumps(wide()))]).toEqual([wide(), 4, wide()])
})

test('a prototype that was tampered with gets nothing through a shape', () => {
  const pickle = dumps(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`tampered${i}`, i])))
  loads(pickle)
  let calls = 0
  Object.defineProperty(Object.prototype, 'tampered7', { set: () => calls++, configurable: true })
  try {
    for (let i = 0; i < 3; i++) expect(Object.entries(loads<object>(pickle))[7]).toEqual(['tampered7', 7])
    expect(calls).toBe(0)
  } finally {
    delete (Object.prototype as { tampered7?: unknown }).tampered7
  }
})

test('a dict of very many keys loads all of them, in one go and pickle by pickle', () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i]))
  expect(loads(dumps(many))).toEqual(many)
  const unpickler = new Unpickler(new Uint8Array([...dumps(many), ...dumps(many)]))
  expect(unpickler.load()).toEqual(many)
  expect(unpickler.load()).toEqual(many)
})

test('no value of a load is kept', async () => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  const codec = createPickle()
  const pickle = dumps(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`name${i}`, [i]])))
  const load = (): WeakRef<object>[] =>
    [1, 2, 3].flatMap(() => {
      const value = codec.loads<Record<string, object>>(pickle)
      return [new WeakRef(value), new WeakRef(value['name7'] as object)]
    })
  const refs = load()
  // A WeakRef holds what it refers to until the turn ends.
  await new Promise((resolve) => setTimeout(resolve))
  gc()
  expect(refs.map((ref) => ref.deref())).toEqual(refs.map(() => undefined))
})
