/** What the hostile checks are made of: errors of the engine are told from others, and changed pickles reach the plugin. */
import { createPickle, definePlugin, dumps, pyType } from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { isAccident } from '../../src/testing/accident.ts'
import { HOSTILE_VALUES } from '../../src/testing/hostile-values.ts'
import { mutate, opcodesOf } from '../../src/testing/mutations.ts'
import { Random } from '../../src/testing/random.ts'

// biome-ignore lint/suspicious/noExplicitAny: code that goes on with a value that nobody checked
const unchecked = (value: unknown): any => value

class Guarded {
  readonly #secret = 1
  static open(value: Guarded): number {
    return value.#secret
  }
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('errors of the engine', () => {
  const recurse = (value: unknown): unknown => [recurse(value)]
  test.each<readonly [string, () => unknown]>([
    ['a property of null', () => unchecked(null).x],
    ['a property of undefined', () => unchecked(undefined).x],
    [
      'setting one',
      () => {
        unchecked(null).x = 1
      },
    ],
    ['a call of what is no function', () => unchecked({}).x()],
    ['a constructor that is none', () => new (unchecked(1))()],
    ['a loop over a number', () => [...unchecked(1)]],
    [
      'taking null apart',
      () => {
        const [first] = unchecked(null)
        return first
      },
    ],
    [
      'taking undefined apart',
      () => {
        const { first } = unchecked(undefined)
        return first
      },
    ],
    ['an int and a bigint', () => unchecked(1n) + unchecked(1)],
    ['a bigint of a fraction', () => BigInt(unchecked(1.5))],
    ['a bigint of a text', () => BigInt(unchecked('x'))],
    ['a number of a symbol', () => Number(unchecked(Symbol('x')))],
    ['a negative length', () => new Float64Array(unchecked(-1))],
    ['a length of 2**53', () => new Uint8Array(unchecked(2 ** 53))],
    ['a length of an array', () => new Array(unchecked(-1))],
    ['an unaligned view', () => new Float64Array(new ArrayBuffer(16), unchecked(1))],
    ['a view of 7 bytes', () => new Float64Array(new ArrayBuffer(unchecked(7)))],
    ['a view beyond the end', () => new Uint8Array(new ArrayBuffer(8), 0, unchecked(9))],
    ['a DataView beyond the end', () => new DataView(new ArrayBuffer(8), unchecked(9))],
    ['a read beyond the end', () => new DataView(new ArrayBuffer(8)).getInt8(unchecked(9))],
    ['set beyond the end', () => new Uint8Array(1).set(unchecked([1, 2]))],
    ['repeat', () => 'x'.repeat(unchecked(-1))],
    ['a time', () => new Date(unchecked(Number.NaN)).toISOString()],
    ['reduce of nothing', () => [].reduce(unchecked(() => 1))],
    ['division by zero', () => 1n / unchecked(0n)],
    ['a method of a Map', () => Map.prototype.get.call(unchecked({}), 1)],
    ['a private field', () => Guarded.open(unchecked({}))],
    ['instanceof', () => ({}) instanceof unchecked(1)],
    ['`in` of a text', () => 'x' in unchecked('y')],
    ['recursion', () => recurse(1)],
  ])('%s', (_, run) => {
    const error = thrownBy(run)
    expect([String(error), isAccident(error)]).toEqual([String(error), true])
  })

  test.each<readonly [string, () => unknown]>([
    [
      'an error of one’s own',
      () => {
        throw new TypeError('a Signal takes float64 samples')
      },
    ],
    [
      'a range of one’s own',
      () => {
        throw new RangeError('the rate must be positive')
      },
    ],
    ['JSON', () => JSON.parse('[')],
    ['text that is not UTF-8', () => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff))],
    [
      'no error at all',
      () => {
        throw 'a text'
      },
    ],
  ])('and not: %s', (_, run) => {
    expect(isAccident(thrownBy(run))).toBe(false)
  })
})

test('changed pickles: the same for a seed; of a plain object half reach its record, and a quarter load', () => {
  let reached = 0
  class Point {
    readonly parts: readonly unknown[]
    constructor(parts: readonly unknown[]) {
      this.parts = parts
    }
  }
  const point = pyType({
    module: 'shapes',
    name: 'Point',
    class: Point,
    args: { min: 0, max: 9, rest: 'any' },
    create: (args) => {
      reached++
      return new Point(args)
    },
    reduce: ({ parts }) => ({ args: parts }),
  })
  const { dumps: write, loads } = createPickle({ plugins: [definePlugin({ id: 'points', types: [point] })] })
  const opcodes = opcodesOf(write([new Point([1.5, 2]), new Point(['a', [3]])]))
  const made = Array.from({ length: 1_000 }, (_, number) => mutate(opcodes, new Random(1, number)))
  expect(Array.from({ length: 1_000 }, (_, number) => mutate(opcodes, new Random(1, number)))).toEqual(made)
  let loaded = 0
  let reaching = 0
  for (const pickle of made) {
    reached = 0
    try {
      loads(pickle)
      loaded++
    } catch {
      // What is thrown is for other tests.
    }
    if (reached > 0) reaching++
  }
  expect(new Set(made.map(String)).size).toBeGreaterThan(500)
  expect(reaching).toBeGreaterThan(500)
  expect(loaded).toBeGreaterThan(250)
})

test('each hostile value can be written, and is made anew each time', () => {
  for (const { name, make } of HOSTILE_VALUES) {
    expect(dumps(make()).length, name).toBeGreaterThan(3)
    const [first, second] = [make(), make()]
    expect(typeof first !== 'object' || first === null || first !== second, name).toBe(true)
  }
  expect(new Set(HOSTILE_VALUES.map(({ name }) => name)).size).toBe(HOSTILE_VALUES.length)
})
