/** Pickles that a Python 2.7 wrote (`scripts/generate-py2-samples.py`), protocols 0 to 2, read under each `encoding`. */

import { readFileSync } from 'node:fs'
import {
  ByteArray,
  Complex,
  createPickle,
  definePlugin,
  FrozenSet,
  GlobalRef,
  isPickleError,
  type LoadOptions,
  pyType,
  Range,
  Tuple,
} from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { difference } from './same.ts'

interface Sample {
  readonly name: string
  readonly by: 'cPickle' | 'pickle'
  readonly protocol: number
  readonly hex: string
}

const SAMPLES = JSON.parse(readFileSync(new URL('./py2-samples.json', import.meta.url), 'utf8')) as Sample[]

class Legacy {
  readonly args: Tuple
  state: Record<string, unknown> = {}
  constructor(args: readonly unknown[], state: Record<string, unknown> = {}) {
    this.args = Tuple.from(args)
    this.state = state
  }
}

const legacy = (name: string, opcodes: readonly ('inst' | 'obj' | 'newobj')[]) =>
  pyType<Legacy>({
    module: 'legacy',
    name,
    opcodes,
    state: 'dict',
    create: (args) => new Legacy(args),
    setState: (object, state, ctx) => {
      // Python 2 names attributes with str, so under encoding 'bytes' they are bytes.
      for (const [key, value] of ctx.check.dict(state, 'state')) object.state[textOf(key)] = value
    },
  })

const textOf = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)

const pickle = createPickle({
  plugins: [
    definePlugin({
      id: 'test/legacy',
      types: [
        legacy('Old', ['inst', 'obj']),
        legacy('OldArgs', ['inst', 'obj']),
        legacy('New', ['newobj']),
        ...['int', 'str', 'ValueError'].map((name) => ({
          module: 'builtins',
          name,
          opcodes: [],
          create: () => undefined,
        })),
      ],
    }),
  ],
})

const b = (latin1: string): Uint8Array => Uint8Array.from(latin1, (c) => c.charCodeAt(0))

/** What a sample loads as; `str` makes what a str of Python 2 becomes under the encoding. */
const EXPECTED: Record<string, (str: (latin1: string) => unknown) => unknown> = {
  'ascii str': (str) => str('abc'),
  'str with bytes': (str) => str('caf\xe9'),
  'str with escapes': (str) => str('\'"\\\n\r\t\x00\x7f\x80\xff'),
  'long str': (str) => str('x'.repeat(300)),
  unicode: () => 'caf\xe9 \u20ac \u{1f600}\n\\',
  int: () => 7,
  bool: () => [true, false],
  'large int': () => 2n ** 63n - 1n,
  'small int': () => -(2n ** 63n),
  long: () => 10n ** 30n,
  'negative long': () => -(1n << 70n),
  'short long': () => 5,
  float: () => [0.1, -0, 1e100, Infinity],
  tuple: () => Tuple.of<unknown>(Tuple.of(), Tuple.of(1), Tuple.of(1, 2), Tuple.of(1, 2, 3), Tuple.of(1, 2, 3, 4)),
  'dict of str': (str) =>
    typeof str('') === 'string'
      ? { a: [1], b: null }
      : new Map<unknown, unknown>([
          [b('a'), [1]],
          [b('b'), null],
        ]),
  shared: (str) => {
    const spam = str('spam')
    const shared = [spam]
    return [shared, shared, spam]
  },
  set: () => new Set([1, 2, 3]),
  frozenset: () => new FrozenSet([1]),
  complex: () => new Complex(1, 2),
  xrange: () => new Range(0, 5, 1),
  bytearray: () => ByteArray.of(0, 255),
  'old-style object': (str) => new Legacy([], { name: str('old'), n: 1 }),
  'old-style object with arguments': (str) => new Legacy([1, str('two')], { args: Tuple.of<unknown>(1, str('two')) }),
  'new-style object': (str) => new Legacy([], { name: str('new'), n: 2 }),
  'builtin names': () => ['int', 'str', 'range', 'ValueError'].map((name) => new GlobalRef('builtins', name)),
}

/** Entries in any order: the order of a dict in Python 2 is that of its hashes. */
function inOrder(value: unknown): unknown {
  if (value instanceof Legacy) return new Legacy(value.args, inOrder(value.state) as Record<string, unknown>)
  if (value instanceof Map) return new Map([...value].sort(([x], [y]) => (textOf(x) < textOf(y) ? -1 : 1)))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
}

const ENCODINGS: readonly { encoding: NonNullable<LoadOptions['encoding']>; str: (latin1: string) => unknown }[] = [
  { encoding: 'latin1', str: (latin1) => latin1 },
  { encoding: 'bytes', str: b },
  { encoding: 'ASCII', str: (latin1) => latin1 },
]

describe.each(ENCODINGS)("encoding '$encoding'", ({ encoding, str }) => {
  test.each(Object.keys(EXPECTED))('%s', (name) => {
    const samples = SAMPLES.filter((sample) => sample.name === name)
    expect(samples).toHaveLength(6)
    for (const { by, protocol, hex } of samples) {
      const bytes = Buffer.from(hex, 'hex')
      const what = `${by}, protocol ${protocol}`
      if (encoding === 'ASCII' && /^str with/.test(name)) {
        expect(
          refusal(() => pickle.loads(bytes, { encoding })),
          what,
        ).toBe('encoding')
        continue
      }
      const expected = inOrder(EXPECTED[name]?.(str))
      expect(difference(inOrder(pickle.loads(bytes, { encoding })), expected), what).toBeUndefined()
    }
  })
})

test('ASCII is the default', () => {
  const of = (name: string): Uint8Array => Buffer.from(SAMPLES.find((sample) => sample.name === name)?.hex ?? '', 'hex')
  expect(pickle.loads(of('ascii str'))).toBe('abc')
  expect(refusal(() => pickle.loads(of('str with bytes')))).toBe('encoding')
})

test('every sample has an expectation', () => {
  expect([...new Set(SAMPLES.map(({ name }) => name))]).toEqual(Object.keys(EXPECTED))
})

/** The code of the error. */
function refusal(load: () => unknown): unknown {
  try {
    return load()
  } catch (error) {
    if (isPickleError(error)) return error.code
    throw error
  }
}
