import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'
import { carried, doubles } from '../good.ts'
import { Track } from '../track.ts'

export default {
  wrong: '`create` copies the memory that it is given',
  caughtBy: 'zero copy',
  teaches: [
    "a byte that is written to buffer 0 shows in what loads (mapping 'native')",
    'there are two memories, so the bytes were copied',
    'copy only where it is readonly or not aligned',
  ],
  plugin: definePlugin({
    id: 'broken/tracks',
    types: [
      pyType({
        module: 'music',
        name: 'Track',
        class: Track,
        args: ['buffer'],
        create: ([data], ctx) => new Track(doubles(data, ctx).samples.slice()),
        reduce: ({ samples }, { protocol }) => ({ args: [carried(samples, false, protocol)] }),
      }),
    ],
  }),
  samples: [{ name: 'a track', make: () => new Track(Float64Array.of(1, 2)) }],
} satisfies BrokenPlugin
