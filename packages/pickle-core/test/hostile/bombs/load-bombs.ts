/**
 * Loads every bomb, at so many times its size, in a process of little memory; prints what came of it and how much memory it took. The
 * parent looks at the numbers: a bomb that is no bomb takes its input a few times over.
 */
import { PickleError } from '../../../src/errors.ts'
import { loads } from '../../../src/read/loads.ts'
import { BOMBS } from './bombs.ts'

const collect = (globalThis as { gc?: () => void }).gc
if (collect === undefined) throw new Error('run this with --expose-gc')

/** Bytes in use, of the heap and of buffers. */
function used(): number {
  collect?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const scale = Number(process.argv[2])
for (const { name, make, n, options } of BOMBS) {
  const pickle = Buffer.from(make(scale * n), 'latin1')
  const before = used()
  let outcome = 'value'
  let kept: unknown
  try {
    kept = loads(pickle, options)
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    outcome = error.code
  }
  const taken = used() - before
  // What was loaded is alive until here.
  if (kept === collect) throw new Error('impossible')
  process.stdout.write(
    `${JSON.stringify({ name, bytes: pickle.length, outcome, taken, most: process.resourceUsage().maxRSS * 1024 })}\n`,
  )
}
