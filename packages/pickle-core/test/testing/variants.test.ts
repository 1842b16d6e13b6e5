/** The other ways to fail each check: one plugin for each message of the kit. */
import {
  ByteArray,
  definePlugin,
  GlobalRef,
  PickleBuffer,
  pyType,
  type Reduction,
  reducer,
} from '@pickle-ts/pickle-core'
import { expect, test } from 'vitest'
import { Box, box, full, memoryBox, numbers } from './box.ts'
import { expectCaught, type Mistake } from './expect-caught.ts'
import { carried, doubles } from './good.ts'

class Hidden {
  readonly #data: Float64Array
  constructor(data: Float64Array) {
    this.#data = data
  }
  get first(): number | undefined {
    return this.#data[0]
  }
  copy(): Float64Array {
    return this.#data.slice()
  }
}

let counter = 0
let isBusy = false
const original = Array.prototype.copyWithin

const variants: readonly Mistake[] = [
  {
    wrong: 'a class that nothing writes',
    kind: 'round trip',
    teaches: ['it can be written', 'cannot pickle', 'add `class` and `reduce` to its record'],
    options: { plugin: box({ reduce: undefined as never }), samples: [full] },
  },
  {
    wrong: 'a PickleBuffer at every protocol',
    kind: 'round trip',
    teaches: [
      'protocol 0, in band',
      'a PickleBuffer exists from protocol 5 on',
      'ctx.shareView',
      'ctx.protocol >= 5 ?',
    ],
    options: {
      plugin: memoryBox({ reduce: ({ content }) => ({ args: [new PickleBuffer(content as Float64Array)] }) }),
      samples: [numbers],
    },
  },
  {
    wrong: 'numbers that are taken as they come',
    kind: 'round trip',
    teaches: ["mapping 'exact'", 'Cannot mix BigInt', 'ctx.check.int(v, …)'],
    options: {
      plugin: box({ args: ['int'], create: ([content]) => new Box((content as number) + 1 - 1) }),
      samples: [{ name: 'one', make: () => new Box(1) }],
    },
  },
  {
    wrong: 'a sample that cannot be made',
    kind: 'round trip',
    teaches: ['it threw: Error: no', 'the sample, not the plugin'],
    options: {
      plugin: box(),
      samples: [
        {
          name: 'nothing',
          make: () => {
            throw new Error('no')
          },
        },
      ],
    },
  },
  {
    wrong: '`equals` that says no',
    kind: 'round trip',
    teaches: ['`equals` of the sample says no'],
    options: { plugin: box(), samples: [{ ...full, equals: () => false }] },
  },
  {
    wrong: 'a reducer that copies what the object holds',
    kind: 'sharing',
    teaches: ['the object in the field content stays one object', 'two objects', 'args: [o.content]'],
    options: {
      plugin: box({
        reduce: ({ content }) => ({ args: [content instanceof Box ? new Box(content.content) : content] }),
      }),
      samples: [{ name: 'a box in a box', make: () => new Box(new Box('full')) }],
    },
  },
  {
    wrong: 'views on one memory that are written one by one',
    kind: 'sharing',
    teaches: ['$[0].content and $[1].content', 'two pieces of memory', 'ctx.shareView(o.data.buffer'],
    options: {
      plugin: memoryBox(),
      samples: [
        {
          name: 'two views',
          make: () => {
            const all = Float64Array.of(1, 2, 3)
            return [new Box(all.subarray(0, 2)), new Box(all.subarray(1))]
          },
        },
      ],
    },
  },
  {
    wrong: 'a state that is walked when it is set',
    kind: 'cycles',
    teaches: ['its state has it for content', 'Maximum call stack', 'Do not walk it'],
    options: {
      plugin: box({
        args: [],
        state: 'dict',
        create: () => new Box(null),
        setState: (target, state, { check }) => {
          const walk = (value: unknown): void => {
            if (value instanceof Box) walk(value.content)
          }
          target.content = check.dict(state, 'state').get('content')
          walk(target)
        },
        reduce: ({ content }) => ({ args: [], state: { content } }),
      }),
      samples: [full],
    },
  },
  {
    wrong: 'readonly memory that is written as bytearray',
    kind: 'readonly',
    teaches: [
      'protocol 0, in band',
      'buffer 0 of the sample is readonly',
      'it is writable',
      'ctx.memoryOf(v).readonly',
    ],
    options: {
      plugin: box({
        args: ['buffer'],
        create: ([data], ctx) => {
          const { memory, byteOffset, byteLength, readonly } = ctx.memoryOf(data)
          return new Box(new PickleBuffer(new Uint8Array(memory, byteOffset, byteLength), { readonly }))
        },
        reduce: ({ content }, { protocol }) => {
          const buffer = content as PickleBuffer
          return { args: [protocol >= 5 ? buffer : new ByteArray(buffer.raw())] }
        },
      }),
      samples: [{ name: 'readonly', make: () => new Box(new PickleBuffer(Uint8Array.of(1, 2), { readonly: true })) }],
    },
  },
  {
    wrong: 'memory that is written twice',
    kind: 'out of band',
    teaches: [
      'with `grown`',
      'grows by at most 64 bytes',
      'more bytes in the pickle, 7976 more beside it',
      'no second time',
    ],
    options: {
      plugin: memoryBox({
        args: ['buffer', 'list'],
        reduce: ({ content }, { protocol }) => {
          const samples = content as Float64Array
          return { args: [carried(samples, false, protocol), [...samples]] }
        },
      }),
      samples: [{ ...numbers, grown: () => new Box(new Float64Array(1_000)) }],
    },
  },
  {
    wrong: 'memory that must be aligned',
    kind: 'out of band',
    teaches: ['buffers at an odd offset', 'should be a multiple of 8', 'copy what is not aligned'],
    options: {
      plugin: memoryBox({
        create: ([data], ctx) => {
          const { memory, byteOffset, byteLength } = ctx.memoryOf(data)
          return new Box(new Float64Array(memory, byteOffset, byteLength / 8))
        },
      }),
      samples: [numbers],
    },
  },
  {
    wrong: 'a reducer that copies memory',
    kind: 'zero copy',
    teaches: [
      'an ArrayBuffer of the sample ($.content)',
      'another ArrayBuffer of 24 bytes: a copy',
      'not o.data.slice()',
    ],
    options: {
      plugin: memoryBox({
        reduce: ({ content }, { protocol }) => ({
          args: [carried((content as Float64Array).slice(), false, protocol)],
        }),
      }),
      samples: [numbers],
    },
  },
  {
    wrong: 'a reducer that copies memory which nobody sees',
    kind: 'zero copy',
    teaches: ['a byte that is written to buffer 0 shows in the object that was dumped', 'it does not'],
    options: {
      plugin: definePlugin({
        id: 'hidden',
        types: [
          pyType({
            module: 'hidden',
            name: 'Hidden',
            class: Hidden,
            args: ['buffer'],
            create: ([data], ctx) => new Hidden(doubles(data, ctx).samples),
            reduce: (hidden, { protocol }) => ({ args: [carried(hidden.copy(), false, protocol)] }),
          }),
        ],
      }),
      samples: [{ name: 'hidden', make: () => new Hidden(Float64Array.of(1)) }],
    },
  },
  {
    wrong: 'a number that differs each time',
    kind: 'equal bytes',
    teaches: ['dumped twice', 'nothing that differs each time (a counter'],
    options: {
      plugin: box({ args: ['any', 'int'], reduce: ({ content }) => ({ args: [content, counter++] }) }),
      samples: [full],
    },
  },
  {
    wrong: 'items that are taken out when they are written',
    kind: 'purity',
    teaches: ['a dump leaves the value as it was', '$.content is Array of 0 afterwards', '`reduce` only reads'],
    options: {
      plugin: box({ reduce: ({ content }) => ({ args: [(content as unknown[]).splice(0)] }) }),
      samples: [{ name: 'a queue', make: () => new Box([1, 2]) }],
    },
  },
  {
    wrong: 'a reducer that gives something else the second time',
    kind: 'purity',
    teaches: ['gives the same each time', '$.args[1] is', 'no counters'],
    options: {
      plugin: box({ args: ['any', 'int'], reduce: ({ content }) => ({ args: [content, counter++] }) }),
      samples: [full],
    },
  },
  {
    wrong: 'a merge that follows any key',
    kind: 'hostile state',
    teaches: ['no input changes a prototype', 'polluted is new', 'never write to o[key]'],
    options: {
      plugin: box({
        args: [],
        state: 'dict',
        create: () => new Box({}),
        setState: (target, state, { check }) => {
          const merge = (into: Record<string, unknown>, from: unknown): void => {
            for (const [key, value] of check.dict(from, 'a part')) {
              const known = into[key as string]
              const isDeeper = (typeof known === 'object' || typeof known === 'function') && known !== null
              if (isDeeper) merge(known as Record<string, unknown>, value)
              else into[key as string] = value
            }
          }
          merge(target.content as Record<string, unknown>, state)
        },
        reduce: ({ content }) => ({ args: [], state: content }),
      }),
      samples: [{ name: 'settings', make: () => new Box({ size: 1 }) }],
    },
  },
  {
    wrong: 'a plugin that changes the language',
    kind: 'hostile arguments',
    teaches: ['no input changes the language', 'copyWithin is not as it was'],
    options: {
      plugin: box({
        args: ['str'],
        create: ([content]) => {
          if (content === '__proto__') Array.prototype.copyWithin = function changed() {} as never
          return new Box(content)
        },
      }),
      samples: [full],
    },
  },
  {
    wrong: 'a plugin that a failed load leaves busy',
    kind: 'hostile state',
    teaches: ['and then sample "a box"', 'what was written loads', 'busy'],
    options: {
      plugin: box({
        args: [],
        state: 'str',
        create: () => {
          if (isBusy) throw new Error('busy')
          isBusy = true
          return new Box(null)
        },
        setState: (target, state) => {
          isBusy = false
          target.content = state
        },
        reduce: ({ content }) => ({ args: [], state: content }),
      }),
      samples: [full],
    },
  },
  {
    wrong: 'keyword arguments that are not declared',
    kind: 'declaration',
    teaches: ['what was written loads', 'there is no keyword argument "lid"', '`args` of the record'],
    options: {
      plugin: box({
        opcodes: ['newobj_ex'],
        reduce: ({ content }) => ({ args: [content], kwargs: new Map([['lid', true]]) }),
      }),
      samples: [full],
    },
  },
  {
    wrong: 'a state that the record does not take',
    kind: 'declaration',
    teaches: ['its record takes none', 'the record needs `setState`'],
    options: { plugin: box({ reduce: ({ content }) => ({ args: [content], state: { lid: true } }) }), samples: [full] },
  },
  {
    wrong: 'a class that comes back as a set',
    kind: 'declaration',
    teaches: ['what a Box is written as, builtins.set', 'the codec owns that global', 'class: Box'],
    options: {
      plugin: definePlugin({
        id: 'sets',
        reducers: [reducer(Box, (): Reduction => ({ callable: new GlobalRef('builtins', 'set'), args: [] }))],
      }),
      samples: [full],
    },
  },
  {
    wrong: 'a global that nobody owns',
    kind: 'declaration',
    teaches: ['what a Box is written as, boxes.Crate', 'no record owns that global'],
    options: {
      plugin: definePlugin({
        id: 'crates',
        reducers: [
          reducer(Box, (): Reduction => {
            const crate = new GlobalRef('boxes', 'Crate')
            return { callable: new GlobalRef('copyreg', '__newobj__'), args: [crate] }
          }),
        ],
      }),
      samples: [full],
    },
  },
  {
    wrong: 'a state of any kind',
    kind: 'declaration',
    teaches: ['`state` is missing', "what a sample gives: state: 'dict'", "state: 'any'"],
    options: {
      plugin: box({
        args: [],
        create: () => new Box(null),
        setState: (target, state, { check }) => {
          target.content = check.dict(state, 'state').get('content')
        },
        reduce: ({ content }) => ({ args: [], state: { content } }),
      }),
      samples: [full],
    },
  },
  {
    wrong: 'a reducer without a sample',
    kind: 'coverage',
    teaches: ['no sample holds a Hidden', 'new Hidden(…)'],
    options: {
      plugin: box({}, { reducers: [reducer(Hidden, () => ({ callable: new GlobalRef('boxes', 'Box'), args: [1] }))] }),
      samples: [full],
    },
  },
  {
    wrong: 'a name without a sample',
    kind: 'coverage',
    teaches: ['no sample refers to boxes.EMPTY'],
    options: {
      plugins: [
        box(),
        definePlugin({
          id: 'names',
          types: [pyType({ module: 'boxes', name: 'EMPTY', opcodes: [], create: () => undefined })],
        }),
      ],
      samples: [full],
    },
  },
]

test.each(variants)('$kind: $wrong', async (variant) => {
  counter = 0
  isBusy = false
  try {
    await expectCaught(variant)
  } finally {
    Array.prototype.copyWithin = original
  }
})

test('what a hostile load added to a prototype is taken away again', () => {
  expect('polluted' in {}).toBe(false)
})
