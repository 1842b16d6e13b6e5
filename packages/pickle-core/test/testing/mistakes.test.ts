/** Mistakes that authors of plugins make: which check finds each, and what its message says. */
import { definePlugin, pyType, Tuple } from '@pickle-ts/pickle-core'
import { test } from 'vitest'
import { Box, box, dumpsWith, full } from './box.ts'
import { expectCaught, type Mistake } from './expect-caught.ts'

const mistakes: readonly Mistake[] = [
  {
    wrong: 'a Tuple where the class has an array',
    kind: 'round trip',
    teaches: ['$.content is Tuple of 2, not Array of 2', "Array.from(ctx.check.tuple(v, 'shape'), (n) =>"],
    options: {
      plugin: box({
        args: ['tuple'],
        create: ([content], { check }) => new Box(check.tuple(content, 'content').map((one) => check.int(one, 'one'))),
        reduce: ({ content }) => ({ args: [Tuple.from(content as number[])] }),
      }),
      samples: [{ name: 'a shape', make: () => new Box([2, 3]) }],
    },
  },
  {
    wrong: 'a pickle of others that loads as something else',
    kind: 'round trip',
    teaches: ['from pickles[1]', "mapping 'native'", '$ is 1, not a Box'],
    options: {
      plugin: box(),
      samples: [{ ...full, pickles: [dumpsWith(box(), new Box('full')), dumpsWith(box(), 1)] }],
    },
  },
  {
    wrong: 'a pickle of others that does not load',
    kind: 'round trip',
    teaches: ['from pickles[0]', 'the pickle that the sample gives loads', 'UnpicklingError'],
    options: { plugin: box(), samples: [{ ...full, pickles: [Uint8Array.of(0x80, 4)] }] },
  },
  {
    wrong: 'a form that only others write, without a pickle of theirs',
    kind: 'coverage',
    teaches: ['no sample builds boxes.open_box', 'If only others write it', 'pickles: [Buffer.from('],
    options: {
      plugins: [
        box(),
        definePlugin({
          id: 'open',
          types: [
            pyType({ module: 'boxes', name: 'open_box', opcodes: ['reduce'], args: [], create: () => new Box(null) }),
          ],
        }),
      ],
      samples: [full],
    },
  },
]

test.each(mistakes)('$kind: $wrong', expectCaught)
