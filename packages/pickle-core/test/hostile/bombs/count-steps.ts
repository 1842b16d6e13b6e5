/** Runs the bombs and prints what share of the bound their steps are: a child, under scripts/instrument/hook.mjs. */
import { PickleError } from '../../../src/errors.ts'
import { loads } from '../../../src/read/loads.ts'
import { stepBound } from '../fuzz/step-meter.ts'
import { BOMBS } from './bombs.ts'

const steps = (globalThis as unknown as { __steps: { count: number } }).__steps

/** A load alone: what it does, and how many steps it takes. */
function measure(pickle: Uint8Array, options: object | undefined): { outcome: string; steps: number } {
  steps.count = 0
  try {
    loads(pickle, options)
    return { outcome: 'value', steps: steps.count }
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    return { outcome: error.code, steps: steps.count }
  }
}

for (const { name, make, n, options } of BOMBS) {
  for (const size of [Math.ceil(n / 10), n]) {
    const pickle = Buffer.from(make(size), 'latin1')
    const { outcome, steps: taken } = measure(pickle, options)
    const share = taken / stepBound(pickle.length)
    process.stdout.write(`${JSON.stringify({ name, bytes: pickle.length, outcome, steps: taken, share })}\n`)
  }
}
