import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Weekday {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((name) => ({ name }))

export default {
  wrong: '`create` looks at the start of a text and trusts the rest',
  caughtBy: 'hostile bytes',
  teaches: [
    'changed pickles of sample "a Tuesday", number ',
    "Cannot read properties of undefined (reading 'name')",
    "the input: b'",
    'run it alone: reducerChecks({ …, mutations: { seed: 1, from: ',
    'ranges, lengths, formats of texts',
  ],
  plugin: definePlugin({
    id: 'broken/weekdays',
    types: [
      pyType({
        module: 'calendar',
        name: 'Weekday',
        class: Weekday,
        args: ['str'],
        create: ([code], { check }) => {
          const text = check.str(code, 'code')
          if (!text.startsWith('day-')) throw new Error('a weekday is written as day-0 to day-6')
          return new Weekday((DAYS[Number(text.slice(4))] as { name: string }).name)
        },
        reduce: ({ name }) => ({ args: [`day-${DAYS.findIndex((day) => day.name === name)}`] }),
      }),
    ],
  }),
  samples: [{ name: 'a Tuesday', make: () => new Weekday('Tuesday') }],
} satisfies BrokenPlugin
