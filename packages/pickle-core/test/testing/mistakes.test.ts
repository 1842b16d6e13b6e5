/** Mistakes that authors of plugins make: which check finds each, and what its message says. */
import { definePlugin, type LoadContext, type Plugin, pyType, Tuple, type TypeRecord } from '@pickle-ts/pickle-core'
import { reducerChecks, type Sample } from '@pickle-ts/pickle-core/testing'
import { expect, test } from 'vitest'
import { Box, box, dumpsWith, full } from './box.ts'
import { expectCaught, type Mistake } from './expect-caught.ts'

/** Numbers on a grid, with the shape that most plugins have. */
class Grid {
  readonly width: number
  readonly height: number
  readonly data: Float64Array
  constructor(width: number, height: number, data: Float64Array) {
    this.width = width
    this.height = height
    this.data = data
  }
}

/** What `create` makes of the memory, if it is right. */
function cells(buffer: unknown, start: unknown, count: number, ctx: LoadContext): Float64Array {
  const { memory, byteOffset, byteLength, readonly } = ctx.memoryOf(buffer)
  const offset = ctx.check.int(start, 'start')
  if (offset < 0 || count < 0 || offset + 8 * count > byteLength) throw new Error('the cells lie outside of the memory')
  const bytes = new Uint8Array(memory, byteOffset + offset, 8 * count)
  const own = readonly || bytes.byteOffset % 8 !== 0 ? bytes.slice() : bytes
  return new Float64Array(own.buffer, own.byteOffset, count)
}

function grid(record: Partial<TypeRecord<Grid>> = {}, read: typeof cells = cells): Plugin {
  const whole = pyType<Grid>({
    module: 'grids',
    name: 'Grid',
    class: Grid,
    args: ['int', 'int', 'buffer', 'int'],
    create: ([width, height, buffer, start], ctx) => {
      const [columns, rows] = [ctx.check.int(width, 'width'), ctx.check.int(height, 'height')]
      return new Grid(columns, rows, read(buffer, start, columns * rows, ctx))
    },
    reduce: ({ width, height, data }, ctx) => {
      const { buffer, offset } = ctx.shareView(data.buffer, data.byteOffset, data.byteLength)
      return { args: [width, height, buffer, offset] }
    },
    ...record,
  })
  return definePlugin({ id: 'grids', types: [whole] })
}
/** Square, and whole memory: nothing in it shows what is mixed up. */
const square: Sample = { name: 'a grid', make: () => new Grid(2, 2, Float64Array.of(1, 2, 3, 4)) }

const align = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 8 === 0 ? bytes : bytes.slice())
const doublesOf = (bytes: Uint8Array, count = bytes.byteLength >> 3): Float64Array => {
  const own = align(bytes)
  return new Float64Array(own.buffer, own.byteOffset, count)
}
const scratch = new Float64Array(1_000)

const setContent = (target: Box, state: ReadonlyMap<unknown, unknown>): void => {
  target.content = state.get('content')
}

/** A box whose content is its state. */
const stateBox = (setState: (box: Box, state: ReadonlyMap<unknown, unknown>, ctx: LoadContext) => void): Plugin =>
  box({
    args: [],
    state: 'dict',
    create: () => new Box(null),
    setState: (target, state, ctx) => setState(target, ctx.check.dict(state, 'state'), ctx),
    reduce: ({ content }) => ({ args: [], state: { content } }),
  })

const zeros = box({
  args: ['int'],
  create: ([count], { check }) => new Box(new Array(check.int(count, 'count')).fill(0)),
  reduce: ({ content }) => ({ args: [(content as number[]).length] }),
})

const mistakes: readonly Mistake[] = [
  {
    wrong: 'a bound that is wrong by one',
    kind: 'hostile arguments',
    teaches: ['argument 1 is 3', 'Invalid typed array length', 'must fit the memory'],
    options: {
      plugin: grid({}, (buffer, start, count, ctx) => {
        const { memory, byteOffset, byteLength } = ctx.memoryOf(buffer)
        const offset = ctx.check.int(start, 'start')
        if (offset < 0 || count < 0 || offset + 8 * (count - 2) > byteLength) throw new Error('outside')
        return doublesOf(new Uint8Array(memory, byteOffset + offset, 8 * count))
      }),
      samples: [square],
    },
  },
  {
    wrong: 'as many items as the file says',
    kind: 'hostile arguments',
    teaches: ['argument 1 is 2**24', 'takes at most 64 MiB', 'a number in a file is no reason to allocate'],
    options: { plugin: zeros, samples: [{ name: 'two zeros', make: () => new Box([0, 0]) }] },
  },
  {
    wrong: 'a list that is emptied when it is taken',
    kind: 'round trip',
    teaches: ['sharing of what boxes.Box is given', '$[0] is missing; it was 1n', 'copy it and change the copy'],
    options: {
      plugin: box({
        args: ['list'],
        create: ([content], { check }) => new Box((check.list(content, 'content') as unknown[]).splice(0)),
      }),
      samples: [{ name: 'a list', make: () => new Box([1, 2]) }],
    },
  },
  {
    wrong: 'an offset that may be negative',
    kind: 'hostile arguments',
    teaches: ['argument 4 is', 'Start offset -', 'must fit the memory'],
    options: {
      plugin: grid({}, (buffer, start, count, ctx) => {
        const { memory, byteOffset, byteLength } = ctx.memoryOf(buffer)
        const offset = ctx.check.int(start, 'start')
        if (count < 0 || offset + 8 * count > byteLength) throw new Error('outside')
        return doublesOf(new Uint8Array(memory, byteOffset + offset, 8 * count))
      }),
      samples: [square],
    },
  },
  {
    wrong: '`byteOffset` of ctx.memoryOf is forgotten',
    kind: 'out of band',
    teaches: ['at an odd offset of a larger memory', '$.data.bytes is', 'stay between byteOffset'],
    options: {
      plugin: grid({}, (buffer, start, count, ctx) => {
        cells(buffer, start, count, ctx)
        return doublesOf(new Uint8Array(ctx.memoryOf(buffer).memory, ctx.check.int(start, 'start'), 8 * count))
      }),
      samples: [square],
    },
  },
  {
    wrong: '`byteLength` of ctx.memoryOf is forgotten',
    kind: 'out of band',
    teaches: ['of a larger memory', '$.content.bytes is', 'stay between byteOffset'],
    options: {
      plugin: box({
        args: ['buffer'],
        create: ([data], ctx) => {
          const { memory, byteOffset } = ctx.memoryOf(data)
          return new Box(doublesOf(new Uint8Array(memory, byteOffset)))
        },
        reduce: ({ content }, ctx) => {
          const { buffer, byteOffset, byteLength } = content as Float64Array
          return { args: [ctx.shareView(buffer, byteOffset, byteLength).buffer] }
        },
      }),
      samples: [
        {
          name: 'numbers',
          make: () => new Box(Float64Array.of(1, 2)),
        },
      ],
    },
  },
  {
    wrong: 'the offset that ctx.shareView gives is forgotten',
    kind: 'sharing',
    teaches: [
      'two objects over one memory',
      'the second of two objects whose memory overlaps',
      '$.data.bytes is',
      'const { buffer, offset }',
    ],
    options: {
      plugin: grid({
        reduce: ({ width, height, data }, ctx) => {
          return { args: [width, height, ctx.shareView(data.buffer, data.byteOffset, data.byteLength).buffer, 0] }
        },
      }),
      samples: [square],
    },
  },
  {
    wrong: 'the whole ArrayBuffer is written in place of the view',
    kind: 'sharing',
    teaches: ['two objects over one memory', 'the second of two', '$.data.bytes is', 'a view is not its memory'],
    options: {
      plugin: grid({
        reduce: ({ width, height, data }, ctx) => {
          return { args: [width, height, ctx.shareView(data.buffer, 0, data.buffer.byteLength).buffer, 0] }
        },
      }),
      samples: [square],
    },
  },
  {
    wrong: 'memory that `create` keeps between calls',
    kind: 'sharing',
    teaches: ['two values with memory of their own', '$.data of both is one memory', 'keeps no memory between calls'],
    options: {
      plugin: grid({}, (buffer, start, count, ctx) => {
        const made = scratch.subarray(0, count)
        made.set(cells(buffer, start, count, ctx))
        return made
      }),
      samples: [square],
    },
  },
  {
    wrong: 'width and height change places',
    kind: 'round trip',
    teaches: ['whatever it holds: argument 1 is 0', '$.height is 0, not 2', '`reduce` must keep it'],
    options: {
      plugin: grid({
        reduce: ({ width, height, data }, ctx) => {
          const { buffer, offset } = ctx.shareView(data.buffer, data.byteOffset, data.byteLength)
          return { args: [height, width, buffer, offset] }
        },
      }),
      samples: [square],
    },
  },
  {
    wrong: 'a float that is whole is written as an int, which the record refuses',
    kind: 'round trip',
    teaches: ['argument 1 is 2.0', 'argument 1 must be float, found an int', "a field for any number is 'float|int'"],
    options: {
      plugin: box({ args: ['float'], create: ([x], { check }) => new Box(check.float(x, 'x')) }),
      samples: [{ name: 'a half', make: () => new Box(0.5) }],
    },
  },
  {
    wrong: 'the sign of zero is lost in `reduce`',
    kind: 'round trip',
    teaches: ['argument 1 is -0.0', '$.content is 0, not -0'],
    options: {
      plugin: box({
        args: ['float|int'],
        create: ([x], { check }) => new Box(check.float(x, 'x')),
        reduce: ({ content }) => ({ args: [(content as number) + 0] }),
      }),
      samples: [{ name: 'a half', make: () => new Box(0.5) }],
    },
  },
  {
    wrong: 'a bigint that becomes a number in `reduce`',
    kind: 'round trip',
    teaches: ['argument 1 is 2**53', 'no Number(…) of a bigint'],
    options: {
      plugin: box({
        args: ['int'],
        create: ([n], { check }) => new Box(check.bigint(n, 'n')),
        reduce: ({ content }) => ({ args: [Number(content)] }),
      }),
      samples: [{ name: 'one', make: () => new Box(1n) }],
    },
  },
  {
    wrong: 'text that is written byte by byte',
    kind: 'round trip',
    teaches: ["argument 1 is 'Zürich", '$.content is'],
    options: {
      plugin: box({
        args: ['str'],
        create: ([text], { check }) => new Box(check.str(text, 'text')),
        reduce: ({ content }) => ({
          args: [String.fromCharCode(...Array.from(content as string, (c) => c.charCodeAt(0) & 255))],
        }),
      }),
      samples: [full],
    },
  },
  {
    wrong: 'a state that is left out where it is empty',
    kind: 'round trip',
    teaches: ['the state is 0', '$.content is null, not 0', 'x || undefined'],
    options: {
      plugin: box({
        args: [],
        state: 'any',
        create: () => new Box(null),
        setState: (target, state) => {
          target.content = state
        },
        reduce: ({ content }) => ({ args: [], state: content || undefined }),
      }),
      samples: [full],
    },
  },
  {
    wrong: 'Object.assign with a state, which is no plain object under the exact mapping',
    kind: 'round trip',
    teaches: ["mapping 'exact'", '$.content is null, not "full"'],
    options: {
      plugin: box({
        args: [],
        state: 'dict',
        create: () => new Box(null),
        setState: (target, state) => void Object.assign(target, state),
        reduce: ({ content }) => ({ args: [], state: { content } }),
      }),
      samples: [full],
    },
  },
  {
    wrong: '`setState` copies a list that gets its items later',
    kind: 'cycles',
    teaches: [
      'it stands in the list that is its state at content',
      '$.content[0] is missing',
      'Keep the list that is given',
    ],
    options: {
      plugin: stateBox((target, state, { check }) => {
        target.content = [...check.list(state.get('content'), 'content')]
      }),
      samples: [{ name: 'a list', make: () => new Box([1]) }],
    },
  },
  {
    wrong: '`setState` copies a dict that gets its items later',
    kind: 'cycles',
    teaches: [
      'it stands in the dict that is its state at content',
      '$.content.self is missing',
      'Keep the dict that is given',
    ],
    options: {
      plugin: box({
        args: [],
        state: 'dict',
        create: () => new Box(null),
        setState: (target, state, { check }) => {
          target.content = new Map(check.dict(check.dict(state, 'state').get('content'), 'content'))
        },
        reduce: ({ content }) => ({ args: [], state: { content } }),
      }),
      samples: [{ name: 'a dict', make: () => new Box(new Map([['a', 1]])) }],
    },
  },
  {
    wrong: 'the time of the dump in the state',
    kind: 'equal bytes',
    teaches: ['dumped twice', 'a time'],
    options: {
      plugin: box({
        args: [],
        state: 'dict',
        create: () => new Box('full'),
        setState: (_, state, { check }) => void check.int(check.dict(state, 'state').get('time'), 'time'),
        reduce: () => ({ args: [], state: { time: Date.now() } }),
      }),
      samples: [full],
    },
  },
  {
    wrong: 'dict items in another order',
    kind: 'round trip',
    teaches: ['$.content has its parts in another order'],
    options: {
      plugin: box({
        args: [],
        create: () => new Box(new Map()),
        setItem: ({ content }, key, value) => void (content as Map<unknown, unknown>).set(key, value),
        reduce: ({ content }) => ({ args: [], dictItems: [...(content as Map<string, unknown>)].sort() }),
      }),
      samples: [{ name: 'two entries', make: () => new Box(new Map([...'ba'].map((key) => [key, key]))) }],
    },
  },
  {
    wrong: 'a call for a record that allows `newobj` alone',
    kind: 'round trip',
    teaches: ['may not be built by REDUCE', "list the opcode in the record: opcodes: ['reduce', 'newobj']"],
    options: {
      plugin: box({ opcodes: ['newobj'], reduce: ({ content }) => ({ args: [content], construct: 'reduce' }) }),
      samples: [full],
    },
  },

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

test('the grid and the box are right where nothing is made wrong', async () => {
  const options = [
    { plugin: grid(), samples: [square] },
    { plugin: stateBox(setContent), samples: [full] },
  ]
  const ran = options.flatMap((one) => reducerChecks(one).map(({ run }) => run()))
  expect(await Promise.all(ran)).toEqual(ran.map(() => undefined))
})

test('where a load takes as much memory as a file says, changed pickles are not tried: they could end the process', async () => {
  const checks = reducerChecks({ plugin: zeros, samples: [{ name: 'two zeros', make: () => new Box([0, 0]) }] })
  const ran = new Map<string, unknown>()
  for (const { kind, run } of checks) ran.set(kind, await run().catch(() => 'failed'))
  expect(ran.get('hostile arguments')).toBe('failed')
  expect(ran.get('hostile bytes')).toContain('not run: another check found')
})
