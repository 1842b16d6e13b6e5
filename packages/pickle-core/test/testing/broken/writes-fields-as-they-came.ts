import { definePlugin, pyType } from '@pickle-ts/pickle-core'
import type { BrokenPlugin } from '../broken-plugin.ts'

class Color {
  declare red: number
  declare green: number
  declare blue: number
}

export default {
  wrong:
    'the state has the fields in the order in which they were set, which is not the order in which `setState` sets them',
  caughtBy: 'equal bytes',
  teaches: ['dumped, loaded, and dumped', "UNICODE 'red' is now UNICODE 'blue'", 'and not { ...o }'],
  plugin: definePlugin({
    id: 'broken/colors',
    types: [
      pyType({
        module: 'colors',
        name: 'Color',
        class: Color,
        args: [],
        state: 'dict',
        create: () => new Color(),
        setState: (color, state, { check }) => {
          const fields = check.dict(state, 'state')
          color.blue = check.int(fields.get('blue'), 'blue')
          color.green = check.int(fields.get('green'), 'green')
          color.red = check.int(fields.get('red'), 'red')
        },
        reduce: (color) => ({ args: [], state: { ...color } }),
      }),
    ],
  }),
  samples: [{ name: 'orange', make: () => Object.assign(new Color(), { red: 255, green: 165, blue: 0 }) }],
} satisfies BrokenPlugin
