/** Counts the steps of each load and each dump, and compares them with the bound. */
import type { Meter } from './run.ts'

/** The most that one of them took. */
export interface Worst {
  /** Steps by the bound. */
  share: number
  steps: number
  bytes: number
  index: number
}

/** Steps that an input of this size may cost. */
export function stepBound(bytes: number): number {
  return 64 * bytes + 10_000
}

/** Reads the counter of scripts/instrument/steps.mjs. */
export class StepMeter implements Meter {
  readonly worst: { readonly loads: Worst; readonly dumps: Worst } = {
    loads: { share: 0, steps: 0, bytes: 0, index: -1 },
    dumps: { share: 0, steps: 0, bytes: 0, index: -1 },
  }
  readonly #steps: { count: number }

  constructor(steps: { count: number }) {
    this.#steps = steps
  }

  begin(): void {
    this.#steps.count = 0
  }

  end(what: 'loads' | 'dumps', pickle: Uint8Array, index: number): void {
    const steps = this.#steps.count
    const share = steps / stepBound(pickle.length)
    const worst = this.worst[what]
    if (share > worst.share) Object.assign(worst, { share, steps, bytes: pickle.length, index })
  }
}
