import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Banner {
  readonly text: string
  readonly #pixels: Uint8Array
  constructor(text: string) {
    this.text = text
    this.#pixels = new Uint8Array(text.length * 16_384)
  }
  get width(): number {
    return this.#pixels.length / 64
  }
}

export default {
  wrong: '`create` takes 16 kB for each character of a text of any length',
  caughtBy: 'hostile arguments',
  teaches: [
    "argument 1 is 'x' * 20_000",
    'takes at most 64 MiB',
    'it took 31',
    'no reason to allocate',
    'ctx.budget.spend(n)',
  ],
  plugin: definePlugin({
    id: 'broken/banners',
    types: [
      pyType({
        module: 'signs',
        name: 'Banner',
        class: Banner,
        args: ['str'],
        create: ([text], { check }) => new Banner(check.str(text, 'text')),
        reduce: ({ text }) => ({ args: [text] }),
      }),
    ],
  }),
  samples: [{ name: 'a banner', make: () => new Banner('hello') }],
} satisfies BrokenPlugin
