/**
 * Long lists of floats and of strings from the memo are read without the stack. Whatever the stream, that must give what the
 * opcode loop gives. Two twins of each stream take the loop: floats in the exact mapping, and ints in the place of the strings.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Float, type LoadOptions, loads, PickleError, Tuple } from '../src/index.ts'
import { bytes, u32, u64 } from './pickle-bytes.ts'

/** What a load gives, in a form in which the twins agree: the value with floats and strings as numbers, or the error. */
function outcome(pickle: Uint8Array, options?: LoadOptions): unknown {
  try {
    return plain(loads(pickle, options))
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    return { code: error.code, offset: 'offset' in error ? error.offset : undefined }
  }
}

function plain(value: unknown, inside: readonly unknown[] = []): unknown {
  if (inside.includes(value)) return { up: inside.indexOf(value) }
  const items = (list: readonly unknown[]): unknown[] => Array.from(list, (item) => plain(item, [value, ...inside]))
  if (value instanceof Tuple) return { tuple: items(value) }
  if (Array.isArray(value)) return items(value)
  if (value instanceof Float) return value.value
  if (typeof value === 'string') return value === 'a' ? 0x61 : 0x62
  return value === 0x61n || value === 0x62n ? Number(value) : value
}

const G = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return `G${String.fromCharCode(...new Uint8Array(view.buffer))}`
}

/** One batch: how many of which item, what closes it. */
const batch = fc.record({
  count: fc.constantFrom(0, 1, 2, 30, 31, 32, 33, 34, 40, 70),
  item: fc.constantFrom('float', 'get', 'long', 'both', 'list', 'missing', 'none'),
  odd: fc.option(fc.constantFrom('N', 'h\x00', G(1)), { freq: 6 }),
  close: fc.oneof({ weight: 12, arbitrary: fc.constant('e') }, fc.constantFrom('t', 'l', '0', '1', '(', 'h\x02e')),
})

interface Stream {
  readonly batches: readonly (typeof batch extends fc.Arbitrary<infer T> ? T : never)[]
  /** At which opcodes a frame begins, and how much longer it says that it is. */
  readonly frames: readonly number[]
  readonly slack: number
  readonly memo: boolean
  /** Whether the last frame goes on after STOP. */
  readonly more: boolean
}

function itemOf(kind: string, i: number): string {
  switch (kind) {
    case 'float':
      return G(i % 3 === 0 ? i : i / 8)
    case 'get':
      return `h${String.fromCharCode(i & 1)}`
    case 'long':
      return `j${u32(i & 1)}`
    case 'both':
      return i % 3 === 0 ? `j${u32(i & 1)}` : `h${String.fromCharCode(i & 1)}`
    case 'list':
      return i === 35 ? 'h\x02' : 'h\x00'
    case 'missing':
      return i === 33 ? 'j\xff\xff\xff\xff' : 'h\x01'
    default:
      return 'N'
  }
}

/**
 * The opcodes of a stream, in frames, and where its list begins. `atom` is the opcode of the two memo entries, of four bytes with its
 * MEMOIZE; cut short, a string and an int fail with different codes.
 */
function build({ batches, frames, slack, memo, more }: Stream, atom: (char: string) => string): [Uint8Array, number] {
  const opcodes = [atom('a'), '\x94', '0', atom('b'), '\x94', '0', ']']
  if (memo) opcodes.push('\x94')
  for (const { count, item, odd, close } of batches) {
    opcodes.push('(')
    for (let i = 0; i < count; i++) opcodes.push(itemOf(item, i))
    if (odd !== null) opcodes.push(odd)
    opcodes.push(close)
  }
  opcodes.push(more ? '.N' : '.')
  const starts = new Set([0, ...frames.map((at) => at % opcodes.length)])
  let framed = '\x80\x05'
  let start = 0
  opcodes.forEach((opcode, i) => {
    if (starts.has(i)) {
      let size = slack
      for (let k = i; k < opcodes.length && (k === i || !starts.has(k)); k++) size += (opcodes[k] as string).length
      framed += `\x95${u64(Math.max(size, 0))}`
    }
    if (i === 6) start = framed.length
    framed += opcode
  })
  return [bytes(framed), start]
}

const stream: fc.Arbitrary<Stream> = fc.record({
  batches: fc.array(batch, { minLength: 1, maxLength: 5 }),
  frames: fc.array(fc.nat({ max: 400 }), { maxLength: 6, size: 'max' }),
  slack: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(1, -1, 9)),
  memo: fc.boolean(),
  more: fc.boolean(),
})

const string = (char: string): string => `\x8c\x01${char}`
const int = (char: string): string => `M${char}\0`

test('runs give what the opcode loop gives: values, error codes and offsets', () => {
  const cut = fc.option(fc.nat(1000), { freq: 2 })
  fc.assert(
    fc.property(stream, cut, (it, cut) => {
      const [[pickle, start], [twin]] = [build(it, string), build(it, int)]
      const end = cut === null ? pickle.length : Math.max(start, cut % pickle.length)
      expect(outcome(pickle.subarray(0, end))).toEqual(outcome(twin.subarray(0, end), { mapping: 'exact' }))
    }),
    { numRuns: 3000 },
  )
})

test('a run becomes part of the list that the memo holds, and of no other', () => {
  const run = `(${'h\x00'.repeat(40)}e`
  const [list, same] = loads<[string[], string[]]>(bytes(`\x80\x04\x8c\x01a\x940(]\x94${run}${run}h\x01l.`))
  expect(list).toHaveLength(80)
  expect(same).toBe(list)
})

test('a list of floats that goes on with something else keeps every item', () => {
  const floats = Array.from({ length: 50 }, (_, i) => G(i / 4)).join('')
  const value = loads<unknown[]>(bytes(`](${floats}e(N${floats}e(${floats}eNa.`))
  const expected = Array.from({ length: 50 }, (_, i) => i / 4)
  expect(value).toEqual([...expected, null, ...expected, ...expected, null])
})

test('a run that is too long is not counted again for each of its batches', () => {
  // 300,000 batches of one float. Counted anew from each, they would be 10 ** 11 steps.
  const pickle = bytes(']', `(${G(0.5)}e`.repeat(300_000), '.')
  expect(outcome(pickle, { limits: { maxItems: 299_999 } })).toMatchObject({ code: 'limit' })
  expect(loads(pickle, { limits: { maxItems: 300_000 } })).toHaveLength(300_000)
})

test('the items of a run count', () => {
  for (const item of [G(0.5), 'h\x00']) {
    const pickle = bytes(`\x80\x04\x8c\x01a\x940](${item.repeat(40)}e(${item.repeat(40)}e.`)
    expect(loads(pickle, { limits: { maxItems: 80 } })).toHaveLength(80)
    for (const maxItems of [41, 79]) expect(outcome(pickle, { limits: { maxItems } })).toMatchObject({ code: 'limit' })
  }
})
