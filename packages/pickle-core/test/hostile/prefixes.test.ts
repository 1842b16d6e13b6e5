/** What is cut off is an error that says so, wherever it is cut: no prefix of a pickle is a value, and none asks for a global early. */
import { expect, test } from 'vitest'
import { PickleError } from '../../src/errors.ts'
import type { LoadOptions } from '../../src/read/load-options.ts'
import { loads } from '../../src/read/loads.ts'
import { corpus, goldenFiles } from './fuzz/corpus.ts'
import { parseOps } from './fuzz/ops.ts'
import { withoutStacks } from './fuzz/without-stacks.ts'

/** Files up to this size are cut at every byte, larger ones around every opcode. */
const WHOLE = 4096

/** The sizes at which a pickle is cut. */
function cuts(pickle: Uint8Array): Iterable<number> {
  if (pickle.length <= WHOLE) return pickle.keys()
  const sizes = new Set<number>()
  let end = 0
  for (const { bytes } of parseOps(pickle)) {
    end += bytes.length
    for (const size of [end - 1, end, end + 1]) if (size < pickle.length) sizes.add(size)
  }
  return sizes
}

const OPTIONS: readonly LoadOptions[] = [
  { unknownGlobals: 'inert' },
  { unknownGlobals: 'inert', mapping: 'exact', strict: false, encoding: 'latin1' },
]

/** What a prefix gives: the code of its error, or `value`. */
function outcome(prefix: Uint8Array, options: LoadOptions): string {
  try {
    loads(prefix, options)
    return 'value'
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    return error.code
  }
}

test('every prefix of every good pickle is an error', { timeout: 300_000 }, () => {
  const named = [...goldenFiles(), ...corpus().map((pickle, i) => [`corpus ${i}`, pickle] as const)]
  const codes = new Map<string, number>()
  const values: string[] = []
  const seen = new Set<string>()
  let count = 0
  for (const [name, pickle] of named) {
    const key = Buffer.from(pickle).toString('latin1')
    if (seen.has(key)) continue
    seen.add(key)
    const whole = OPTIONS[seen.size % OPTIONS.length] as LoadOptions
    withoutStacks(() => {
      for (const size of cuts(pickle)) {
        const code = outcome(pickle.subarray(0, size), whole)
        codes.set(code, (codes.get(code) ?? 0) + 1)
        count++
        if (code === 'value') values.push(`${name} cut to ${size}`)
      }
    })
  }
  console.log(`${count} prefixes of ${seen.size} pickles: ${[...codes].map((entry) => entry.join(' ')).join(', ')}`)
  expect(seen.size).toBeGreaterThan(200)
  // Nothing has its STOP but the whole of it.
  expect(values).toEqual([])
})
