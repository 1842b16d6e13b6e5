/** Plugins as authors write them, in other styles: the kit finds nothing in them, either. */
import {
  definePlugin,
  GlobalRef,
  type LoadContext,
  notMine,
  type Plugin,
  pyType,
  type ReduceValue,
  reduceEx,
  reducer,
  Tuple,
} from '@pickle-ts/pickle-core'
import type { ReducerCheckOptions } from '@pickle-ts/pickle-core/testing'

/** A plugin, its record and its reducer are objects of classes, as a DI container gives them: all members come from prototypes. */
class Kelvin {
  readonly degrees: number
  /** A function of its own in each object. */
  readonly warm = (): boolean => this.degrees > 300
  constructor(degrees: number) {
    this.degrees = degrees
  }
}
class KelvinRecord {
  get module(): string {
    return 'physics'
  }
  get name(): string {
    return 'Kelvin'
  }
  get class(): typeof Kelvin {
    return Kelvin
  }
  get args(): readonly ['float|int'] {
    return ['float|int']
  }
  create([degrees]: readonly unknown[], { check }: LoadContext): Kelvin {
    return this.of(check.float(degrees, 'degrees'))
  }
  of(degrees: number): Kelvin {
    return new Kelvin(degrees)
  }
}
class KelvinReducer {
  readonly #global = new GlobalRef('physics', 'Kelvin')
  get class(): typeof Kelvin {
    return Kelvin
  }
  reduce({ degrees }: Kelvin): ReduceValue {
    return { callable: this.#global, args: [degrees] }
  }
}
class KelvinPlugin implements Plugin {
  get id(): string {
    return 'good/kelvin'
  }
  get types(): readonly KelvinRecord[] {
    return [new KelvinRecord()]
  }
  get reducers(): readonly KelvinReducer[] {
    return [new KelvinReducer()]
  }
}
const kelvin = new KelvinPlugin()

/** It extends the other, has an extension code, and a class that carries its own reducer. */
class Reading {
  readonly place: string
  readonly value: unknown
  constructor(place: string, value: unknown) {
    this.place = place
    this.value = value
  }
  [reduceEx](): ReduceValue {
    return { callable: new GlobalRef('physics', 'Reading'), args: [this.place, this.value] }
  }
}
const readings = definePlugin({
  id: 'good/readings',
  extends: [kelvin],
  types: [
    pyType({
      module: 'physics',
      name: 'Reading',
      class: Reading,
      args: ['str', (value) => value instanceof Kelvin],
      create: ([place, value], { check }) => new Reading(check.str(place, 'place'), value),
    }),
  ],
  extensionCodes: [{ code: 241, module: 'physics', name: 'Reading' }],
})

/** A plugin beside the one that it takes a class over from. */
class Price {
  readonly amount: number
  readonly currency: string
  constructor(amount: number, currency: string) {
    this.amount = amount
    this.currency = currency
    Object.freeze(this)
  }
}
const prices = (id: string, more: Partial<Plugin>, isSwapped: boolean): Plugin =>
  definePlugin({
    id,
    ...more,
    types: [
      pyType({
        module: 'shop',
        name: 'Price',
        class: Price,
        args: ['any', 'any'],
        create: (args, { check }) => {
          const [amount, currency] = isSwapped ? args.toReversed() : args
          return new Price(check.float(amount, 'amount'), check.str(currency, 'currency'))
        },
        reduce: ({ amount, currency }) => ({ args: isSwapped ? [currency, amount] : [amount, currency] }),
      }),
    ],
  })

/** Functions and constants by name. */
const double = (x: number): number => 2 * x
const ORIGIN = Object.freeze(new Price(0, 'EUR'))
class Task {
  readonly run: unknown
  constructor(run: unknown) {
    this.run = run
  }
}
const tasks = definePlugin({
  id: 'good/tasks',
  types: [
    pyType({ module: 'jobs', name: 'double', value: double }),
    pyType({ module: 'jobs', name: 'ORIGIN', value: ORIGIN }),
    pyType({
      module: 'jobs',
      name: 'Task',
      class: Task,
      args: ['global'],
      create: ([run]) => new Task(run),
      reduce: ({ run }) => ({ args: [run] }),
    }),
  ],
})

/** A base that passes on, a subclass of its own, and a form that only Python writes. */
class Shape {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
class Circle extends Shape {
  readonly radius: number
  constructor(name: string, radius: number) {
    super(name)
    this.radius = radius
  }
}
const circleArgs = { min: 1, max: 2, rest: 'any' } as const
const shapes = definePlugin({
  id: 'good/shapes',
  types: [
    pyType({
      module: 'geometry',
      name: 'Shape',
      class: Shape,
      args: ['str'],
      create: ([name], { check }) => new Shape(check.str(name, 'name')),
      reduce: (shape) => (Object.getPrototypeOf(shape) === Shape.prototype ? { args: [shape.name] } : notMine),
    }),
    pyType({
      module: 'geometry',
      name: 'Circle',
      class: Circle,
      args: circleArgs,
      create: ([name, radius = 1], { check }) => new Circle(check.str(name, 'name'), check.float(radius, 'radius')),
      reduce: ({ name, radius }) => ({ args: [name, radius] }),
    }),
    pyType({
      module: 'geometry',
      name: 'unit_circle',
      opcodes: ['reduce'],
      args: [],
      create: () => new Circle('unit', 1),
    }),
  ],
})

/** Typed arrays of several types, readonly or not, in a private field; and scratch memory that is nobody's business. */
const KINDS = { f: Float32Array, d: Float64Array, h: Int16Array, q: BigInt64Array } as const
type Numbers = InstanceType<(typeof KINDS)[keyof typeof KINDS]>
class Tensor {
  readonly #data: Numbers
  readonly shape: readonly number[]
  readonly readonly: boolean
  readonly scratch = new Float64Array(8)
  constructor(data: Numbers, shape: readonly number[], readonly = false) {
    this.#data = data
    this.shape = shape
    this.readonly = readonly
  }
  get data(): Numbers {
    return this.#data
  }
}
const tensors = definePlugin({
  id: 'good/tensors',
  types: [
    pyType({
      module: 'tensors',
      name: 'Tensor',
      class: Tensor,
      opcodes: ['reduce'],
      args: ['str', 'tuple', 'buffer', 'int'],
      create([kind, shape, buffer, start], ctx) {
        const { check } = ctx
        const code = check.str(kind, 'kind')
        if (!Object.hasOwn(KINDS, code)) throw new Error(`there is no kind ${code}`)
        const type = KINDS[code as keyof typeof KINDS]
        const dimensions = Array.from(check.tuple(shape, 'shape'), (size) => check.int(size, 'a dimension'))
        if (dimensions.some((size) => size < 0)) throw new Error('a dimension is negative')
        const count = dimensions.reduce((product, size) => product * size, 1)
        const { memory, byteOffset, byteLength, readonly } = ctx.memoryOf(buffer)
        const offset = check.int(start, 'offset')
        const size = count * type.BYTES_PER_ELEMENT
        if (offset < 0 || !(offset + size <= byteLength)) throw new Error('the tensor lies outside of its memory')
        const bytes = new Uint8Array(memory, byteOffset + offset, size)
        const own = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice()
        return new Tensor(new type(own.buffer as ArrayBuffer, own.byteOffset, count), dimensions, readonly)
      },
      reduce({ data, shape, readonly }, ctx) {
        const kind = Object.entries(KINDS).find(([, type]) => data instanceof type)?.[0]
        const { buffer, offset } = ctx.shareView(data.buffer, data.byteOffset, data.byteLength, { readonly })
        return { args: [kind, Tuple.from(shape), buffer, offset] }
      },
    }),
  ],
})

/** A state setter: the state reaches the object by a call. */
class Knob {
  level = 0
}
const setter = new GlobalRef('knobs', 'set_level')
const knobs = definePlugin({
  id: 'good/knobs',
  types: [
    pyType({ module: 'knobs', name: 'Knob', class: Knob, opcodes: ['newobj'], args: [], create: () => new Knob() }),
    pyType({
      module: 'knobs',
      name: 'set_level',
      opcodes: ['reduce'],
      args: [(knob) => knob instanceof Knob, 'int'],
      create: ([knob, level], { check }) => {
        ;(knob as Knob).level = check.int(level, 'level')
        return null
      },
    }),
  ],
  reducers: [
    reducer(Knob, ({ level }) => ({
      callable: new GlobalRef('knobs', 'Knob'),
      args: [],
      construct: 'newobj',
      state: level,
      stateSetter: setter,
    })),
  ],
})

const mutations = { count: 100 }
const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
const price = { name: 'a price', make: () => new Price(1.5, 'EUR') }

export const STYLES: Readonly<Record<string, ReducerCheckOptions>> = {
  'objects of classes, with members on their prototypes': {
    plugin: kelvin,
    mutations,
    samples: [{ name: 'a temperature', make: () => new Kelvin(293.15) }],
  },
  'a class with [reduceEx], a plugin that extends another, an extension code': {
    plugin: readings,
    mutations,
    samples: [{ name: 'a reading', make: () => new Reading('Zürich 🏔', new Kelvin(280)) }],
  },
  'a class taken over, beside its first owner': {
    plugins: [prices('good/better', { replaces: { 'good/prices': [Price] } }, true), prices('good/prices', {}, false)],
    mutations,
    samples: [price],
  },
  'a class taken over from a plugin that it extends': {
    plugin: prices(
      'good/better',
      { replaces: { 'good/prices': [['shop', 'Price']] }, extends: [prices('good/prices', {}, false)] },
      true,
    ),
    mutations,
    samples: [price],
  },
  'functions and constants by name': {
    plugin: tasks,
    mutations,
    samples: [
      { name: 'a task', make: () => new Task(double) },
      { name: 'a constant', value: ORIGIN },
    ],
  },
  'subclasses, notMine, and a form that only others write': {
    plugin: shapes,
    mutations,
    samples: [
      { name: 'shapes', make: () => [new Shape('any'), new Circle('c', 2.5)] },
      {
        name: 'a unit circle',
        make: () => new Circle('unit', 1),
        // 'geometry' 'unit_circle' called without arguments; and Circle('unit'), of an earlier version.
        pickles: [
          hex('80048c0867656f6d657472798c0b756e69745f636972636c659329522e'),
          hex('80048c0867656f6d657472798c06436972636c65938c04756e697485522e'),
        ],
      },
    ],
  },
  'typed arrays of several types in a private field': {
    plugin: tensors,
    mutations,
    samples: [
      {
        name: 'floats',
        make: () => new Tensor(Float32Array.of(1, -0, 2.5, Number.NaN), [2, 2]),
        grown: () => new Tensor(new Float32Array(10_000), [100, 100]),
      },
      { name: 'readonly ints', make: () => new Tensor(Int16Array.of(1, -2), [2], true) },
      { name: 'bigints', make: () => new Tensor(BigInt64Array.of(1n, -(2n ** 63n)), [1, 2]) },
      { name: 'nothing', make: () => new Tensor(new Float64Array(0), [0, 3]) },
      {
        name: 'three on one memory',
        make: () => {
          const all = Float64Array.of(1, 2, 3, 4)
          return [new Tensor(all, [4]), new Tensor(all.subarray(1, 3), [2]), new Tensor(all.subarray(2), [2], true)]
        },
      },
    ],
  },
  'a state setter': {
    plugin: knobs,
    mutations,
    samples: [{ name: 'a knob', make: () => Object.assign(new Knob(), { level: 3 }) }],
  },
}
