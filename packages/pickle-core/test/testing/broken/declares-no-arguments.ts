import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Pair {
  readonly left: number
  readonly right: string
  constructor(left: number, right: string) {
    this.left = left
    this.right = right
  }
}

export default {
  wrong: 'the record does not say what its arguments are, so `create` gets whatever a file holds',
  caughtBy: 'declaration',
  teaches: ['declaration of pairs.Pair', '`args` is missing', "args: ['int', 'str']", 'To take anything on purpose'],
  plugin: definePlugin({
    id: 'broken/pairs',
    types: [
      pyType({
        module: 'pairs',
        name: 'Pair',
        class: Pair,
        create: ([left, right], { check }) => new Pair(check.int(left, 'left'), check.str(right, 'right')),
        reduce: ({ left, right }) => ({ args: [left, right] }),
      }),
    ],
  }),
  samples: [{ name: 'a pair', make: () => new Pair(1, 'one') }],
} satisfies BrokenPlugin
