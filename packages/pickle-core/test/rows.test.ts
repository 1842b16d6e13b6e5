/**
 * Every row of `rows.ts`, at every protocol, against committed bytes and against the Python that is there.
 *
 * TS -> bytes: `dumps` writes what CPython writes. Bytes -> TS: `loads` gives the row's value, exact and native, and writing
 * what was read exactly gives the bytes again. Both directions once more without the value: Python loads our bytes.
 */
import {
  createPickle,
  createRegistry,
  type DumpOptions,
  definePlugin,
  GlobalRef,
  loads,
  PickleBuffer,
} from '@pickle-ts/pickle-core'
import { afterAll, describe, expect, test } from 'vitest'
import { nativeOf } from './native.ts'
import { openPython } from './open-python.ts'
import { CORE_BYTES, VERSION_DIFFERENCES } from './rows.data.ts'
import { ALL, BUFFER_ROWS, EXCEPTIONS, type Exception, ROWS, type Row } from './rows.ts'
import { difference } from './same.ts'

type Protocol = NonNullable<DumpOptions['protocol']>

const python = await openPython()

/** The globals of the rows, as names that may be referred to. */
const pickle = createPickle({
  plugins: [
    definePlugin({
      id: 'test/rows',
      types: [...ROWS.flatMap(globalsOf), ['shapes', 'Outer'], ['functools', 'reduce'], ['pickle', 'Pickler']]
        .filter(
          ([module, name]) =>
            !createRegistry([])
              .list()
              .some((own) => own.module === module && own.name === name),
        )
        .map(([module, name]) => ({
          module: module as string,
          name: name as string,
          opcodes: [],
          create: () => undefined,
        })),
      extensionCodes: [
        { code: 0xf0, module: 'shapes', name: 'Extended' },
        { code: 0xfff0, module: 'shapes', name: 'Extended2' },
        { code: 0x7fff_fff0, module: 'shapes', name: 'Extended4' },
      ],
    }),
  ],
})

function globalsOf(row: Row): [string, string][] {
  const value = row.value()
  return value instanceof GlobalRef ? [[value.module, value.name]] : []
}

/** What this Python writes otherwise than 3.11. A version that is newer than the list writes as the newest of it. */
function differencesOf([, minor]: readonly number[]): Readonly<Record<string, readonly number[]>> {
  const known = Object.keys(VERSION_DIFFERENCES).map((version) => Number(version.split('.')[1]))
  const own = known.includes(minor as number)
    ? minor
    : Math.max(...known.filter((m) => m > 11 && m < (minor as number)))
  return VERSION_DIFFERENCES[`3.${own}`] ?? {}
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const excused = (row: Row, reason: Exception, protocol: number): boolean =>
  row.except[reason]?.includes(protocol) ?? false

const counts = { values: 0, comparisons: 0, types: new Map<string, number>() }
const exceptions = new Map<Exception, number>()
const count = (reason: Exception): void => void exceptions.set(reason, (exceptions.get(reason) ?? 0) + 1)

/** Compares two byte strings without printing a megabyte. */
function expectBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  counts.comparisons++
  if (Buffer.compare(actual, expected) === 0) return
  let at = 0
  while (at < actual.length && actual[at] === expected[at]) at++
  const around = (bytes: Uint8Array): string => text(bytes.subarray(Math.max(0, at - 40), at + 60))
  expect({ what, at, length: actual.length, bytes: around(actual) }).toEqual({
    what,
    at,
    length: expected.length,
    bytes: around(expected),
  })
}

function expectSame(actual: unknown, expected: unknown, what: string): void {
  counts.comparisons++
  expect(difference(actual, expected), what).toBeUndefined()
}

/** The committed bytes of a core row: the range that holds the protocol, and PROTO before it. */
function coreBytes(row: Row, protocol: number): Uint8Array {
  for (const [range, body] of Object.entries(CORE_BYTES[row.expr] ?? {})) {
    const open = range.endsWith('_')
    const digits = range.slice(1).replace('_', '')
    if (digits.includes(String(protocol)) || (open && protocol > Number(digits.at(-1)))) {
      return Buffer.from((protocol < 2 ? '' : `\x80${String.fromCharCode(protocol)}`) + body, 'latin1')
    }
  }
  throw new Error(`no bytes of ${row.expr} at protocol ${protocol}; run scripts/generate-rows.mjs`)
}

/** All that can be said of one row at one protocol, given CPython's bytes. */
function checkRow(row: Row, protocol: number, bytes: Uint8Array, faithful: boolean): void {
  const at = `protocol ${protocol}`
  const value = row.value()
  const options = { protocol: protocol as Protocol }
  if (excused(row, 'hash-order', protocol)) count('hash-order')
  else if (excused(row, 'equal-strings', protocol)) count('equal-strings')
  else expectBytes(pickle.dumps(value, options), bytes, `dumps, ${at}`)

  const exact = pickle.loads(bytes, { mapping: 'exact' })
  if (excused(row, 'nan-text', protocol)) count('nan-text')
  else if (excused(row, 'python2-names', protocol)) count('python2-names')
  else expectSame(exact, value, `loads exact, ${at}`)
  if (excused(row, 'equal-strings', protocol)) count('equal-strings')
  else if (!faithful) count('cpython-differs')
  else expectBytes(pickle.dumps(exact, options), bytes, `dumps(loads()), ${at}`)

  if (excused(row, 'late-key', protocol)) {
    count('late-key')
    return
  }
  const native = pickle.loads(bytes)
  const expected = nativeOf(value)
  if (!excused(row, 'nan-text', protocol) && !excused(row, 'python2-names', protocol))
    expectSame(native, expected.value, `loads native, ${at}`)
  if (expected.merged) count('merged')
  else if (faithful && !excused(row, 'equal-strings', protocol)) {
    expectBytes(pickle.dumps(native, options), bytes, `dumps of native, ${at}`)
  }
}

describe('core rows: committed bytes', () => {
  test.each(ROWS.filter(({ core }) => core))('$name', (row) => {
    for (const protocol of ALL) checkRow(row, protocol, coreBytes(row, protocol), true)
    expect(Object.keys(CORE_BYTES)).toContain(row.expr)
  })

  test('the data file holds the core rows and no others', () => {
    expect(Object.keys(CORE_BYTES).sort()).toEqual(ROWS.flatMap(({ core, expr }) => (core ? [expr] : [])).sort())
  })
})

describe.skipIf(python === undefined)('rows: the bytes that Python writes', () => {
  test.each(ROWS)('$type $name', async (row) => {
    if (python === undefined) return
    counts.values++
    counts.types.set(row.type, (counts.types.get(row.type) ?? 0) + 1)
    const listed = differencesOf(python.version)[row.expr] ?? []
    const pickles = await python.dumps(row.expr, ALL)
    for (const protocol of ALL) {
      const theirs = pickles[protocol]
      if (theirs === undefined || 'error' in theirs)
        throw new Error(`Python cannot write ${row.expr}: ${theirs?.error}`)
      const bytes = theirs.pickle
      const again = await python.again(bytes, protocol)
      const faithful = Buffer.compare(again, bytes) === 0
      if (listed.includes(protocol)) {
        expect(
          Buffer.compare(pickle.dumps(row.value(), { protocol: protocol as Protocol }), bytes),
          'listed for nothing',
        ).not.toBe(0)
        // Another version's bytes: they are read all the same, and ours load there.
        expectSame(
          pickle.loads(bytes, { mapping: 'exact' }),
          row.value(),
          `loads of ${python.version}, protocol ${protocol}`,
        )
      } else checkRow(row, protocol, bytes, faithful)
      const ours = pickle.dumps(row.value(), { protocol: protocol as Protocol })
      counts.comparisons++
      if (!excused(row, 'nan-text', protocol) && !excused(row, 'python2-names', protocol)) {
        expect(await python.difference(ours, row.expr), `loads in Python, protocol ${protocol}`).toBeUndefined()
      }
    }
    // 'auto' says 5 only if it must.
    const auto = pickle.dumps(row.value())
    expect(auto[1], 'the protocol of auto').toBe(4)
    counts.comparisons++
    expect(await python.difference(auto, row.expr), 'auto, loads in Python').toBeUndefined()
  })

  test.each(BUFFER_ROWS)('buffers $name', async ({ expr, value, inBand }) => {
    if (python === undefined) return
    counts.values++
    counts.types.set('PickleBuffer', (counts.types.get('PickleBuffer') ?? 0) + 1)
    const [none] = await python.dumps(expr, [5])
    const [kept] = await python.dumps(expr, [5], 'in')
    const [out] = await python.dumps(expr, [5], 'out')
    if (!none || !kept || !out || 'error' in none || 'error' in kept || 'error' in out)
      throw new Error('Python cannot write it')
    expectBytes(pickle.dumps(value(), { protocol: 5 }), none.pickle, 'in band')
    expectBytes(pickle.dumps(value(), { protocol: 5, bufferCallback: () => true }), kept.pickle, 'kept in band')
    const buffers: PickleBuffer[] = []
    expectBytes(pickle.dumps(value(), { protocol: 5, bufferCallback: buffers }), out.pickle, 'out of band')
    expect(buffers.map((buffer) => text(buffer.raw()))).toEqual(out.buffers.map(text))
    expect(buffers.map(({ readonly }) => readonly)).toEqual(out.readonly)
    expectSame(pickle.loads(none.pickle, { mapping: 'exact' }), inBand(), 'loads in band')
    const given = out.buffers.map((memory, i) => new PickleBuffer(memory, { readonly: out.readonly[i] as boolean }))
    expectSame(pickle.loads(out.pickle, { mapping: 'exact', buffers: given }), value(), 'loads out of band')
    expectBytes(pickle.dumps(value(), { bufferCallback: [] }), out.pickle, "'auto' out of band")
  })

  test('at least 250 values, at most 30 of one type', () => {
    expect(counts.values).toBeGreaterThanOrEqual(250)
    expect(Math.max(...counts.types.values())).toBeLessThanOrEqual(30)
  })

  afterAll(() => {
    const types = [...counts.types].map(([type, n]) => `${type} ${n}`).join(', ')
    console.info(`${counts.values} values of ${counts.types.size} types (${types}); ${counts.comparisons} comparisons`)
    for (const [reason, n] of exceptions) console.info(`  ${n} times not compared: ${EXCEPTIONS[reason]}`)
  })
})

test('every exception is used', () => {
  const used = new Set(ROWS.flatMap(({ except }) => Object.keys(except)))
  // Two are found out while the rows run.
  expect([...used, 'cpython-differs', 'merged'].sort()).toEqual(Object.keys(EXCEPTIONS).sort())
})

test('a row does not stand twice', () => {
  const seen = ROWS.map(({ expr }) => expr)
  expect(seen.filter((expr, i) => seen.indexOf(expr) !== i)).toEqual([])
})

test('what is read by default is what the plain functions read', () => {
  expect(loads(coreBytes(ROWS.find(({ expr }) => expr === "[1, 'a', None]") as Row, 4))).toEqual([1, 'a', null])
})
