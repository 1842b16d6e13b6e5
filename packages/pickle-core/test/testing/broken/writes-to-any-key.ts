import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Options {
  [name: string]: unknown
}

export default {
  wrong: '`setState` writes to whatever key the file names, `__proto__` too',
  caughtBy: 'hostile state',
  teaches: ['what loads is an Options', 'it has another prototype', 'never write to o[key]'],
  plugin: definePlugin({
    id: 'broken/options',
    types: [
      pyType({
        module: 'config',
        name: 'Options',
        class: Options,
        args: [],
        state: 'dict',
        create: () => new Options(),
        setState: (options, state, { check }) => {
          for (const [name, value] of check.dict(state, 'state')) options[String(name)] = value
        },
        reduce: ({ color, size }) => ({ args: [], state: { color, size } }),
      }),
    ],
  }),
  samples: [{ name: 'options', make: () => Object.assign(new Options(), { color: 'red', size: 3 }) }],
} satisfies BrokenPlugin
