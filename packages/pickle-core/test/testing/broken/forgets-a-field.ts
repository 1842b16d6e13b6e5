import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Length {
  readonly value: number
  readonly unit: string
  constructor(value: number, unit: string) {
    this.value = value
    this.unit = unit
  }
}

export default {
  wrong: '`reduce` does not give the unit, so every length comes back in metres',
  caughtBy: 'round trip',
  teaches: ['sample "a mile", protocol 0, in band', '$.unit is "m", not "mile"', '`reduce` must give all'],
  plugin: definePlugin({
    id: 'broken/lengths',
    types: [
      pyType({
        module: 'lengths',
        name: 'Length',
        class: Length,
        args: ['float|int'],
        create: ([value], { check }) => new Length(check.float(value, 'value'), 'm'),
        reduce: ({ value }) => ({ args: [value] }),
      }),
    ],
  }),
  samples: [{ name: 'a mile', make: () => new Length(1, 'mile') }],
} satisfies BrokenPlugin
