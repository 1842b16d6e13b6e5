import { type ReducerCheckOptions, reducerChecks } from './reducer-checks.ts'

/** The hostile checks make some thousand loads each. On a busy machine that is more than the five seconds of vitest. */
const TIMEOUT = 60_000

/** What is needed of vitest; pass the module itself. */
export interface VitestLike {
  describe(name: string, body: () => void): unknown
  test(name: string, body: (context: { skip(note?: string): unknown }) => Promise<void>, timeout?: number): unknown
  expect(value: unknown): { toBeUndefined(): void }
}

/**
 * The checks of {@link reducerChecks} as tests of vitest. What is skipped says why in the report.
 *
 * @example
 * ```ts
 * import { definePlugin, inertPlugin } from '@pickle-ts/pickle-core'
 * import { describeWithVitest, type VitestLike } from '@pickle-ts/pickle-core/testing'
 * const vitest: VitestLike = { describe: (name) => console.log(name), test: () => {}, expect: () => ({ toBeUndefined() {} }) }
 * // In a test file: import * as vitest from 'vitest'
 * describeWithVitest(vitest, 'points', {
 *   plugin: definePlugin({ id: 'points' }),
 *   samples: [{ name: 'a list', value: [1, 2] }],
 * })
 * // points
 * ```
 */
export function describeWithVitest(vitest: VitestLike, name: string, options: ReducerCheckOptions): void {
  vitest.describe(name, () => {
    for (const check of reducerChecks(options)) {
      vitest.test(
        check.name,
        async ({ skip }) => {
          const skipped = await check.run()
          if (skipped !== undefined) skip(skipped)
          // A runner may demand that each test asserts something.
          vitest.expect(skipped).toBeUndefined()
        },
        TIMEOUT,
      )
    }
  })
}
