/** Who writes an object: its class, its own method, its prototype chain; and objects that are not what they seem. */
import vm from 'node:vm'
import {
  createPickle,
  createRegistry,
  type DumpContext,
  type DumpOptions,
  definePlugin,
  dumps,
  GlobalRef,
  loads,
  notMine,
  type Plugin,
  pyType,
  type Reducer,
  ReducerError,
  type Reduction,
  reduceEx,
  reducer,
  type TypeRecord,
} from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'

class Base {
  readonly x: number
  constructor(x = 0) {
    this.x = x
  }
}
class Middle extends Base {}
class Leaf extends Middle {}

/** Reads what `by` writes: the name of who wrote it. */
const READER: Plugin = {
  id: 'reader',
  types: [{ module: 'm', name: 'by', args: ['str'], create: ([who]) => who } satisfies TypeRecord],
}
const by = (who: string): Reduction => ({ callable: new GlobalRef('m', 'by'), args: [who] })

/** Who writes a value. */
const writerOf = (reducers: readonly Reducer[], value: unknown, options: DumpOptions = {}): unknown => {
  const registry = createRegistry([{ id: 'app', reducers }, READER])
  return loads(dumps(value, { ...options, registry }), { registry })
}
const named = <T>(type: abstract new (...args: never[]) => T, who = type.name): Reducer =>
  reducer(type, () => by(who)) as Reducer

describe('the order', () => {
  class Own extends Base {
    [reduceEx](protocol: number): Reduction {
      return by(`own ${protocol}`)
    }
  }

  test('override, table, exact class, own method, chain', () => {
    const exact = named(Own, 'exact')
    const chain = named(Base, 'chain')
    const options = { reducerOverride: () => by('override'), dispatchTable: new Map([[Own, () => by('table')]]) }
    expect(writerOf([exact, chain], new Own(), options)).toBe('override')
    expect(writerOf([exact, chain], new Own(), { dispatchTable: options.dispatchTable })).toBe('table')
    expect(writerOf([exact, chain], new Own())).toBe('exact')
    expect(writerOf([chain], new Own())).toBe('own 5')
    expect(writerOf([chain], new Own(), { protocol: 2 })).toBe('own 2')
    expect(writerOf([chain], new Middle())).toBe('chain')
  })

  test('notMine goes on, to the end and then to an error', () => {
    const asked: string[] = []
    const passing = (type: typeof Base, who: string): Reducer =>
      reducer(type, () => {
        asked.push(who)
        return notMine
      }) as Reducer
    class OwnLeaf extends Leaf {
      [reduceEx](): Reduction {
        asked.push('own')
        return notMine
      }
    }
    const pass = (): typeof notMine => {
      asked.push('options')
      return notMine
    }
    const options = { reducerOverride: pass, dispatchTable: new Map([[OwnLeaf, pass]]) }
    const reducers = [passing(Base, 'base'), passing(OwnLeaf, 'exact'), passing(Middle, 'middle')]
    expect(errorOf(() => writerOf(reducers, [new OwnLeaf()], options))).toMatchObject({
      code: 'unpicklable',
      path: '$[0]',
    })
    expect(asked).toEqual(['options', 'options', 'exact', 'own', 'middle', 'base'])
  })

  test('a reduce that returns nothing is an error, and not notMine', () => {
    const types = [
      pyType({ module: 'm', name: 'B', class: Base, create: () => new Base(), reduce: () => undefined as never }),
    ]
    expect(errorOf(() => createPickle({ plugins: [{ id: 'a', types }] }).dumps(new Base())).code).toBe('reduce-value')
  })

  test('values of built-in types are never given to a reducer', () => {
    let asked = 0
    const count = (): typeof notMine => {
      asked++
      return notMine
    }
    const builtIn = [Object, Array, Map, Set, Uint8Array].map((type) => reducer(type, count) as Reducer)
    writerOf(builtIn, [{}, [], new Map([[1, 2]]), new Set([1]), new Uint8Array(1), null, 'a', 1n])
    expect(asked).toBe(0)
    // Their subclasses are, by the chain.
    class Stack extends Array {}
    expect(writerOf([named(Array, 'array')], new Stack())).toBe('array')
    expect(writerOf([named(Object, 'anything')], new Leaf())).toBe('anything')
  })
})

describe('the prototype chain is walked once', () => {
  test('per registry and prototype, also where it gives nothing', () => {
    let walks = 0
    const prototype = new Proxy(new Base(), {
      getPrototypeOf: (target) => {
        walks++
        return Object.getPrototypeOf(target) as object
      },
    })
    const objects = Array.from({ length: 20 }, () => Object.create(prototype) as object)
    expect(writerOf([named(Base)], objects)).toEqual(Array(20).fill('Base'))
    expect(walks).toBe(1)
    const codec = createPickle({ plugins: [definePlugin({ id: 'a', reducers: [named(Leaf)] })] })
    for (const object of objects) expect(errorOf(() => codec.dumps(object)).code).toBe('unpicklable')
    // Once more for this registry; the messages look at it too, but the walk does not.
    const { registry } = codec
    const before = walks
    expect(registry.inheritedWriters(prototype)).toEqual([])
    expect(walks).toBe(before)
  })

  test('a chain that never ends is one that gives nothing', () => {
    const endless: object = new Proxy({}, { getPrototypeOf: () => endless })
    expect(createRegistry([{ id: 'a', reducers: [named(Base)] }]).inheritedWriters(endless)).toEqual([])
  })

  test('an extended registry has its own', () => {
    const first = createRegistry([{ id: 'a', reducers: [named(Base)] }, READER])
    const write = (registry: typeof first): unknown => loads(dumps(new Leaf(), { registry }), { registry })
    expect(write(first)).toBe('Base')
    expect(write(first.extend({ id: 'b', reducers: [named(Middle)] }))).toBe('Middle')
    expect(write(first)).toBe('Base')
  })
})

describe('objects that are not what they seem', () => {
  test('a subclass is written by its base, unless the base says no', () => {
    const points = (reduce: (base: Base) => { args: number[] } | typeof notMine) =>
      createPickle({
        plugins: [
          {
            id: 'a',
            types: [
              pyType<Base>({
                module: 'm',
                name: 'B',
                class: Base,
                args: ['int'],
                create: ([x], { check }) => new Base(check.int(x, 'x')),
                reduce,
              }),
            ],
          },
        ],
      })
    const lax = points(({ x }) => ({ args: [x] }))
    const back = lax.loads<Base>(lax.dumps(new Leaf(3)))
    expect([back.constructor, back.x]).toEqual([Base, 3])
    const exact = points((base) => (Object.getPrototypeOf(base) === Base.prototype ? { args: [base.x] } : notMine))
    expect(exact.loads(exact.dumps(new Base(3)))).toEqual(new Base(3))
    expect(errorOf(() => exact.dumps(new Leaf(3))).code).toBe('unpicklable')
  })

  test('a frozen object is written and keeps its identity', () => {
    const frozen = Object.freeze(new Base())
    const seen: unknown[] = []
    const reducers = [
      reducer(Base, (base) => {
        seen.push(base)
        return by('frozen')
      }) as Reducer,
    ]
    expect(writerOf(reducers, Object.freeze([frozen, frozen]))).toEqual(['frozen', 'frozen'])
    expect(seen).toEqual([frozen])
  })

  test('a frozen object may be made; a setState that changes it throws in the plugin', () => {
    const types = [
      pyType<{ x: number }>({
        module: 'm',
        name: 'F',
        create: () => Object.freeze({ x: 1 }),
        setState: (object) => {
          object.x = 2
        },
      }),
    ]
    const registry = createRegistry([{ id: 'app', types }])
    const pickle = dumps([]).slice(0, 0)
    const load = (tail: string): unknown =>
      loads(Uint8Array.from([...pickle, ...Buffer.from(`cm\nF\n)R${tail}.`, 'latin1')]), { registry })
    expect(load('')).toEqual({ x: 1 })
    expect(errorOf(() => load('Nb'))).toMatchObject({ code: 'reducer', pluginId: 'app', globalName: 'F' })
  })

  test('a Proxy has the class of its target, and is another object', () => {
    class Private extends Base {
      readonly #secret = 1
      get secret(): number {
        return this.#secret
      }
    }
    const target = new Private(7)
    const proxy = new Proxy(target, {})
    const seen: unknown[] = []
    const reading = (read: (object: Private) => number): Reducer[] => [
      reducer(Private, (object) => {
        seen.push(object)
        return by(String(read(object)))
      }) as Reducer,
    ]
    expect(
      writerOf(
        reading(({ x }) => x),
        [target, proxy, proxy],
      ),
    ).toEqual(['7', '7', '7'])
    expect(seen).toHaveLength(2)
    expect(seen[1] === proxy && seen[0] === target).toBe(true)
    const error = errorOf(() =>
      writerOf(
        reading(({ secret }) => secret),
        proxy,
      ),
    )
    expect(error).toBeInstanceOf(ReducerError)
    expect(error.cause).toBeInstanceOf(TypeError)
  })

  test('the class is the prototype at that time, not a constructor property', () => {
    const changed = Object.setPrototypeOf(new Base(), Leaf.prototype) as object
    expect(writerOf([named(Base), named(Leaf)], changed)).toBe('Leaf')
    expect(writerOf([named(Base), named(Leaf)], Object.setPrototypeOf(new Leaf(), Base.prototype))).toBe('Base')
    const lying = Object.assign(new Leaf(), { constructor: Base })
    expect(writerOf([named(Base), named(Leaf)], lying)).toBe('Leaf')
  })

  test('objects without a class, and what inherits from one', () => {
    expect(writerOf([named(Object, 'anything')], Object.create(null))).toEqual({})
    const child = Object.create(Object.create(null)) as object
    expect(errorOf(() => writerOf([named(Object, 'anything')], child)).message).toContain('an object without a class')
    expect(writerOf([named(Base)], Object.create(new Base()))).toBe('Base')
    expect(writerOf([named(Object, 'anything')], Object.create({}))).toBe('anything')
  })

  test('a value of another copy of the package is told from ours', () => {
    const TheirTuple = { Tuple: class Tuple extends Array<unknown> {} }.Tuple
    expect(() => dumps([new TheirTuple()])).toThrow(
      'if it is the Tuple of this package, it is that of another copy: install one only (at $[0])',
    )
  })

  test('a class of another realm is another class', () => {
    const realm = vm.runInNewContext(
      'class Base {}; ({ Base, base: new Base(), list: [1], dict: { a: 1 }, map: new Map() })',
    ) as {
      Base: typeof Base
      base: object
      list: object
      dict: object
      map: object
    }
    expect(errorOf(() => writerOf([named(Base)], realm.base)).code).toBe('unpicklable')
    expect(writerOf([named(Base, 'ours'), named(realm.Base, 'theirs')], [new Base(), realm.base])).toEqual([
      'ours',
      'theirs',
    ])
    for (const value of [realm.list, realm.dict, realm.map]) {
      const error = errorOf(() => dumps([value]))
      expect(error).toMatchObject({ code: 'unpicklable', path: '$[0]' })
      expect(error.message).toContain('of another realm')
      expect(error.message).toContain('structuredClone')
      // A copy is of this realm.
      expect(() => dumps([structuredClone(value)])).not.toThrow()
    }
    expect(writerOf([named(realm.list.constructor as never, 'their list')], realm.list)).toBe('their list')
  })
})

describe('what a reducer throws', () => {
  const mine = new RangeError('mine')
  const boom = (): never => {
    throw mine
  }
  function* items(): Generator<never> {
    yield boom()
  }
  const broken = (reduction: object): Reduction => ({ ...(by('x') as object), ...reduction }) as Reduction
  const CASES: Readonly<Record<string, () => Reduction>> = {
    reduce: boom,
    'a getter of the reduce value': () =>
      Object.defineProperty({ callable: new GlobalRef('m', 'by') }, 'args', { get: boom }) as never,
    listItems: () => broken({ listItems: items() }),
    dictItems: () => broken({ dictItems: items() }),
  }

  test.each(Object.entries(CASES))('%s: with plugin, path and cause', (_, reduce) => {
    const error = errorOf(() => writerOf([reducer(Base, reduce) as Reducer], { rows: [new Base()] }))
    expect(error).toBeInstanceOf(ReducerError)
    expect(error).toMatchObject({ code: 'reducer', pluginId: 'app', where: '$.rows[0]', offset: -1 })
    expect(error.cause).toBe(mine)
    const options: readonly DumpOptions[] = [{ reducerOverride: reduce }, { dispatchTable: new Map([[Base, reduce]]) }]
    for (const [i, who] of ['reducerOverride', 'dispatchTable'].entries()) {
      expect(errorOf(() => dumps([new Base()], options[i]))).toMatchObject({
        pluginId: who,
        where: '$[0]',
        cause: mine,
      })
    }
  })

  test('a record says its module and name, too', () => {
    for (const reduce of [boom, () => ({ args: [], listItems: items() })]) {
      const types = [pyType({ module: 'm', name: 'B', class: Base, create: () => new Base(), reduce })]
      const error = errorOf(() => createPickle({ plugins: [{ id: 'app', types }] }).dumps([new Base()]))
      expect(error).toMatchObject({ pluginId: 'app', module: 'm', globalName: 'B', where: '$[0]', cause: mine })
      expect(error.message).toBe('app threw for m.B at $[0]: "mine"')
    }
  })

  test('a reducer is called on itself, with the context and nothing else', () => {
    const given: unknown[] = []
    const self: Reducer<Base> = {
      class: Base,
      reduce(this: unknown, ...args: [Base, DumpContext]) {
        given.push(this, ...args)
        return by('x')
      },
    }
    const base = new Base()
    writerOf([self as Reducer], base)
    expect(given.slice(0, 2)).toEqual([self, base])
    expect(given).toHaveLength(3)
    expect(given[2]).toMatchObject({ protocol: 5 })
  })
})
