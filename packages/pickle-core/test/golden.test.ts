/**
 * Every golden file: it loads as inert data and dumps back byte for byte wherever CPython's own `dumps(loads(x))` does. What is
 * written otherwise has a reason that is computed from the file, and CPython reads it as it reads the file.
 */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  createRegistry,
  dumps,
  isPickleError,
  type LoadOptions,
  loads,
  type PickleBuffer,
} from '@pickle-ts/pickle-core'
import { genops, globalsIn } from '@pickle-ts/pickle-core/inspect'
import { afterAll, describe, expect, test } from 'vitest'
import { OPCODES } from '../src/opcodes.ts'
import { GOLDEN_TOPICS, GOLDEN_VERSIONS, type Golden, goldenFiles, picklesIn } from './golden.ts'
import { openPython } from './open-python.ts'
import { difference } from './same.ts'
import { withStringsShared } from './share-strings.ts'

/** The version whose bytes are ours where versions differ. */
const REFERENCE = '3.11'

/** Without plugins: what a plugin makes of its types is its own matter. */
const registry = createRegistry([])
const EXACT: LoadOptions = { registry, mapping: 'exact', unknownGlobals: 'inert' }
/** The globals that the codec itself reads. */
const CORE: ReadonlySet<string> = new Set(registry.list().map(({ module, name }) => `${module}.${name}`))
const NATIVE: LoadOptions = { registry, unknownGlobals: 'inert' }

const python = await openPython()

/** Why a file is not written as it is. */
type Reason =
  | 'two surrogates that are two code points: refused without an option'
  | 'equal strings are two objects in Python, and one here'
  | 'CPython 3.11 writes this again as we do, equal strings being one object'
  | 'of an older pickler or class: neither CPython 3.11 nor we write it as it is'

const counts = new Map<string, number>()
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

interface Written {
  readonly bytes: Uint8Array
  readonly buffers: readonly PickleBuffer[]
}

/** Out of band where the file's buffers are. */
function write(value: unknown, golden: Golden): Written {
  const buffers: PickleBuffer[] = []
  const outOfBand = golden.load.buffers === undefined ? {} : { bufferCallback: buffers }
  return { bytes: dumps(value, { registry, ...golden.dump, ...outOfBand }), buffers }
}

/** The code of the error. */
function refusal(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    if (!isPickleError(error)) throw error
    return error.code
  }
  return undefined
}

/** Why our bytes are not those of the file; undefined if there is no reason. */
function reasonOf(golden: Golden, ours: Uint8Array): Reason | undefined {
  const { lines, shared } = withStringsShared(golden.bytes)
  if (shared > 0 && difference(withStringsShared(ours).lines, lines) === undefined) {
    return 'equal strings are two objects in Python, and one here'
  }
  if (golden.again.includes(REFERENCE)) return undefined
  const hash = sha256(ours)
  return hash === golden.written || hash === golden.shared
    ? 'CPython 3.11 writes this again as we do, equal strings being one object'
    : 'of an older pickler or class: neither CPython 3.11 nor we write it as it is'
}

/** Files that were written otherwise: CPython reads both alike. */
const others: { golden: Golden; written: Written }[] = []

test('there are as many values as there should be, every opcode that a pickler writes, and not too many files', () => {
  const all = GOLDEN_TOPICS.flatMap((topic) => goldenFiles(topic))
  const values = new Set(all.map(({ value }) => value)).size
  const writers = Object.values(GOLDEN_VERSIONS.writers).join(', ')
  counts.set(`different values, written by Python ${writers}`, values)
  expect(values).toBeGreaterThan(500)
  expect(all.length).toBeLessThan(2500)
  // Only a string of 4 GiB needs BINUNICODE8 or BINBYTES8; no pickler writes DUP.
  const opcodes = new Set(all.flatMap(({ bytes }) => [...genops(bytes)].map(({ opcode }) => opcode.name)))
  const missing = OPCODES.map(({ name }) => name).filter((name) => !opcodes.has(name))
  expect(missing).toEqual(['BINBYTES8', 'BINUNICODE8', 'DUP'])
  expect(all.reduce((sum, { bytes, dis }) => sum + bytes.length + dis.length, 0)).toBeLessThan(10_000_000)
})

describe.each(GOLDEN_TOPICS)('%s', (topic) => {
  const files = goldenFiles(topic)

  test('the index lists every file', () => {
    expect(files.map(({ file }) => file).sort()).toEqual(picklesIn(topic).sort())
  })

  test('every file dumps back as it was read', () => {
    const failures: string[] = []
    for (const golden of files) {
      count('files')
      let { load } = golden
      if (refusal(() => loads(golden.bytes, { ...EXACT, ...load })) === 'surrogate-pair') {
        count('two surrogates that are two code points: refused without an option')
        load = { ...load, surrogatePairs: 'merge' }
        expect(
          refusal(() => loads(golden.bytes, { ...EXACT, ...load })),
          golden.path,
        ).toBeUndefined()
        continue
      }
      const value = loads(golden.bytes, { ...EXACT, ...load })
      const written = write(value, golden)
      const same = Buffer.compare(written.bytes, golden.bytes) === 0
      if (same) {
        count(golden.again.includes(REFERENCE) ? 'identical' : 'identical, though not in CPython 3.11')
        expect(
          written.buffers.map((buffer) => latin1(buffer.raw())),
          golden.path,
        ).toEqual(golden.memory.map(latin1))
        continue
      }
      const reason = reasonOf(golden, written.bytes)
      if (reason === undefined) {
        failures.push(`${golden.path}: ${latin1(written.bytes)} instead of ${latin1(golden.bytes)}`)
        continue
      }
      count(reason)
      // Here both are the same value.
      const buffers = golden.load.buffers === undefined ? {} : { buffers: written.buffers }
      expect(difference(loads(written.bytes, { ...EXACT, ...load, ...buffers }), value), golden.path).toBeUndefined()
      others.push({ golden, written })
    }
    expect(failures).toEqual([])
  })

  test('in the native mapping, every file loads, and what is written loads as the same', () => {
    for (const golden of files) {
      let options: LoadOptions = { ...NATIVE, ...golden.load }
      const refused = refusal(() => loads(golden.bytes, options))
      if (refused !== undefined) {
        count(`native: refused with '${refused}', and the option that it names`)
        options = { ...options, ...named(refused) }
      }
      const value = loads(golden.bytes, options)
      const { bytes, buffers } = write(value, golden)
      const back = loads(bytes, { ...options, ...(golden.load.buffers === undefined ? {} : { buffers }) })
      expect(difference(back, value), golden.path).toBeUndefined()
      count('native: dumps and loads give the same')
    }
  })

  test('without inert values, a file whose globals are not registered is refused', () => {
    for (const golden of files) {
      const options = {
        registry,
        mapping: 'exact',
        surrogatePairs: 'merge',
        persistentLoad: (id: unknown) => id,
      } as const
      const refused = refusal(() => loads(golden.bytes, { ...options, ...golden.load }))
      if (asksForMore(golden)) {
        count('registry: refused')
        expect(['global-not-allowed', 'ext-unregistered'], golden.path).toContain(refused)
      } else {
        count(
          refused === undefined
            ? 'registry: loads'
            : 'registry: refused, as the codec makes no objects of its own globals',
        )
        expect([undefined, 'args', 'construct-not-allowed'], golden.path).toContain(refused)
      }
    }
  })
})

/** The option that the message of a refusal names. */
function named(code: string): LoadOptions {
  if (code === 'surrogate-pair') return { surrogatePairs: 'merge' }
  if (code === 'dict-key') return { dicts: 'map' }
  if (code === 'native-key') return { mapping: 'exact' }
  throw new Error(`no option helps against '${code}'`)
}

/** Whether a file asks for a global or an extension code that the codec itself does not know. */
function asksForMore({ bytes }: Golden): boolean {
  const { globals, extensionCodes } = globalsIn(bytes)
  return extensionCodes.length > 0 || globals.some(({ module, name }) => !CORE.has(`${module}.${name}`))
}

/** Loads both, with equal strings as one object, and compares what it writes of them; null where this version cannot load the file. */
const ALIKE = `
import json, sys
sys.path.insert(0, FOLDER)
from evaluate import dumps, loads
from examine import Sharing

def again(data, file, buffers):
    given = list(zip(buffers, file['readonly']))
    return dumps(loads(data, file['dump'], file['load'], given, Sharing), 4, {}, 'c')[0]

value, blobs = [], iter(blobs)
for file in FILES:
    data, ours = next(blobs), next(blobs)
    theirs_beside = [next(blobs) for _ in file['readonly']]
    ours_beside = [next(blobs) for _ in file['readonly']]
    try:
        expected = again(data, file, theirs_beside)
    except Exception:
        value.append(None)
        continue
    value.append(again(ours, file, ours_beside) == expected)
`

test.skipIf(python === undefined)('CPython reads what is written otherwise as it reads the file', async () => {
  const folder = fileURLToPath(new URL('../../../scripts/fixtures', import.meta.url))
  const files = others.map(({ golden }) => ({
    ...golden.python3,
    readonly: (golden.buffers ?? []).map(({ readonly }) => readonly),
  }))
  const blobs = others.flatMap(({ golden, written }) => [
    golden.bytes,
    written.bytes,
    ...golden.memory,
    ...written.buffers.map((buffer) => buffer.raw()),
  ])
  const code = `FOLDER = ${JSON.stringify(folder)}\nFILES = __import__('json').loads(${JSON.stringify(JSON.stringify(files))})\n${ALIKE}`
  const { value } = await (python as NonNullable<typeof python>).run<(boolean | null)[]>(code, blobs)
  const different = others.filter((_, i) => value[i] === false).map(({ golden }) => golden.path)
  expect(different).toEqual([])
  const alike = value.filter((same) => same === true).length
  // This version reads nearly all of them.
  expect(alike).toBeGreaterThan(others.length / 2)
  for (const same of value)
    count(
      same ? 'written otherwise: CPython reads both alike' : 'written otherwise: this CPython does not read the file',
    )
})

afterAll(() => {
  const lines = [...counts].map(([what, times]) => `  ${String(times).padStart(5)} ${what}`)
  console.log(`golden files:\n${lines.join('\n')}`)
})
