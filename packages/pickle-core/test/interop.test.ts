/**
 * Python to TypeScript and back: objects of classes, sessions, persistent ids, extension codes. The real Python reads and
 * writes the other side; `python/shapes.py` and `shapes.ts` hold the classes.
 */
import {
  createPickle,
  createRegistry,
  type DumpContext,
  type DumpOptions,
  definePlugin,
  dumps,
  Float,
  GlobalRef,
  loads,
  notMine,
  Pickler,
  type PyDict,
  pyType,
  type Reduction,
  reduceEx,
  reducer,
  Tuple,
  Unpickler,
} from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { openPython } from './open-python.ts'
import { ALL } from './rows.ts'
import { difference } from './same.ts'
import {
  ArgsKnot,
  Call,
  CallAll,
  CallDict,
  CallList,
  CallState,
  Extended,
  extensionPlugin,
  Global,
  Knot,
  MyList,
  NewArgs,
  NewArgsEx,
  Point,
  Setter,
  Slotted,
  shapesPlugin,
} from './shapes.ts'

type Protocol = NonNullable<DumpOptions['protocol']>
const PROTOCOLS = ALL as readonly Exclude<Protocol, 'auto'>[]

const python = await openPython()
const pickle = createPickle({ plugins: [shapesPlugin] })
const extended = createPickle({ plugins: [extensionPlugin] })

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** The Python that the skipped tests would need. */
function py(): NonNullable<typeof python> {
  if (python === undefined) throw new Error('no Python')
  return python
}

const withPython = describe.skipIf(python === undefined)
/** From 3.13 on CPython writes NEWOBJ_EX and dotted globals at old protocols otherwise; the reference is 3.11. */
const before313 = python !== undefined && python.version[1] < 13

interface ShapeCase {
  readonly name: string
  readonly expr: string
  readonly make: () => unknown
  /** The protocols at which Python can write it and we read it. */
  readonly protocols?: readonly number[]
  /** The protocols at which our bytes are Python's. Default: all of `protocols`. */
  readonly bytes?: readonly number[]
}

function filled<T extends { items: unknown[] }>(target: T, ...items: unknown[]): T {
  target.items.push(...items)
  return target
}

const SHAPES: readonly ShapeCase[] = [
  { name: 'NEWOBJ with a __dict__', expr: 'Point(1, [2])', make: () => Point.of(1, [2]) },
  {
    name: 'NEWOBJ, two objects with one state',
    expr: "let(lambda s: [Point(s, 'a'), Point(s, 'a')], [])",
    make: () => {
      const shared: unknown[] = []
      return [Point.of(shared, 'a'), Point.of(shared, 'a')]
    },
  },
  { name: 'NEWOBJ with slots', expr: "Slotted('l', None)", make: () => Slotted.of('l', null), protocols: [2, 3, 4, 5] },
  { name: 'REDUCE, 2 parts', expr: "Call(1, 'two', (3,))", make: () => new Call([1, 'two', Tuple.of(3)]) },
  { name: 'REDUCE, 2 parts, no argument', expr: 'Call()', make: () => new Call([]) },
  {
    name: 'REDUCE, 3 parts',
    expr: "with_attribute(CallState(1), 'state', {'k': [1]})",
    make: () => new CallState([1], { k: [1] }),
  },
  { name: 'REDUCE, 3 parts, no state', expr: 'CallState(1)', make: () => new CallState([1]) },
  { name: 'REDUCE, 4 parts', expr: "filled(CallList(), [1, 'a'])", make: () => filled(new CallList(), 1, 'a') },
  { name: 'REDUCE, 4 parts, one item', expr: 'filled(CallList(), [1])', make: () => filled(new CallList(), 1) },
  { name: 'REDUCE, 4 parts, no item', expr: 'CallList()', make: () => new CallList() },
  {
    name: 'REDUCE, 4 parts, batches',
    expr: 'filled(CallList(), range(2001))',
    make: () => filled(new CallList(), ...Array(2001).keys()),
  },
  {
    name: 'REDUCE, 5 parts',
    expr: "filled(CallDict(), (), [('k', 1), (2, 'v')])",
    make: () => {
      const dict = new CallDict()
      dict.entries.push(['k', 1], [2, 'v'])
      return dict
    },
  },
  {
    name: 'REDUCE, 5 parts, batches',
    expr: 'filled(CallDict(), (), [(i, i) for i in range(1001)])',
    make: () => {
      const dict = new CallDict()
      for (let i = 0; i < 1001; i++) dict.entries.push([i, i])
      return dict
    },
  },
  {
    name: 'REDUCE, 5 parts, all of them',
    expr: "filled(with_attribute(CallAll('n'), 'mood', 'good'), [1, 2], [('k', 'v'), ('l', 'w')])",
    make: () => {
      const all = filled(new CallAll('n'), 1, 2)
      all.mood = 'good'
      all.table.push(['k', 'v'], ['l', 'w'])
      return all
    },
  },
  {
    name: 'REDUCE, 6 parts',
    expr: "with_attribute(Setter(1), 'state', ('set',))",
    make: () => new Setter([1], Tuple.of('set')),
  },
  {
    name: 'NEWOBJ with arguments',
    expr: "NewArgs(1, 'b')",
    make: () => new NewArgs([1, 'b']),
    protocols: [2, 3, 4, 5],
  },
  {
    name: 'NEWOBJ_EX',
    expr: "NewArgsEx(1, a=2, b='c')",
    make: () =>
      new NewArgsEx(
        [1],
        new Map<string, unknown>([
          ['a', 2],
          ['b', 'c'],
        ]),
      ),
    bytes: before313 ? ALL : [0, 1, 4, 5],
  },
  { name: 'an object in its own state', expr: 'Knot()', make: () => new Knot() },
  {
    name: 'an object in its own arguments',
    expr: 'args_knot()',
    make: () => {
      const items: unknown[] = []
      const knot = new ArgsKnot(items)
      items.push(knot)
      return knot
    },
  },
  {
    name: 'a list subclass',
    expr: 'filled(MyList(), [1, 2, 3])',
    make: () => filled(new MyList(), 1, 2, 3),
    protocols: [2, 3, 4, 5],
  },
  {
    name: 'an object twice',
    expr: 'let(lambda p: (p, [p]), Point(0, 0))',
    make: () => {
      const point = Point.of(0, 0)
      return Tuple.of<unknown>(point, [point])
    },
  },
  {
    name: 'the class itself, and an object of it',
    expr: '[Point, Point(1, 2), Point]',
    make: () => [Point, Point.of(1, 2), Point],
  },
]

withPython('objects of classes', () => {
  describe.each(SHAPES)('$name', ({ expr, make, protocols = ALL, bytes = protocols }) => {
    test('is read', async () => {
      for (const protocol of protocols) {
        expect(
          difference(pickle.loads(await py().dump(expr, protocol)), make()),
          `protocol ${protocol}`,
        ).toBeUndefined()
      }
      expect(protocols.length).toBeGreaterThan(0)
    })

    test('is written', async () => {
      for (const protocol of protocols) {
        const ours = pickle.dumps(make(), { protocol: protocol as Protocol })
        expect(await py().difference(ours, expr), `protocol ${protocol}`).toBeUndefined()
        if (bytes.includes(protocol))
          expect(text(ours), `protocol ${protocol}`).toBe(text(await py().dump(expr, protocol)))
      }
      expect(await py().difference(pickle.dumps(make()), expr), 'auto').toBeUndefined()
    })
  })

  test('a reducer that returns a string: the object is a global of its module', async () => {
    for (const protocol of PROTOCOLS) {
      const theirs = await py().dump('[THE_ONE, THE_ONE]', protocol)
      const one = new Global('THE_ONE')
      expect(text(pickle.dumps([one, one], { protocol })), `protocol ${protocol}`).toBe(text(theirs))
      expect(await py().difference(theirs, '[THE_ONE, THE_ONE]')).toBeUndefined()
      expect(pickle.loads(theirs)).toEqual([new GlobalRef('shapes', 'THE_ONE'), new GlobalRef('shapes', 'THE_ONE')])
    }
  })

  test('a cycle through a frozenset goes by an object', async () => {
    for (const protocol of [4, 5]) {
      const theirs = await py().dump('frozenset_through_object()', protocol)
      const frozen = pickle.loads<Iterable<Knot>>(theirs)
      const [knot] = frozen
      expect(knot?.me).toBe(frozen)
      expect(await py().difference(pickle.dumps(frozen), 'frozenset_through_object()')).toBeUndefined()
    }
  })

  test('a cycle through a set goes by an object', async () => {
    for (const protocol of PROTOCOLS) {
      const theirs = await py().dump('object_through_set()', protocol)
      const knot = pickle.loads<Knot>(theirs)
      expect((knot.me as Set<unknown>).has(knot)).toBe(true)
      expect(text(pickle.dumps(knot, { protocol })), `protocol ${protocol}`).toBe(text(theirs))
    }
  })

  test('unregistered classes are refused by name', async () => {
    const error = await py()
      .dump('MyDict()', 4)
      .then((bytes) => {
        try {
          return pickle.loads(bytes)
        } catch (refused) {
          return refused
        }
      })
    expect(error).toMatchObject({ code: 'global-not-allowed', module: 'shapes', globalName: 'MyDict' })
    // The message holds the line that would register it.
    expect((error as Error).message).toContain('pyType({ module: "shapes", name: "MyDict"')
  })
})

withPython('round trips with changes on both sides', () => {
  test.each(PROTOCOLS)('protocol %i', async (protocol) => {
    const first = await py().run(
      `value = None
start = {'points': [Point(1, 2.5), Point('a', None)], 'log': ['python'], 'raw': bytearray(b'abc')}
start['again'] = start['points'][0]
out = [pickle.dumps(start, ${protocol})]`,
    )
    const here = pickle.loads<PyDict<string, unknown>>(first.out[0] as Uint8Array, { mapping: 'exact' })
    const points = here.get('points') as Point[]
    expect(here.get('again')).toBe(points[0])
    const log = here.get('log') as unknown[]
    log.push('typescript', points[1])
    const [firstPoint] = points
    if (firstPoint !== undefined) firstPoint.x = [firstPoint, 1n << 70n]
    const raw = here.get('raw') as Uint8Array
    raw[0] = 0x7a
    here.set('new', Tuple.of<unknown>('t', new Float(2), here))
    const second = await py().run(
      `there = pickle.loads(blobs[0])
first = there['points'][0]
assert there['again'] is first and first.x[0] is first and first.x[1] == 1 << 70
assert first.y == 2.5 and type(first.y) is float
assert there['log'] == ['python', 'typescript', there['points'][1]]
assert there['raw'] == bytearray(b'zbc') and type(there['raw']) is bytearray
assert there['new'] == ('t', 2.0, there) if False else there['new'][2] is there
assert type(there['new'][1]) is float
there['points'].append(Point(there['new'], frozenset([1])))
del there['again']
out = [pickle.dumps(there, ${protocol})]`,
      [pickle.dumps(here, { protocol })],
    )
    const back = pickle.loads<PyDict<string, unknown>>(second.out[0] as Uint8Array, { mapping: 'exact' })
    expect([...back.keys()]).toEqual(['points', 'log', 'raw', 'new'])
    const added = (back.get('points') as Point[])[2]
    expect(added?.x).toBe(back.get('new'))
    expect((back.get('new') as Tuple)[2]).toBe(back)
  })
})

withPython('several pickles in one stream', () => {
  test.each(PROTOCOLS)('our Pickler, their Unpickler: the memo goes on, protocol %i', async (protocol) => {
    const chunks: Uint8Array[] = []
    const pickler = new Pickler({ write: (chunk: Uint8Array) => chunks.push(chunk) }, { protocol })
    const shared = ['shared']
    const sizes = [shared, [shared, 'shared'], { k: shared }].map((value) => pickler.dump(value).length)
    pickler.clearMemo()
    pickler.dump([shared])
    expect(sizes[1]).toBeLessThan(dumps([shared, 'shared'], { protocol }).length)
    const { value } = await py().run<boolean[]>(
      `unpickler = pickle.Unpickler(io.BytesIO(blobs[0]))
a, b, c = unpickler.load(), unpickler.load(), unpickler.load()
d = unpickler.load()
value = [a == ['shared'], b[0] is a, b[1] is a[0], c['k'] is a, d == [['shared']], d[0] is a]`,
      [Buffer.concat(chunks)],
    )
    expect(value).toEqual([true, true, true, true, true, false])
    const unpickler = new Unpickler(Buffer.concat(chunks), { memo: 'shared' })
    const [a, b, c, d] = [unpickler.load(), unpickler.load(), unpickler.load(), unpickler.load()] as [
      unknown,
      unknown[],
      { k: unknown },
      unknown[],
    ]
    expect([b[0] === a, c.k === a, d[0] === a, unpickler.atEnd]).toEqual([true, true, false, true])
  })

  test.each(PROTOCOLS)('their Pickler, our Unpickler: the memo goes on, protocol %i', async (protocol) => {
    const { out } = await py().run(
      `stream = io.BytesIO()
pickler = pickle.Pickler(stream, ${protocol})
shared = ['shared']
pickler.dump(shared)
pickler.dump([shared, 'x'])
pickler.clear_memo()
pickler.dump(shared)
out = [stream.getvalue()]`,
    )
    const unpickler = new Unpickler(out[0] as Uint8Array, { memo: 'shared' })
    const a = unpickler.load()
    const b = unpickler.load<unknown[]>()
    expect(b[0]).toBe(a)
    const c = unpickler.load()
    expect(c).toEqual(['shared'])
    expect(c).not.toBe(a)
    expect(unpickler.atEnd).toBe(true)
    // Our bytes are theirs.
    const chunks: Uint8Array[] = []
    const pickler = new Pickler({ write: (chunk: Uint8Array) => chunks.push(chunk) }, { protocol })
    const shared = ['shared']
    pickler.dump(shared)
    pickler.dump([shared, 'x'])
    pickler.clearMemo()
    pickler.dump(shared)
    expect(text(Buffer.concat(chunks))).toBe(text(out[0] as Uint8Array))
  })

  test('independent pickles after one another: each has its own memo', async () => {
    const { out } = await py().run(`out = [b''.join(pickle.dumps([i, 'x', 'x'], 4) for i in range(5))]`)
    const unpickler = new Unpickler(out[0] as Uint8Array)
    const values: unknown[] = []
    while (!unpickler.atEnd) values.push(unpickler.load())
    expect(values).toEqual([0, 1, 2, 3, 4].map((i) => [i, 'x', 'x']))
  })
})

withPython('extension codes', () => {
  test.each([2, 3, 4, 5] as const)('are written and read, protocol %i', async (protocol) => {
    const theirs = await py().dump('[Extended(), Extended]', protocol)
    const object = Object.assign(new Extended(), { tag: 'ext' })
    expect(text(extended.dumps([object, Extended], { protocol }))).toBe(text(theirs))
    expect(theirs.includes(0x82)).toBe(true) // EXT1
    expect(extended.loads(theirs)).toEqual([object, Extended])
  })

  test('a code that is not registered is refused, and nothing else is asked', async () => {
    const theirs = await py().dump('Extended', 4)
    expect(() => pickle.loads(theirs)).toThrow(expect.objectContaining({ code: 'ext-unregistered' }))
  })
})

withPython('persistent ids', () => {
  class Row {
    readonly key: string
    constructor(key: string) {
      this.key = key
    }
  }

  test.each(PROTOCOLS)('ours are loaded there, protocol %i', async (protocol) => {
    const row = new Row('row-7')
    const bytes = dumps([row, 'x', row], {
      protocol,
      persistentId: (value) => (value instanceof Row ? value.key : undefined),
    })
    const { value } = await py().run<unknown>(
      `class U(pickle.Unpickler):
    def persistent_load(self, pid):
        return ['loaded', pid]
value = U(io.BytesIO(blobs[0])).load()`,
      [bytes],
    )
    expect(value).toEqual([['loaded', 'row-7'], 'x', ['loaded', 'row-7']])
    const seen: unknown[] = []
    expect(loads(bytes, { persistentLoad: (id: unknown) => seen.push(id) })).toEqual([1, 'x', 2])
    expect(seen).toEqual(['row-7', 'row-7'])
  })

  test.each(PROTOCOLS)('theirs are loaded here, and are the same bytes, protocol %i', async (protocol) => {
    const id = protocol === 0 ? "'id-1'" : "('table', 7, {'k': [1]})"
    const { out } = await py().run(
      `class P(pickle.Pickler):
    def persistent_id(self, obj):
        return ${id} if isinstance(obj, Point) else None
stream = io.BytesIO()
P(stream, ${protocol}).dump({'a': Point(1, 2), 'b': [Point(3, 4)]})
out = [stream.getvalue()]`,
    )
    const expected = protocol === 0 ? 'id-1' : Tuple.of<unknown>('table', 7, { k: [1] })
    const bytes = out[0] as Uint8Array
    expect(loads(bytes, { persistentLoad: (given: unknown) => difference(given, expected) ?? 'resolved' })).toEqual({
      a: 'resolved',
      b: ['resolved'],
    })
    const persistentId = (value: unknown): unknown =>
      value instanceof Point ? (protocol === 0 ? 'id-1' : Tuple.of<unknown>('table', 7, { k: [1] })) : null
    expect(text(dumps({ a: new Point(), b: [new Point()] }, { protocol, persistentId }))).toBe(text(bytes))
  })

  test('persistentId is asked for every value, instPersistentId for instances only', () => {
    const asked: unknown[] = []
    const instances: unknown[] = []
    const row = new Row('r')
    const key = (value: unknown): unknown => (value instanceof Row ? value.key : undefined)
    const value = { k: [1, 'a', null, row] }
    const noting =
      (list: unknown[]) =>
      (asking: unknown): unknown => {
        list.push(asking)
        return key(asking)
      }
    const every = dumps(value, { persistentId: noting(asked) })
    const only = dumps(value, { instPersistentId: noting(instances) })
    expect(asked).toEqual([value, 'k', value.k, 1, 'a', null, row])
    expect(instances).toEqual([row])
    expect(hex(only)).toBe(hex(every))
  })

  test('null and undefined mean: write the value itself; 0 and the empty string are ids', () => {
    expect(hex(dumps('a', { persistentId: () => null }))).toBe(hex(dumps('a')))
    expect(
      loads(dumps('a', { persistentId: (v) => (v === 'a' ? 0 : null) }), { persistentLoad: (id: unknown) => [id] }),
    ).toEqual([0])
    expect(
      loads(dumps('a', { persistentId: (v) => (v === 'a' ? '' : null) }), { persistentLoad: (id: unknown) => [id] }),
    ).toEqual([''])
  })
})

describe('who writes an object', () => {
  class Base {
    readonly [reduceEx]?: (protocol: number) => Reduction
  }
  class Own {
    [reduceEx](protocol: number): Reduction {
      return call('own', protocol)
    }
  }
  class Child extends Own {}
  const call = (who: string, protocol?: number): Reduction => {
    return { callable: new GlobalRef('shapes', 'Call'), args: [who, ...(protocol === undefined ? [] : [protocol])] }
  }
  const reader = createPickle({ plugins: [shapesPlugin] })
  const who = (bytes: Uint8Array): unknown => reader.loads<Call>(bytes).args
  const registry = (type: typeof Own, reduce: () => Reduction) =>
    createRegistry([definePlugin({ id: 'p', reducers: [reducer(type, reduce)] })])
  const pass = (): Reduction => notMine

  test('reducerOverride, dispatchTable, registry, reduceEx: the first that does not pass', () => {
    const all: DumpOptions = {
      reducerOverride: () => call('override'),
      dispatchTable: new Map([[Own, () => call('table')]]),
      registry: registry(Own, () => call('registry')),
    }
    expect(who(dumps(new Own(), all))).toEqual(Tuple.of('override'))
    expect(who(dumps(new Own(), { ...all, reducerOverride: pass }))).toEqual(Tuple.of('table'))
    const table = new Map([[Own, pass]])
    expect(who(dumps(new Own(), { ...all, reducerOverride: pass, dispatchTable: table }))).toEqual(Tuple.of('registry'))
    const none = { reducerOverride: pass, dispatchTable: table, registry: registry(Own, pass) }
    expect(who(dumps(new Own(), none))).toEqual(Tuple.of<unknown>('own', 5))
    expect(who(dumps(new Own()))).toEqual(Tuple.of<unknown>('own', 5))
    expect(who(dumps(new Own(), { protocol: 3 }))).toEqual(Tuple.of<unknown>('own', 3))
  })

  test("an object's own reduceEx comes before the registry's reducer of a base class", () => {
    class Plain {}
    class Sub extends Plain {}
    class Deep extends Sub {}
    const plain = createRegistry([definePlugin({ id: 'p', reducers: [reducer(Plain, () => call('base'))] })])
    expect(who(dumps(new Child(), { registry: registry(Own, () => call('base')) }))).toEqual(
      Tuple.of<unknown>('own', 5),
    )
    expect(who(dumps(new Deep(), { registry: plain }))).toEqual(Tuple.of('base'))
  })

  test('dispatchTable and reducerOverride are not asked for built-in types', () => {
    const asked: unknown[] = []
    const ask = (value: unknown): Reduction => {
      asked.push(value)
      return call('asked')
    }
    const dispatchTable = new Map<abstract new (...args: never[]) => unknown, (value: unknown) => Reduction>([
      [Array, ask],
      [Object, ask],
      [Uint8Array, ask],
    ])
    const value = [{ a: new Uint8Array(1) }, 'x', 1, Tuple.of(1), new Set([1])]
    expect(hex(dumps(value, { dispatchTable, reducerOverride: ask }))).toBe(hex(dumps(value)))
    expect(asked).toEqual([])
  })

  test('what passes everywhere cannot be pickled', () => {
    expect(() => dumps(new Base(), { reducerOverride: pass })).toThrow(expect.objectContaining({ code: 'unpicklable' }))
  })

  test('a GlobalRef and a string as a reduction', async () => {
    const ref = new GlobalRef('shapes', 'THE_ONE')
    expect(reader.loads(dumps(new Own(), { reducerOverride: () => ref }))).toEqual(ref)
    const named = createPickle({
      plugins: [
        definePlugin({
          id: 'p',
          types: [pyType({ module: 'shapes', name: 'Own', class: Own, opcodes: [], create: () => new Own() })],
          reducers: [reducer(Own, () => 'THE_ONE')],
        }),
      ],
    })
    expect(reader.loads(named.dumps(new Own()))).toEqual(ref)
  })

  test('the context says which protocol is asked for', () => {
    const seen: number[] = []
    const reducerOverride = (_: object, ctx: DumpContext): Reduction => {
      seen.push(ctx.protocol)
      return call('x')
    }
    for (const protocol of ['auto', 0, 2, 4, 5] as const) dumps(new Own(), { protocol, reducerOverride })
    expect(seen).toEqual([5, 0, 2, 4, 5])
  })
})

withPython('names of Python 2', () => {
  test('fixImports: false writes the names of Python 3 at protocol 2', async () => {
    const range = new GlobalRef('builtins', 'range')
    const { out } = await py().run('out = [pickle.dumps(range, 2), pickle.dumps(range, 2, fix_imports=False)]')
    expect(text(dumps(range, { protocol: 2 }))).toBe(text(out[0] as Uint8Array))
    expect(text(dumps(range, { protocol: 2, fixImports: false }))).toBe(text(out[1] as Uint8Array))
    expect(loads(out[0] as Uint8Array)).toEqual(range)
    expect(loads(out[1] as Uint8Array, { fixImports: false })).toEqual(range)
  })
})
