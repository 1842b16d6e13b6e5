/** Checks every row of `docs/values.md` against a real Python: the tables are the tests. */
import { readFileSync } from 'node:fs'
import * as core from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { openPython } from './open-python.ts'
import { difference } from './same.ts'

const python = await openPython()

const pickle = core.createPickle({
  plugins: [
    core.definePlugin({
      id: 'test/values',
      types: [{ module: 'collections', name: 'OrderedDict', opcodes: [], create: () => undefined }],
    }),
  ],
})

const doc = readFileSync(new URL('../../../docs/values.md', import.meta.url), 'utf8')

/** The rows of the table under a heading, each cell without its backticks. */
function rowsOf(heading: string): string[][] {
  const section = doc.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`docs/values.md has no section ${heading}`)
  const lines = section.split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(1).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  )
}

/** The value of a JavaScript cell. */
function evaluate(expression: string): unknown {
  return new Function(...Object.keys(core), `'use strict'; return (${expression})`)(...Object.values(core))
}

/** The Python that the skipped tests would need. */
function py(): NonNullable<typeof python> {
  if (python === undefined) throw new Error('no Python')
  return python
}

const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const

describe.skipIf(python === undefined)('values of Python', () => {
  const rows = rowsOf('Values of Python')

  test.each(rows)('%s %s %s %s %s', async (expr, nativeArrow, native, exactArrow, exact) => {
    const isBuffer = expr?.includes('PickleBuffer') === true
    for (const protocol of isBuffer ? [5] : [4, 5, 3, 2, 1, 0]) {
      const theirs = await py().dump(expr as string, protocol)
      // At protocol 0 the first batch is the first key.
      expect(
        difference(pickle.loads(theirs), evaluate(native as string)),
        `native, protocol ${protocol}`,
      ).toBeUndefined()
      const read = pickle.loads(theirs, { mapping: 'exact' })
      expect(difference(read, evaluate(exact as string)), `exact, protocol ${protocol}`).toBeUndefined()
    }
    for (const [arrow, cell] of [
      [nativeArrow, native],
      [exactArrow, exact],
    ] as const) {
      for (const protocol of PROTOCOLS) {
        const written = await py().difference(pickle.dumps(evaluate(cell as string), { protocol }), expr as string)
        if (arrow === '↔') expect(written, `${cell}, protocol ${protocol}`).toBeUndefined()
        // What is merged does not come back as it was.
        else if (arrow === '→') expect(written, `${cell}, protocol ${protocol}`).toBeDefined()
        else throw new Error(`the arrow ${arrow}`)
      }
    }
  })

  test('every type of the value table is there', () => {
    expect(rows.length).toBeGreaterThan(30)
    for (const type of [
      'Tuple',
      'FrozenSet',
      'ByteArray',
      'Complex',
      'Float',
      'PyDict',
      'PySet',
      'GlobalRef',
      'Range',
      'Slice',
    ]) {
      expect(
        rows.flat().filter((cell) => cell.includes(`${type}(`) || cell.includes(`${type}.of`)).length,
        type,
      ).toBeGreaterThan(0)
    }
  })
})

describe.skipIf(python === undefined)('values of JavaScript', () => {
  test.each(rowsOf('Values of JavaScript'))('%s %s %s %s %s', async (expression, to, expr, from, back) => {
    expect([to, from]).toEqual(['←', '→'])
    for (const protocol of PROTOCOLS) {
      const ours = pickle.dumps(evaluate(expression as string), { protocol })
      expect(await py().difference(ours, expr as string), `protocol ${protocol}`).toBeUndefined()
      expect(difference(pickle.loads(ours), evaluate(back as string)), `back, protocol ${protocol}`).toBeUndefined()
    }
  })
})

describe('what cannot be written', () => {
  test.each(rowsOf('What cannot be written'))('%s: %s', (expression, code) => {
    const value = [{ at: evaluate(expression as string) }]
    expect(() => pickle.dumps(value)).toThrow(expect.objectContaining({ code, name: 'PicklingError' }))
    expect(() => pickle.dumps(value)).toThrow(/\(at \$\[0\]\.at/)
  })
})

describe('mappings', () => {
  test('dicts: a later key that does not fit is an error that names the option', () => {
    const entries = Array.from({ length: 1000 }, (_, i): [unknown, unknown] => [`k${i}`, i])
    const bytes = pickle.dumps(new core.PyDict([...entries, [7, 'late']]))
    expect(() => pickle.loads(bytes)).toThrow(expect.objectContaining({ code: 'dict-key' }))
    expect(() => pickle.loads(bytes)).toThrow(/dicts: 'map'/)
    expect(pickle.loads<Map<unknown, unknown>>(bytes, { dicts: 'map' }).get(7)).toBe('late')
    expect(pickle.loads<core.PyDict>(bytes, { mapping: 'exact' }).size).toBe(1001)
  })

  test("dicts: 'object' refuses other keys, dicts: 'map' makes every dict a Map", () => {
    expect(() => pickle.loads(pickle.dumps(new Map([[1, 2]])), { dicts: 'object' })).toThrow(
      expect.objectContaining({ code: 'dict-key' }),
    )
    expect(pickle.loads(pickle.dumps({ a: { b: 1 } }), { dicts: 'map' })).toEqual(new Map([['a', new Map([['b', 1]])]]))
  })

  test('no key reaches a prototype', () => {
    const names = [
      'constructor',
      'prototype',
      'toString',
      'then',
      'toJSON',
      'length',
      'hasOwnProperty',
      '__defineGetter__',
    ]
    const bytes = pickle.dumps(new core.PyDict(names.map((name): [string, string] => [name, 'data'])))
    const object = pickle.loads<Record<string, unknown>>(bytes)
    expect(Object.keys(object)).toEqual(names)
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    expect(({} as { then?: unknown }).then).toBeUndefined()
  })
})
