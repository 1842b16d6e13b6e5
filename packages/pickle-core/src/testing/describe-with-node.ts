import { type ReducerCheckOptions, reducerChecks } from './reducer-checks.ts'

/** What is needed of `node:test`; pass the module itself. */
export interface NodeTestLike {
  describe(name: string, body: () => void): unknown
  test(name: string, body: (context: { skip(message?: string): void }) => Promise<void>): unknown
}

/**
 * The checks of {@link reducerChecks} as tests of Node's own runner. What is skipped says why in the report.
 *
 * @example
 * ```ts
 * import * as nodeTest from 'node:test'
 * import { definePlugin } from '@pickle-ts/pickle-core'
 * import { describeWithNode } from '@pickle-ts/pickle-core/testing'
 * describeWithNode(nodeTest, 'no plugin to speak of', {
 *   plugin: definePlugin({ id: 'nothing' }),
 *   samples: [{ name: 'a list', make: () => [1, 2] }],
 * })
 * ```
 */
export function describeWithNode(nodeTest: NodeTestLike, name: string, options: ReducerCheckOptions): void {
  nodeTest.describe(name, () => {
    for (const check of reducerChecks(options)) {
      nodeTest.test(check.name, async (context) => {
        const skipped = await check.run()
        if (skipped !== undefined) context.skip(skipped)
      })
    }
  })
}
