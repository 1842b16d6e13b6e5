/**
 * Files that whole libraries made of their own objects, at every protocol: each loads as inert data and is written back. What is
 * written otherwise has one of two reasons, each computed from the bytes; and Python loads both alike.
 */
import { type DumpOptions, dumps, type LoadOptions, loads } from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { openPython } from './open-python.ts'
import type { Python } from './python.ts'
import { difference } from './same.ts'
import { withStringsShared } from './share-strings.ts'

interface File {
  readonly name: string
  readonly protocol: Exclude<DumpOptions['protocol'], undefined>
}

interface Made {
  readonly files: readonly File[]
  /** What the library itself cannot pickle. */
  readonly refused: readonly string[]
}

/** How what is written compares with the file, where nothing is wrong. */
const OUTCOMES = [
  'the same bytes',
  'equal strings are two objects in Python, and one here',
  'Python 3.13 and newer write dotted globals otherwise, at protocols 0 to 3',
] as const
type Outcome = (typeof OUTCOMES)[number]

const EXACT: LoadOptions = { mapping: 'exact', unknownGlobals: 'inert' }
const LIBRARIES = ['numpy', 'scipy', 'pandas', 'sklearn', 'lightgbm']
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1'

const python = await openPython()
const versions =
  python && (await run<Record<string, { version?: string; missing?: string }>>(python, 'versions()')).value

describe.each(LIBRARIES)('%s', (library) => {
  const found = versions?.[library]
  const missing = found?.version === undefined ? (found?.missing ?? 'there is no Python') : undefined
  if (missing !== undefined && !ci) console.warn(`skipped: the files of ${library}, as ${missing}`)

  test.skipIf(missing !== undefined && !ci)(
    'its files are written back, and every difference has a reason',
    async () => {
      if (python === undefined || missing !== undefined) throw new Error(`CI needs ${library}: ${missing}`)
      const { value: made, out: originals } = await run<Made>(python, `make('${library}')`)
      const written = originals.map((bytes, i) => dumps(loads(bytes, EXACT), made.files[i]))
      const protocols = JSON.stringify(made.files.map(({ protocol }) => protocol))
      const { out: theirs } = await run(python, `again(blobs, ${protocols})`, originals)
      const { out: ours } = await run(python, `again(blobs, ${protocols})`, written)

      const outcomes: Outcome[] = []
      /** The outcomes of files that Python's own round trip leaves as they are. */
      const repeated: Outcome[] = []
      const faults: string[] = []
      for (const [i, { name, protocol }] of made.files.entries()) {
        const [original = NONE, own = NONE, theirAgain = NONE, ourAgain = NONE] = [
          originals,
          written,
          theirs,
          ours,
        ].map((list) => list[i])
        const outcome = compare(original, own)
        // Python may share strings otherwise at each load, as it interns the names of attributes.
        const unequal = difference(withStringsShared(ourAgain).lines, withStringsShared(theirAgain).lines)
        if (typeof outcome === 'object') faults.push(`${name} at protocol ${protocol}: other bytes, ${outcome.fault}`)
        else outcomes.push(outcome)
        if (unequal !== undefined) faults.push(`${name} at protocol ${protocol}: loads as something else, ${unequal}`)
        if (typeof outcome !== 'object' && isSame(theirAgain, original)) repeated.push(outcome)
      }
      const lines = OUTCOMES.flatMap((outcome) => {
        const [all, again] = [outcomes, repeated].map((list) => list.filter((one) => one === outcome).length)
        return all === 0 ? [] : `  ${all}: ${outcome} (Python's own round trip repeats ${again} of these files)`
      })
      const refused = `${made.refused.length} that it cannot pickle itself`
      console.log([`${library} ${found?.version}: ${made.files.length} files, and ${refused}`, ...lines].join('\n'))
      expect(faults).toEqual([])
      expect(outcomes).toHaveLength(made.files.length)
      // Few objects do not know every protocol.
      expect(made.files.length).toBeGreaterThan(4 * made.refused.length)
    },
  )
})

const NONE = new Uint8Array()

/** What we wrote of a file, beside the file: every reason is computed from the bytes. */
function compare(original: Uint8Array, own: Uint8Array): Outcome | { readonly fault: string } {
  if (isSame(own, original)) return 'the same bytes'
  // With equal strings as one object both are one list of opcodes, and some string did stand there twice.
  const [expected, actual] = [withStringsShared(original), withStringsShared(own)]
  const where = difference(actual.lines, expected.lines)
  if (where === undefined) {
    if (expected.shared <= actual.shared) return { fault: 'and no string stands there twice' }
    return 'equal strings are two objects in Python, and one here'
  }
  // 3.13 memoizes neither this class nor the arguments of getattr; the bytes of 3.11 are ours.
  const isNew = python !== undefined && python.version[1] >= 13
  if (isNew && difference(withGlobalsSpelled(actual.lines), withGlobalsSpelled(expected.lines)) === undefined) {
    return 'Python 3.13 and newer write dotted globals otherwise, at protocols 0 to 3'
  }
  return { fault: where }
}

/** The same opcodes without the memo entries of globals, which are written wherever they are got, and without entries that nobody gets. */
function withGlobalsSpelled(lines: readonly string[]): string[] {
  const got = new Set(lines.filter((line) => line.startsWith('GET ')).map((line) => line.slice(4)))
  const spelled: string[] = []
  const globals = new Map<string, string>()
  const memo = new Map<string, number>()
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1]
    const index = line.slice(4)
    if (line.startsWith('GET ')) spelled.push(globals.get(index) ?? `GET ${memo.get(index)}`)
    else if (!line.startsWith('PUT ')) spelled.push(line)
    else if (before?.startsWith('GLOBAL ')) globals.set(index, before)
    else if (got.has(index)) {
      spelled.push(`PUT ${memo.size}`)
      memo.set(index, memo.size)
    }
  }
  return spelled
}

/** Calls a function of `python/libraries.py`. */
function run<T>(
  peer: Python,
  call: string,
  blobs: readonly Uint8Array[] = [],
): Promise<{ value: T; out: Uint8Array[] }> {
  return peer.run<T>(`import libraries\nvalue, out = libraries.${call}`, blobs)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
