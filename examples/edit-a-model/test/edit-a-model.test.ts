/** The example with NumPy alone; the other libraries are in `libraries.matrix.ts`, for `npm run matrix`. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Library } from '../src/library.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const python = process.env['PICKLE_TS_PYTHON']
const hasNumPy = python !== undefined && 'version' in (new Library(python).list()['numpy'] ?? {})
if (!hasNumPy) console.warn('skipped: the example, because there is no Python with NumPy')

describe.skipIf(!hasNumPy)('edit a model', () => {
  test('a NumPy array is opened, changed and written back', () => {
    const command = ['--conditions=@pickle-ts/source', '--no-warnings', MAIN, 'numpy']
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toContain('float64 0 0.2 0.4')
    expect(stdout).toContain('written back unchanged: the same bytes, equal')
    expect(stdout).toContain('changed: array[0][1] from 0.2 to 10.2')
    expect(stdout).toContain('numpy says: changed by 10; all else as it was')
    expect(status).toBe(0)
  })

  test('a library that is not there is named', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--conditions=@pickle-ts/source', MAIN, 'tensorflow'], {
      encoding: 'utf8',
    })
    expect(stderr).toContain('tensorflow: not in this Python. It has numpy')
    expect(status).toBe(1)
  })
})
