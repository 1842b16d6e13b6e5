import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'
import { Track } from '../track.ts'

export default {
  wrong: 'the memory is written into the pickle, number by number',
  caughtBy: 'out of band',
  teaches: [
    'the 16 bytes at $.samples travel as a buffer',
    'no buffer',
    'ctx.shareView(o.data.buffer',
    "memory: 'any'",
  ],
  plugin: definePlugin({
    id: 'broken/tracks',
    types: [
      pyType({
        module: 'music',
        name: 'Track',
        class: Track,
        args: ['list'],
        create: ([data], { check }) => {
          return new Track(Float64Array.from(check.list(data, 'samples'), (sample) => check.float(sample, 'a sample')))
        },
        reduce: ({ samples }) => ({ args: [[...samples]] }),
      }),
    ],
  }),
  samples: [{ name: 'a track', make: () => new Track(Float64Array.of(1, 2)) }],
} satisfies BrokenPlugin
