/** Plugins as they should be; the kit finds nothing in them. */
import {
  ByteArray,
  definePlugin,
  GlobalRef,
  type LoadContext,
  PickleBuffer,
  type Plugin,
  pyType,
  reducer,
  Tuple,
} from '@pickle-ts/pickle-core'
import type { Sample } from '@pickle-ts/pickle-core/testing'

/** A plain class. */
class Point {
  readonly x: number
  readonly y: number
  constructor(x: number, y: number) {
    this.x = x
    this.y = y
  }
}

const points = definePlugin({
  id: 'good/points',
  types: [
    pyType({
      module: 'shapes',
      name: 'Point',
      class: Point,
      args: ['float|int', 'float|int'],
      create: ([x, y], { check }) => new Point(check.float(x, 'x'), check.float(y, 'y')),
      reduce: ({ x, y }) => ({ args: [x, y] }),
    }),
  ],
})

/** A class with a typed array, which it says is readonly where it is. */
class Signal {
  readonly rate: number
  readonly samples: Float64Array
  readonly readonly: boolean
  constructor(rate: number, samples: Float64Array, readonly = false) {
    this.rate = rate
    this.samples = samples
    this.readonly = readonly
  }
}

/** The memory of a value as numbers; copied where it does not lie on a multiple of 8. */
export function doubles(value: unknown, ctx: LoadContext): { samples: Float64Array; readonly: boolean } {
  const { memory, byteOffset, byteLength, readonly } = ctx.memoryOf(value)
  if (byteLength % 8 !== 0) throw new Error(`samples are whole numbers of 8 bytes, found ${byteLength}`)
  const bytes = new Uint8Array(memory, byteOffset, byteLength)
  const own = byteOffset % 8 === 0 ? bytes : bytes.slice()
  return { samples: new Float64Array(own.buffer, own.byteOffset, byteLength / 8), readonly }
}

/** Memory for a pickle: beside it from protocol 5 on, and a copy in it below. */
export function carried(view: ArrayBufferView, readonly: boolean, protocol: number): unknown {
  if (protocol >= 5) return new PickleBuffer(view, { readonly })
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return readonly ? bytes : ByteArray.from(bytes)
}

const signals = definePlugin({
  id: 'good/signals',
  types: [
    pyType({
      module: 'waves',
      name: 'Signal',
      class: Signal,
      opcodes: ['reduce', 'newobj'],
      args: ['int', 'buffer'],
      create: ([rate, data], ctx) => {
        const { samples, readonly } = doubles(data, ctx)
        return new Signal(ctx.check.int(rate, 'rate'), samples, readonly)
      },
      reduce: ({ rate, samples, readonly }, { protocol }) => ({ args: [rate, carried(samples, readonly, protocol)] }),
    }),
  ],
})

/** A class whose objects refer to each other. */
class Person {
  name = ''
  friends: unknown[] = []
  static of(name: string, ...friends: unknown[]): Person {
    return Object.assign(new Person(), { name, friends })
  }
}

const people = definePlugin({
  id: 'good/people',
  types: [
    pyType({
      module: 'people',
      name: 'Person',
      class: Person,
      opcodes: ['newobj'],
      args: [],
      state: 'dict',
      stateRequired: true,
      create: () => new Person(),
      setState: (person, state, { check }) => {
        const fields = check.dict(state, 'state')
        person.name = check.str(fields.get('name'), 'name')
        person.friends = check.list(fields.get('friends'), 'friends') as unknown[]
      },
    }),
  ],
  reducers: [
    reducer(Person, ({ name, friends }, { protocol }) => {
      const state = { name, friends }
      const person = new GlobalRef('people', 'Person')
      if (protocol >= 2) return { callable: person, args: [], construct: 'newobj', state }
      const args = [person, new GlobalRef('builtins', 'object'), null]
      return { callable: new GlobalRef('copyreg', '_reconstructor'), args, state }
    }),
  ],
})

/** What a list is, and its own class. */
class Bag {
  readonly items: unknown[] = []
  static of(...items: unknown[]): Bag {
    const bag = new Bag()
    bag.items.push(...items)
    return bag
  }
}

class Table {
  readonly rows: Map<unknown, unknown> = new Map()
  static of(...rows: [unknown, unknown][]): Table {
    const table = new Table()
    for (const [key, row] of rows) table.rows.set(key, row)
    return table
  }
}

/** A set: CPython gives the items of a subclass as an argument, and ADDITEMS may add more. */
class Crowd {
  readonly members: Set<unknown>
  constructor(members: readonly unknown[]) {
    this.members = new Set(members)
  }
}

const containers = definePlugin({
  id: 'good/containers',
  types: [
    pyType({
      module: 'boxes',
      name: 'Bag',
      class: Bag,
      opcodes: ['newobj'],
      args: [],
      create: () => new Bag(),
      append: (bag, item) => void bag.items.push(item),
      reduce: ({ items }) => ({ args: [], listItems: items }),
    }),
    pyType({
      module: 'boxes',
      name: 'Table',
      class: Table,
      args: [],
      create: () => new Table(),
      setItem: (table, key, row) => void table.rows.set(key, row),
      reduce: ({ rows }) => ({ args: [], dictItems: rows }),
    }),
    pyType({
      module: 'boxes',
      name: 'Crowd',
      class: Crowd,
      args: ['list'],
      create: ([members], { check }) => new Crowd(check.list(members, 'members')),
      addItem: (crowd, member) => void crowd.members.add(member),
      reduce: ({ members }) => ({ args: [[...members]] }),
    }),
  ],
})

/** Keyword arguments, a tuple for a state, an extension code, a name alone. */
class Money {
  readonly amount: bigint
  readonly currency: string
  note: unknown = null
  constructor(amount: bigint, currency: string) {
    this.amount = amount
    this.currency = currency
  }
}

const money = definePlugin({
  id: 'good/money',
  types: [
    pyType({
      module: 'money',
      name: 'Money',
      class: Money,
      opcodes: ['newobj_ex'],
      args: ['int'],
      kwargs: ['currency'],
      state: 'tuple',
      create: ([amount], { check }, kwargs) => {
        return new Money(check.bigint(amount, 'amount'), check.str(kwargs?.get('currency'), 'currency'))
      },
      setState: (money, state, { check }) => {
        money.note = check.tuple(state, 'state')[0] ?? null
      },
      reduce: ({ amount, currency, note }) => ({
        args: [amount],
        kwargs: new Map([['currency', currency]]),
        state: Tuple.of(note),
      }),
    }),
    pyType({ module: 'money', name: 'EUR', opcodes: [], create: () => undefined }),
  ],
  extensionCodes: [{ code: 0xe0, module: 'money', name: 'EUR' }],
})

/** A part of a memory that others may have parts of, too. */
class Stretch {
  readonly data: Float64Array
  readonly readonly: boolean
  constructor(data: Float64Array, readonly = false) {
    this.data = data
    this.readonly = readonly
  }
}

const stretches = definePlugin({
  id: 'good/stretches',
  types: [
    pyType({
      module: 'waves',
      name: 'Stretch',
      class: Stretch,
      args: ['buffer', 'int', 'int'],
      create: ([buffer, start, count], ctx) => {
        const { memory, byteOffset, byteLength, readonly } = ctx.memoryOf(buffer)
        const offset = ctx.check.int(start, 'offset')
        const length = ctx.check.int(count, 'length')
        if (offset < 0 || length < 0 || offset + 8 * length > byteLength)
          throw new Error('a stretch lies in its buffer')
        const first = byteOffset + offset
        if (first % 8 === 0) return new Stretch(new Float64Array(memory, first, length), readonly)
        return new Stretch(new Float64Array(memory.slice(first, first + 8 * length)), readonly)
      },
      reduce: ({ data, readonly }, ctx) => {
        const { buffer, offset } = ctx.shareView(data.buffer, data.byteOffset, data.byteLength, { readonly })
        return { args: [buffer, offset, data.length] }
      },
    }),
  ],
})

/** A plugin and values that use all of it. */
interface Subject {
  readonly plugin: Plugin
  readonly pythonPrelude?: string
  readonly samples: readonly Sample[]
}

const PRELUDE = `
import sys, types, struct
def module(name, **names):
    sys.modules[name] = types.ModuleType(name)
    for key, value in names.items():
        value.__module__, value.__qualname__ = name, key
        setattr(sys.modules[name], key, value)
`

export const GOOD: Readonly<Record<string, Subject>> = {
  'a plain class': {
    plugin: points,
    pythonPrelude: `${PRELUDE}
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
module("shapes", Point=Point)`,
    samples: [
      { name: 'a point', make: () => new Point(1.5, -2), python: '(x.x, x.y) == (1.5, -2)' },
      { name: 'points in containers', make: () => ({ here: new Point(0, 0), there: [new Point(1e300, -0)] }) },
      { name: 'a value that is not made anew', value: new Point(3, 4) },
    ],
  },
  'a class with a typed array, out of band': {
    plugin: signals,
    pythonPrelude: `${PRELUDE}
class Signal:
    def __init__(self, rate, samples):
        self.rate, self.samples = rate, memoryview(samples).cast("B").cast("d")
module("waves", Signal=Signal)`,
    samples: [
      {
        name: 'a signal',
        make: () => new Signal(48_000, Float64Array.of(0, 0.5, 1)),
        grown: () => new Signal(48_000, new Float64Array(100_000)),
        python: 'x.rate == 48000 and list(x.samples) == [0, 0.5, 1] and not x.samples.readonly',
      },
      {
        name: 'a readonly signal',
        make: () => new Signal(8_000, Float64Array.of(1, Number.NaN), true),
        python: 'x.samples[0] == 1 and x.samples.readonly',
      },
      { name: 'an empty signal', make: () => new Signal(1, new Float64Array(0)) },
      { name: 'two signals', make: () => [new Signal(1, Float64Array.of(1)), new Signal(2, Float64Array.of(2, 3))] },
    ],
  },
  'views that share their memory': {
    plugin: stretches,
    samples: [
      {
        name: 'a stretch',
        make: () => new Stretch(new Float64Array(10).fill(7).subarray(2, 5)),
        grown: () => new Stretch(new Float64Array(10_000)),
      },
      { name: 'a readonly stretch', make: () => new Stretch(Float64Array.of(1, 2), true) },
      { name: 'nothing', make: () => new Stretch(new Float64Array(0)) },
      {
        name: 'two that overlap, and one apart',
        make: () => {
          const all = Float64Array.from({ length: 100 }, (_, i) => i)
          return [new Stretch(all.subarray(0, 6)), new Stretch(all.subarray(3, 9)), new Stretch(all.subarray(90))]
        },
      },
    ],
  },
  'a class with state, whose objects refer to each other': {
    plugin: people,
    samples: [
      { name: 'somebody', make: () => Person.of('Ada') },
      {
        name: 'two friends',
        make: () => {
          const ada = Person.of('Ada')
          ada.friends.push(Person.of('Charles', ada), ada)
          return ada
        },
      },
    ],
  },
  'list, dict and set items': {
    plugin: containers,
    samples: [
      { name: 'an empty bag', make: () => new Bag() },
      { name: 'a bag in a bag', make: () => Bag.of(1, 'two', Bag.of(3)) },
      { name: 'a table', make: () => Table.of(['a', 1], [2, 'b']) },
      { name: 'a crowd', make: () => new Crowd(['a', 'b', 3]) },
    ],
  },
  'keyword arguments, a tuple state, a name': {
    plugin: money,
    samples: [
      { name: 'a lot of money', make: () => new Money(2n ** 70n, 'EUR') },
      { name: 'a currency', make: () => new GlobalRef('money', 'EUR') },
    ],
  },
}
