/** docs/ownership.md: the table of what Python sees, row by row, with a real Python. `docs.test.ts` runs the examples of the page. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dumps, PickleBuffer } from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { PYTHON_COMMAND } from './python.ts'

/** Says of a loaded value what the cells say: what it is, whose memory it has, and whether NumPy may write to it. */
const JUDGE = `
import pickle, sys
import numpy
pickled, given = bytes.fromhex(sys.argv[1]), eval(sys.argv[2])
value = pickle.loads(pickled, buffers=None if given is None else [given])
array = numpy.frombuffer(value, 'u1')
shares = given is not None and numpy.shares_memory(array, numpy.frombuffer(given, 'u1'))
words = ['the same'] if value is given else ['readonly'] if isinstance(value, memoryview) and value.readonly else []
print(*words, type(value).__name__, end='|')
print('the passed one' if shares else 'its own', 'writable' if array.flags.writeable else 'readonly', sep='|')
`

const page = readFileSync(new URL('../../../docs/ownership.md', import.meta.url), 'utf8')
const section = page.split(/^## /m).find((text) => text.startsWith('What Python sees'))
const rows = [...(section ?? '').matchAll(/^\| (.*) \|$/gm)]
  .map(([, cells]) => cells?.replaceAll('`', '').split(' | ') as [string, string, string, string, string])
  .slice(1)

const found = spawnSync(PYTHON_COMMAND, ['-c', 'import numpy'])
const hasNumPy = found.status === 0
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1'
if (!hasNumPy && !ci) console.warn(`skipped: what Python sees, because ${PYTHON_COMMAND} has no NumPy`)

describe.skipIf(!hasNumPy && !ci)('what Python sees', () => {
  test('the page has a table', () => expect(rows).toHaveLength(5))

  test.each(rows)('%s passed, %s here: %s, %s, %s', (passed, written, loaded, memory, numpy) => {
    const buffer = new PickleBuffer(Uint8Array.of(1, 2, 3), { readonly: written === 'readonly' })
    const isInBand = passed.startsWith('nothing')
    const pickle = dumps(buffer, isInBand ? {} : { bufferCallback: [] })
    const given = isInBand ? 'None' : `${passed}([1, 2, 3])`
    const args = ['-c', JUDGE, Buffer.from(pickle).toString('hex'), given]
    const { stdout, stderr } = spawnSync(PYTHON_COMMAND, args, { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout.trim()).toBe([loaded.replace(/^an? /, ''), memory, numpy].join('|'))
  })
})
