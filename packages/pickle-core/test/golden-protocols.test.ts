/** What was read from a golden file, written at every other protocol: CPython reads what it reads of its own pickle at that one. */
import { fileURLToPath } from 'node:url'
import { createRegistry, dumps, isPickleError, loads } from '@pickle-ts/pickle-core'
import { afterAll, describe, expect, test } from 'vitest'
import { GOLDEN_TOPICS, type Golden, goldenFiles } from './golden.ts'
import { openPython } from './open-python.ts'
import { ALL } from './rows.ts'

const registry = createRegistry([])
const python = await openPython()

/** Left out: buffers do not exist below protocol 5; which persistent ids are one object is up to the program that gives them. */
const TOPICS = GOLDEN_TOPICS.filter((topic) => topic !== 'buffer' && topic !== 'persistent')

/**
 * For each file and protocol: whether CPython reads our pickle as it reads the file, or as its own pickle at that protocol, which may
 * lose something; null where this version does not load the file. Equal strings are one object, and what was loaded is compared by what
 * is written of it at protocol 4.
 */
const ALIKE = `
import sys
sys.path.insert(0, FOLDER)
from evaluate import dumps, loads
from examine import Sharing

def attempt(make):
    try:
        return make()
    except Exception as error:
        return repr(error)

value, blobs = [], iter(blobs)
for file in FILES:
    load = lambda data: loads(data, file['dump'], file['load'], (), Sharing)
    again = lambda data: dumps(load(data), 4, {}, 'c')[0]
    data = next(blobs)
    kept = attempt(lambda: again(data))
    for protocol in file['protocols']:
        ours = next(blobs)
        given = attempt(lambda: again(ours))
        same = given == kept or given == attempt(lambda: again(dumps(load(data), protocol, file['dump'], 'c')[0]))
        value.append(same if type(kept) is bytes else None)
`

const counts = { alike: 0, unread: 0, refused: 0, surrogates: 0 }

/** The pickles at the other protocols. An extension code has none below protocol 2, a name that is not ASCII none below 3. */
function others(golden: Golden): Map<number, Uint8Array> {
  const written = new Map<number, Uint8Array>()
  const value = loads(golden.bytes, { registry, mapping: 'exact', unknownGlobals: 'inert', ...golden.load })
  for (const protocol of ALL as readonly (0 | 1 | 2 | 3 | 4 | 5)[]) {
    if (protocol === golden.protocol) continue
    try {
      written.set(protocol, dumps(value, { registry, ...golden.dump, protocol }))
    } catch (error) {
      if (!isPickleError(error, 'reference') || protocol > 2) throw error
      counts.refused++
    }
  }
  return written
}

describe.skipIf(python === undefined)('at every other protocol', () => {
  test.each(TOPICS)('%s', async (topic) => {
    const files: { golden: Golden; written: Map<number, Uint8Array> }[] = []
    for (const golden of goldenFiles(topic)) {
      try {
        files.push({ golden, written: others(golden) })
      } catch (error) {
        if (!isPickleError(error, 'surrogate-pair')) throw error
        counts.surrogates++
      }
    }
    const folder = JSON.stringify(fileURLToPath(new URL('../../../scripts/fixtures', import.meta.url)))
    const described = files.map(({ golden, written }) => ({ ...golden.python3, protocols: [...written.keys()] }))
    const code = `FOLDER = ${folder}\nFILES = __import__('json').loads(${JSON.stringify(JSON.stringify(described))})\n${ALIKE}`
    const blobs = files.flatMap(({ golden, written }) => [golden.bytes, ...written.values()])
    const { value } = await (python as NonNullable<typeof python>).run<(boolean | null)[]>(code, blobs)
    const names = files.flatMap(({ golden, written }) => [...written.keys()].map((p) => `${golden.path} at ${p}`))
    expect(value.length).toBe(names.length)
    expect(names.filter((_, i) => value[i] === false)).toEqual([])
    counts.alike += value.filter((same) => same === true).length
    counts.unread += value.filter((same) => same === null).length
  })

  test('nearly all were compared', () => {
    expect(counts.alike).toBeGreaterThan(20 * (counts.unread + counts.refused + counts.surrogates))
  })
})

afterAll(() => {
  if (python === undefined) return
  console.log(
    `golden files at other protocols: ${counts.alike} read alike; ${counts.unread} that this CPython does not read, ` +
      `${counts.refused} of references that the protocol cannot write, ${counts.surrogates} files of two surrogates as two code points`,
  )
})
