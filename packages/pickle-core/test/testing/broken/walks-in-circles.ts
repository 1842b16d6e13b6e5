import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Link {
  next: Link | null = null
  static to(next: Link | null): Link {
    return Object.assign(new Link(), { next })
  }
}

function countFrom(link: Link | null): number {
  return link === null ? 0 : 1 + countFrom(link.next)
}

export default {
  wrong: '`reduce` counts the links of a chain, and a chain may be closed',
  caughtBy: 'cycles',
  teaches: [
    'cycles through chains.Link: its state has it for next, and dumped again',
    'Maximum call stack size exceeded',
    'the codec follows them, and stops at what it has seen',
  ],
  plugin: definePlugin({
    id: 'broken/chains',
    types: [
      pyType({
        module: 'chains',
        name: 'Link',
        class: Link,
        args: [],
        state: 'dict',
        create: () => new Link(),
        setState: (link, state, { check }) => {
          const next = check.dict(state, 'state').get('next')
          if (next !== null && !(next instanceof Link)) throw new Error('next is a Link or None')
          link.next = next
        },
        reduce: (link) => ({ args: [], state: { next: link.next, length: countFrom(link) } }),
      }),
    ],
  }),
  samples: [{ name: 'a chain', make: () => Link.to(Link.to(null)) }],
} satisfies BrokenPlugin
