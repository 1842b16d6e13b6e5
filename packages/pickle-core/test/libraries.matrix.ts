/**
 * Files that whole libraries made of their own objects, at every protocol: each loads as inert data and is written back. What is
 * written otherwise differs in nothing but equal strings that are two objects in Python, which is computed, file by file; and Python
 * loads both alike.
 */
import { type DumpOptions, dumps, type LoadOptions, loads } from '@pickle-ts/pickle-core'
import { afterAll, describe, expect, test } from 'vitest'
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

/** Why a file that is written otherwise may be. */
type Outcome = 'the same bytes' | 'equal strings are two objects in Python, and one here' | { readonly fault: string }

const EXACT: LoadOptions = { mapping: 'exact', unknownGlobals: 'inert' }
const LIBRARIES = ['numpy', 'scipy', 'pandas', 'sklearn', 'lightgbm']
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1'

const python = await openPython()
const versions =
  python && (await run<Record<string, { version?: string; missing?: string }>>(python, 'versions()')).value
const report: string[] = []

afterAll(() => console.log(`files of whole libraries:\n${report.join('\n')}`))

describe.each(LIBRARIES)('%s', (library) => {
  const found = versions?.[library]
  const missing = found?.version === undefined ? (found?.missing ?? 'there is no Python') : undefined
  if (missing !== undefined) report.push(`  ${library}: skipped, ${missing}`)

  test.skipIf(missing !== undefined && !ci)(
    'its files are written back, and nothing but equal strings differs',
    async () => {
      if (python === undefined || missing !== undefined) throw new Error(`CI needs ${library}: ${missing}`)
      const { value: made, out: originals } = await run<Made>(python, `make('${library}')`)
      const written = originals.map((bytes, i) => dumps(loads(bytes, EXACT), made.files[i]))
      const protocols = JSON.stringify(made.files.map(({ protocol }) => protocol))
      const { out: theirs } = await run(python, `again(blobs, ${protocols})`, originals)
      const { out: ours } = await run(python, `again(blobs, ${protocols})`, written)

      const counts = { same: 0, sameAgain: 0, strings: 0, stringsAgain: 0 }
      const faults: string[] = []
      for (const [i, { name, protocol }] of made.files.entries()) {
        const [original = NONE, own = NONE, theirAgain = NONE, ourAgain = NONE] = [
          originals,
          written,
          theirs,
          ours,
        ].map((list) => list[i])
        const outcome = compare(original, own, theirAgain, ourAgain)
        const kind = outcome === 'the same bytes' ? 'same' : 'strings'
        if (typeof outcome === 'object') faults.push(`${name} at protocol ${protocol}: ${outcome.fault}`)
        else {
          counts[kind]++
          if (isSame(theirAgain, original)) counts[`${kind}Again`]++
        }
      }
      report.push(
        `  ${library} ${found?.version}: ${made.files.length} files, and ${made.refused.length} that it cannot pickle itself`,
        `    ${counts.same} the same bytes; Python's own round trip gives the same for ${counts.sameAgain} of them`,
        `    ${counts.strings} where equal strings are two objects in Python, and one here; it gives the same for ${counts.stringsAgain} of them`,
      )
      expect(faults).toEqual([])
      expect(counts.same + counts.strings).toBe(made.files.length)
      // Few objects do not know every protocol.
      expect(made.files.length).toBeGreaterThan(4 * made.refused.length)
    },
  )
})

const NONE = new Uint8Array()

/** What we wrote of a file, beside the file; and what Python writes when it has loaded each of them. */
function compare(original: Uint8Array, own: Uint8Array, theirAgain: Uint8Array, ourAgain: Uint8Array): Outcome {
  if (isSame(own, original)) return 'the same bytes'
  // With equal strings as one object both are one list of opcodes, and some string did stand there twice.
  const [expected, actual] = [withStringsShared(original), withStringsShared(own)]
  const where = difference(actual.lines, expected.lines)
  if (where !== undefined) return { fault: `other bytes, ${where}` }
  if (expected.shared <= actual.shared) return { fault: 'other bytes, and no string stands there twice' }
  // Python may share strings otherwise at each load, as it interns the names of attributes.
  const unequal = difference(withStringsShared(ourAgain).lines, withStringsShared(theirAgain).lines)
  if (unequal !== undefined) return { fault: `loads as something else, ${unequal}` }
  return 'equal strings are two objects in Python, and one here'
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
