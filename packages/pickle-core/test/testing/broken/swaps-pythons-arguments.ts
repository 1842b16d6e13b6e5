import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Ratio {
  readonly numerator: number
  readonly denominator: number
  constructor(numerator: number, denominator: number) {
    this.numerator = numerator
    this.denominator = denominator
  }
}

export default {
  wrong: 'the arguments stand in another order than in Python; here both sides agree, there the number is another',
  caughtBy: 'python',
  teaches: [
    'in Python: x == Fraction(1, 3)',
    'it is False; x is Fraction(3, 1)',
    'in the order in which Python takes them',
  ],
  pythonPrelude: 'from fractions import Fraction',
  plugin: definePlugin({
    id: 'broken/ratios',
    types: [
      pyType({
        module: 'fractions',
        name: 'Fraction',
        class: Ratio,
        args: ['int', 'int'],
        create: ([denominator, numerator], { check }) => {
          return new Ratio(check.int(numerator, 'numerator'), check.int(denominator, 'denominator'))
        },
        reduce: ({ numerator, denominator }) => ({ args: [denominator, numerator] }),
      }),
    ],
  }),
  samples: [{ name: 'a third', make: () => new Ratio(1, 3), python: 'x == Fraction(1, 3)' }],
} satisfies BrokenPlugin
