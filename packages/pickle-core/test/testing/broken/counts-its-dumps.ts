import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Account {
  readonly balance: number
  saved = 0
  constructor(balance: number) {
    this.balance = balance
  }
}

export default {
  wrong: '`reduce` counts in the object how often it was written',
  caughtBy: 'purity',
  teaches: ['a dump leaves the value as it was', '$.saved is 1 afterwards', '`reduce` only reads'],
  plugin: definePlugin({
    id: 'broken/accounts',
    types: [
      pyType({
        module: 'bank',
        name: 'Account',
        class: Account,
        args: ['int'],
        create: ([balance], { check }) => new Account(check.int(balance, 'balance')),
        reduce: (account) => {
          account.saved++
          return { args: [account.balance] }
        },
      }),
    ],
  }),
  samples: [{ name: 'an account', make: () => new Account(100) }],
} satisfies BrokenPlugin
