import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Basket {
  readonly owner: string
  constructor(owner: string) {
    this.owner = owner
  }
}

const made = new Map<string, Basket>()

export default {
  wrong: '`create` keeps what it made, so two baskets of one owner become one',
  caughtBy: 'sharing',
  teaches: [
    'two objects that are equal load as two objects',
    'one object in both places',
    'return a new object for each call',
  ],
  plugin: definePlugin({
    id: 'broken/baskets',
    types: [
      pyType({
        module: 'shop',
        name: 'Basket',
        class: Basket,
        args: ['str'],
        create: ([name], { check }) => {
          const owner = check.str(name, 'owner')
          const basket = made.get(owner) ?? new Basket(owner)
          made.set(owner, basket)
          return basket
        },
        reduce: ({ owner }) => ({ args: [owner] }),
      }),
    ],
  }),
  samples: [{ name: 'a basket', make: () => new Basket('Ada') }],
} satisfies BrokenPlugin
