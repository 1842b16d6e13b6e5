import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Dot {
  readonly size: number
  constructor(size: number) {
    this.size = size
  }
}

class Line {
  readonly from: unknown
  readonly to: unknown
  constructor(from: unknown, to: unknown) {
    this.from = from
    this.to = to
  }
}

export default {
  wrong: 'it has a record that no sample uses, so nothing is known of it',
  caughtBy: 'coverage',
  teaches: ['no sample builds shapes.Line', "add one: samples: [{ name: '…', make: () => new Line(…) }]"],
  plugin: definePlugin({
    id: 'broken/drawings',
    types: [
      pyType({
        module: 'shapes',
        name: 'Dot',
        class: Dot,
        args: ['int'],
        create: ([size], { check }) => new Dot(check.int(size, 'size')),
        reduce: ({ size }) => ({ args: [size] }),
      }),
      pyType({
        module: 'shapes',
        name: 'Line',
        class: Line,
        args: ['any', 'any'],
        create: ([from, to]) => new Line(from, to),
        reduce: ({ from, to }) => ({ args: [from, to] }),
      }),
    ],
  }),
  samples: [{ name: 'a dot', make: () => new Dot(3) }],
} satisfies BrokenPlugin
