import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'
import { carried, doubles } from '../good.ts'
import { Track } from '../track.ts'

export default {
  wrong: '`create` takes readonly memory, and the object forgets that it is readonly',
  caughtBy: 'readonly',
  teaches: ['loaded from readonly buffers', 'buffer 0 of it is writable', 'readonly ? bytes.slice() : bytes'],
  plugin: definePlugin({
    id: 'broken/tracks',
    types: [
      pyType({
        module: 'music',
        name: 'Track',
        class: Track,
        args: ['buffer'],
        create: ([data], ctx) => new Track(doubles(data, ctx).samples),
        reduce: ({ samples }, { protocol }) => ({ args: [carried(samples, false, protocol)] }),
      }),
    ],
  }),
  samples: [{ name: 'a track', make: () => new Track(Float64Array.of(1, 2)) }],
} satisfies BrokenPlugin
