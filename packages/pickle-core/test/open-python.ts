import { afterAll } from 'vitest'
import { PYTHON_COMMAND, Python } from './python.ts'

/**
 * The Python of a test file, closed when the file is done. Without one the tests that need it are skipped, and the reason
 * is printed. In CI (`CI=true`) it has to be there.
 */
export async function openPython(): Promise<Python | undefined> {
  try {
    const python = await Python.start(PYTHON_COMMAND)
    afterAll(() => python.close())
    return python
  } catch (error) {
    if (process.env['CI'] === 'true' || process.env['CI'] === '1') throw error
    console.warn(`skipped: the tests that compare with Python; ${PYTHON_COMMAND} did not start (${String(error)})`)
    return undefined
  }
}
