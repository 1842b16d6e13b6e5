/**
 * A real file of each library: opened without its classes, one number changed, written back, and the library loads it and behaves
 * accordingly. What is not changed has the same bytes.
 */
import { dumps, loads, type PyObject } from '@pickle-ts/pickle-core'
import { afterAll, describe, expect, test } from 'vitest'
import { DELTA, EDITS } from '../src/edits.ts'
import { Library, type Protocol } from '../src/library.ts'

const python = process.env['PICKLE_TS_PYTHON']
const library = python === undefined ? undefined : new Library(python)
const here = library?.list() ?? []
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1'
const counts = { same: 0, again: 0 }

afterAll(() => {
  console.log(
    `${counts.same} files of ${here.join(', ')} are written as they were read; CPython itself does so for ${counts.again} of them`,
  )
})

describe.each(Object.keys(EDITS))('%s', (name) => {
  const isHere = here.includes(name)
  if (!isHere && !ci) console.warn(`skipped: ${name} is not in this Python`)

  test.skipIf(!isHere && !ci).each<Protocol>([2, 3, 4, 5, 'default'])('at protocol %s', (protocol) => {
    if (library === undefined || !isHere) throw new Error(`${name} is not in this Python, and CI needs it`)
    const before = library.make(name, protocol)
    // The second byte says what Python's default is: 4, or 5 from 3.14 on.
    const written = { protocol: before[1] as 2 | 3 | 4 | 5 }
    const object = loads<PyObject>(before, { mapping: 'exact', unknownGlobals: 'inert' })

    const unchanged = dumps(object, written)
    const same = Buffer.compare(unchanged, before) === 0
    const { again } = library.judge(name, protocol, before, unchanged)
    expect(same || !again).toBe(true)
    if (same) counts.same++
    if (again) counts.again++

    EDITS[name]?.(object)
    const verdict = library.judge(name, protocol, before, dumps(object, written))
    expect(verdict).toMatchObject({ changed: [DELTA], rest: true })
  })
})
