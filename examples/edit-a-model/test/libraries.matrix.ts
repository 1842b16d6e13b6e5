/**
 * A real file of each library, at several protocols: opened without its classes, one number changed, written back, and the library
 * loads it and behaves accordingly. Nothing else in the file changes.
 */
import { dumps, loads, type PyObject } from '@pickle-ts/pickle-core'
import { genops } from '@pickle-ts/pickle-core/inspect'
import { describe, expect, test } from 'vitest'
import { DELTA, EDITS } from '../src/edits.ts'
import { Library, type Protocol } from '../src/library.ts'

const PROTOCOLS: readonly Protocol[] = [2, 3, 4, 5, 'default']

const python = process.env['PICKLE_TS_PYTHON']
const library = python === undefined ? undefined : new Library(python)
const found = library?.list() ?? {}
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1'

describe.each(Object.keys(EDITS))('%s', (name) => {
  const presence = found[name] ?? { missing: 'there is no Python' }
  const missing = 'missing' in presence ? presence.missing : undefined
  if (missing !== undefined && !ci) console.warn(`skipped: a file of ${name}, as ${missing}`)

  test.skipIf(missing !== undefined && !ci)('a number changes, and nothing else', () => {
    if (library === undefined || 'missing' in presence) throw new Error(`CI needs ${name}: ${missing}`)
    const originals = library.make(name, ...PROTOCOLS)
    const edited = originals.map((bytes) => {
      const object = loads<PyObject>(bytes, { mapping: 'exact', unknownGlobals: 'inert' })
      // The second byte says what Python's default is: 4, or 5 from 3.14 on.
      const options = { protocol: bytes[1] as 2 | 3 | 4 | 5 }
      const unchanged = dumps(object, options)
      EDITS[name]?.(object)
      return { unchanged, changed: dumps(object, options) }
    })
    const [first = new Uint8Array()] = originals
    const unchanged = edited.map((files) => files.unchanged)
    const changed = edited.map((files) => files.changed)

    const verdicts = library.judge(name, first, ...originals, ...unchanged, ...changed)
    const same = { changed: [], rest: true }
    const larger = { changed: [DELTA], rest: true }
    expect(verdicts).toEqual([...PROTOCOLS.flatMap(() => [same, same]), ...PROTOCOLS.map(() => larger)])
    for (const files of edited) expect(differences(files.unchanged, files.changed)).toBe(1)

    const alike = originals.filter((bytes, i) => Buffer.compare(bytes, unchanged[i] as Uint8Array) === 0).length
    console.log(
      `${name} ${presence.version}: ${changed.length} files; ${alike} are written back in the same bytes, all equal`,
    )
  })
})

/** In how many opcodes or their arguments two pickles differ. */
function differences(a: Uint8Array, b: Uint8Array): number {
  const [first, second] = [a, b].map((bytes) =>
    [...genops(bytes)]
      // A frame says how long it is: it follows from what is in it.
      .filter(({ opcode }) => opcode.name !== 'FRAME')
      .map(({ pos, end }) => Buffer.from(bytes.subarray(pos, end)).toString('latin1')),
  ) as [string[], string[]]
  expect(second.length).toBe(first.length)
  return first.filter((operation, i) => operation !== second[i]).length
}
