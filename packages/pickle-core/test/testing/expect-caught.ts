/** Whether a check of the kit finds a mistake, and says what to change. */
import { type CheckKind, type ReducerCheckOptions, reducerChecks } from '@pickle-ts/pickle-core/testing'
import { expect } from 'vitest'

/** A plugin with a mistake in it. */
export interface Mistake {
  readonly wrong: string
  /** The check that finds it. */
  readonly kind: CheckKind
  /** What the message says, in this order. */
  readonly teaches: readonly string[]
  readonly options: ReducerCheckOptions
}

/** Runs the checks of this kind; the first that fails must teach. */
export async function expectCaught({ kind, teaches, options }: Mistake): Promise<void> {
  const failures: string[] = []
  for (const check of reducerChecks(options)) {
    if (check.kind === kind) await check.run().catch((error: Error) => failures.push(error.message))
  }
  expect(failures).not.toEqual([])
  let from = 0
  const message = failures[0] as string
  for (const text of teaches) {
    const at = message.indexOf(text, from)
    expect(at, `${JSON.stringify(text)} in\n${message}`).toBeGreaterThanOrEqual(from)
    from = at + text.length
  }
}
