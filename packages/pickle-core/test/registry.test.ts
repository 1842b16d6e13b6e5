/** The registry: who owns what, what does not fit together, what is replaced on purpose, and the list that a reviewer reads. */
import {
  createPickle,
  createRegistry,
  definePlugin,
  dumps,
  GlobalRef,
  inertPlugin,
  loads,
  type Plugin,
  type PyObject,
  type Reducer,
  type Registry,
  RegistryError,
  reducer,
  type TypeRecord,
} from '@pickle-ts/pickle-core'
import { afterEach, describe, expect, test } from 'vitest'
import { bytes, global } from './pickle-bytes.ts'

class Thing {
  readonly by: string
  constructor(by = '') {
    this.by = by
  }
}

const record = (name: string, more: Partial<TypeRecord<Thing>> = {}): TypeRecord<Thing> => ({
  module: 'm',
  name,
  create: () => new Thing(name),
  ...more,
})
const plugin = (id: string, rest: Omit<Plugin, 'id'> = {}): Plugin => definePlugin({ id, ...rest })
/** Writes a Thing as a call of this global. */
const writer = (name: string): Reducer<Thing> =>
  reducer(Thing, () => ({ callable: new GlobalRef('m', name), args: [] }))

function errorOf(run: () => unknown): { code: string; message: string } {
  try {
    run()
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    return { code: error.code, message: error.message }
  }
  return { code: 'none', message: '' }
}

/** The plugin's rows of the list, without the codec's own. */
const rows = (registry: Registry): string[] =>
  registry
    .list()
    .filter(({ plugin }) => plugin !== 'core')
    .map(({ module, name, plugin, extensionCode }) => `${module}.${name} ${plugin} ${extensionCode ?? ''}`.trim())

/** What loads from a call of a global. */
const made = (registry: Registry, name: string): unknown =>
  (loads(bytes(`${global('m', name)})R.`), { registry }) as Thing).by

describe('what does not fit together names both plugins', () => {
  test.each([
    ['duplicate-global', '"m" "T" is owned by two plugins, "a" and "b"', { types: [record('T')] }],
    ['duplicate-class', 'the class "Thing" is owned by two plugins, "a" and "b"', { reducers: [writer('T')] }],
    [
      'duplicate-extension',
      'extension code 7 is owned by two plugins, "a" and "b"',
      { extensionCodes: [{ code: 7, module: 'm', name: 'T' }] },
    ],
  ] as const)('%s', (code, message, rest) => {
    const plugins = [plugin('a', rest), plugin('b', rest)]
    expect(errorOf(() => createRegistry(plugins))).toEqual({ code, message })
    expect(errorOf(() => createRegistry(plugins.slice(0, 1)).extend(plugins[1] as Plugin))).toEqual({ code, message })
  })

  test('two records of one class; a record and a reducer; a function twice', () => {
    const two = [
      plugin('a', { types: [record('T', { class: Thing })] }),
      plugin('b', { types: [record('U', { class: Thing })] }),
    ]
    expect(errorOf(() => createRegistry(two)).message).toContain('"Thing" is owned by two plugins, "a" and "b"')
    const both = { class: Thing, reduce: () => ({ args: [] }) }
    const mixed = [plugin('a', { types: [record('T', both)] }), plugin('b', { reducers: [writer('T')] })]
    expect(errorOf(() => createRegistry(mixed)).message).toContain('"Thing" is owned by two plugins, "a" and "b"')
    // A record that only reads, and a reducer of another plugin, are one type.
    expect(
      rows(
        createRegistry([
          plugin('a', { types: [record('T', { class: Thing })] }),
          plugin('b', { reducers: [writer('T')] }),
        ]),
      ),
    ).toEqual(['m.T a'])
    const half = (x: number): number => x / 2
    const named = (id: string) => plugin(id, { types: [{ module: id, name: 'half', value: half }] })
    expect(errorOf(() => createRegistry([named('a'), named('b')])).message).toContain('"half" is owned by two plugins')
  })

  test('twice in one plugin says so', () => {
    expect(errorOf(() => createRegistry([plugin('a', { types: [record('T'), record('T')] })])).message).toBe(
      '"m" "T" is owned twice by the plugin "a"',
    )
  })

  test('one global with two codes', () => {
    const code = (id: string, code: number) => plugin(id, { extensionCodes: [{ code, module: 'm', name: 'T' }] })
    expect(errorOf(() => createRegistry([code('a', 1), code('b', 2)]))).toEqual({
      code: 'extension-codes',
      message: '"m" "T" has two extension codes, 1 and 2; it is owned by two plugins, "a" and "b"',
    })
  })

  test('one id of two objects says where each came from', () => {
    const { code, message } = errorOf(() => createRegistry([plugin('a'), plugin('b', { extends: [plugin('a')] })]))
    expect(code).toBe('duplicate-id')
    expect(message).toContain('the id "a", one in the list and one extended by "b"')
    expect(errorOf(() => createRegistry([plugin('core')])).message).toContain("one the codec's own")
  })

  test('a cycle of extends names all of it', () => {
    const a = { id: 'a', extends: [] as Plugin[] }
    const c = plugin('c', { extends: [a] })
    a.extends.push(plugin('b', { extends: [c] }))
    expect(errorOf(() => createRegistry([c]))).toEqual({
      code: 'extends-cycle',
      message: 'plugins extend each other in a cycle: c -> a -> b -> c',
    })
  })
})

describe('the same plugin is one', () => {
  test('twice in the list, through two extends, and in extend again', () => {
    const base = plugin('base', { types: [record('T')] })
    const left = plugin('left', { extends: [base] })
    const right = plugin('right', { extends: [base] })
    const registry = createRegistry([left, base, right, left])
    expect(rows(registry)).toEqual(['m.T base'])
    expect(rows(registry.extend(base, left))).toEqual(['m.T base'])
  })
})

describe('shapes: the error says what and where', () => {
  test.each([
    ['a plugin is an object with an id', { id: '' }],
    [
      'plugin "a": there is no field "reducer"; there are id, extends, replaces, types, reducers, extensionCodes',
      { reducer: [] },
    ],
    ['plugin "a": types must be an array', { types: record('T') }],
    ['plugin "a": types[1]: a type record must have a module and a name', { types: [record('T'), { name: 'U' }] }],
    [
      'plugin "a": types[0]: the type record of "m" "T": there is no field "setstate"',
      { types: [record('T', { setstate: 1 } as never)] },
    ],
    [
      '"m" "T": opcodes must be a list of reduce, newobj, newobj_ex, obj, inst',
      { types: [record('T', { opcodes: ['new'] as never })] },
    ],
    [
      '"m" "T": each of args must be a function or one of any, none, bool',
      { types: [record('T', { args: ['number'] as never })] },
    ],
    [
      '"m" "T": create is missing; a global that is only referred to has `opcodes: []`',
      { types: [{ module: 'm', name: 'T' }] },
    ],
    ['"m" "T": addItem must be a function', { types: [record('T', { addItem: true as never })] }],
    ['plugin "a": reducers[1] must be { class, reduce }', { reducers: [writer('T'), { class: Thing }] }],
    [
      'plugin "a": extensionCodes[0] must be { code, module, name }',
      { extensionCodes: [{ code: 0, module: 'm', name: 'T' }] },
    ],
  ])('%s', (message, rest) => {
    const error = errorOf(() => createRegistry([{ id: 'a', ...rest } as Plugin]))
    expect(error.code).toBe('plugin-shape')
    expect(error.message).toContain(message)
  })

  test('create may be left out only of what is not built', () => {
    const types: TypeRecord[] = [
      { module: 'm', name: 'T', opcodes: [] },
      { module: 'm', name: 'f', value: () => 1 },
    ]
    expect(
      createRegistry([plugin('a', { types })])
        .list()
        .filter(({ plugin }) => plugin === 'a'),
    ).toEqual([
      { module: 'm', name: 'T', opcodes: [], plugin: 'a' },
      { module: 'm', name: 'f', opcodes: [], plugin: 'a' },
    ])
  })
})

describe('objects of classes are plugins, records and reducers', () => {
  let reads = 0
  class ThingRecord implements TypeRecord<Thing> {
    readonly module = 'm'
    get name(): string {
      reads++
      return 'T'
    }
    readonly made: Thing[] = []
    create(): Thing {
      const thing = new Thing('record')
      this.made.push(thing)
      return thing
    }
  }
  class ThingReducer implements Reducer<Thing> {
    readonly prefix = 'T'
    get class(): typeof Thing {
      return Thing
    }
    reduce() {
      return { callable: new GlobalRef('m', this.prefix), args: [] }
    }
  }
  abstract class Base {
    readonly logger: object = console
    readonly record = new ThingRecord()
    get id(): string {
      return 'di'
    }
    get types(): TypeRecord[] {
      reads++
      return [this.record]
    }
  }
  class Injected extends Base implements Plugin {
    get reducers(): Reducer[] {
      return [new ThingReducer() as Reducer]
    }
  }

  test('their members come from the prototype, are called on the object, and are read once', () => {
    reads = 0
    const injected = new Injected()
    const codec = createPickle({ plugins: [injected] })
    const before = reads
    expect(codec.loads<Thing>(codec.dumps(new Thing())).by).toBe('record')
    expect(injected.record.made).toHaveLength(1)
    rows(codec.registry)
    expect(reads).toBe(before)
    expect(reads).toBe(2)
  })

  describe('what Object.prototype has is nobody’s declaration', () => {
    const names = [
      'types',
      'append',
      'setItem',
      'addItem',
      'setState',
      'opcodes',
      'class',
      'kwargs',
      'inert',
      'form',
      'min',
      'replace',
    ]
    afterEach(() => {
      for (const name of names) delete (Object.prototype as Record<string, unknown>)[name]
    })

    test('neither of plugins nor of records', () => {
      let calls = 0
      for (const name of names) {
        Object.defineProperty(Object.prototype, name, { value: () => calls++, configurable: true, writable: true })
      }
      const registry = createRegistry([
        { id: 'a', types: [{ module: 'm', name: 'T', args: [], create: () => ({}) }] },
      ]).extend(plugin('b'))
      expect(rows(registry)).toEqual(['m.T a'])
      for (const act of ['Na', '(Ne', 'NNs', '(NNu', '(N\x90', 'Nb']) {
        expect(() => loads(bytes(`${global('m', 'T')})R${act}.`), { registry })).toThrow(/does not act on|takes none/)
      }
      expect(() => loads(bytes(`${global('m', 'T')}N\x85R.`), { registry })).toThrow('it takes 0 arguments')
      expect(() => loads(bytes(`${global('m', 'T')})}\x92.`), { registry })).toThrow('may not be built by NEWOBJ_EX')
      expect(calls).toBe(0)
    })
  })

  test('the range of args is read once, whatever it inherits from', () => {
    const args = Object.assign(Object.create(null) as object, { min: 0, max: 0 })
    const registry = createRegistry([
      { id: 'a', types: [{ module: 'm', name: 'T', args, create: (given) => given.length }] },
    ])
    Object.assign(args, { max: 5 })
    const pickle = new TextEncoder().encode('cm\nT\n(I1\ntR.')
    expect(() => loads(pickle, { registry })).toThrow('it takes 0 to 0 arguments, found 1')
  })

  test('a plugin that is changed later changes nothing', () => {
    const type = { module: 'm', name: 'T', opcodes: ['reduce'], args: ['int'], create: () => new Thing('first') }
    const mutable = { id: 'a', types: [type] }
    const registry = createRegistry([mutable as Plugin])
    type.opcodes.push('newobj')
    type.args.length = 0
    type.create = () => new Thing('second')
    mutable.types.length = 0
    expect(() => loads(bytes(`${global('m', 'T')})R.`), { registry })).toThrow('it takes 1 arguments')
    expect(() => loads(bytes(`${global('m', 'T')}K\x01\x85\x81.`), { registry })).toThrow('may not be built by NEWOBJ')
    expect(loads<Thing>(bytes(`${global('m', 'T')}K\x01\x85R.`), { registry }).by).toBe('first')
  })
})

describe('what throws while it is read', () => {
  const boom = (cause: unknown) => ({
    enumerable: true,
    get: () => {
      throw cause
    },
  })
  const revoked = (): never => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy as never
  }
  const record = { module: 'm', name: 'T', create: () => 1 }

  test('is a RegistryError that names the plugin and has the cause', () => {
    for (const cause of [new Error('mine'), null, 'text']) {
      const getter = (owner: object, name: string) => Object.defineProperty(owner, name, boom(cause)) as never
      for (const [plugin, who] of [
        [getter({}, 'id'), 'a plugin'],
        [getter({ id: 'a' }, 'types'), 'plugin "a"'],
        [{ id: 'a', types: [getter({ ...record }, 'append')] }, 'plugin "a"'],
        [{ id: 'a', types: [{ ...record, args: getter({ max: 1 }, 'min') }] }, 'plugin "a"'],
        [{ id: 'a', reducers: [getter({}, 'class')] }, 'plugin "a"'],
        [{ id: 'a', extensionCodes: [getter({}, 'code')] }, 'plugin "a"'],
        [{ id: 'a', replaces: getter({}, 'b') }, 'plugin "a"'],
      ] as const) {
        let error: unknown
        try {
          createRegistry([plugin as never])
        } catch (thrown) {
          error = thrown
        }
        if (!(error instanceof RegistryError)) throw error
        expect(error.code).toBe('plugin-shape')
        expect(error.message).toBe(
          `${who}: it threw while it was read: ${JSON.stringify(cause instanceof Error ? cause.message : String(cause))}`,
        )
        expect(error.cause).toBe(cause)
      }
    }
  })

  test('or never ends, is one, too', () => {
    const endless: object = new Proxy({}, { getPrototypeOf: () => endless })
    for (const part of [revoked(), endless as never]) {
      for (const plugin of [part, { id: 'a', types: [part] }, { id: 'a', reducers: [part] }]) {
        expect(errorOf(() => createRegistry([plugin])).code).toBe('plugin-shape')
      }
    }
  })
})

describe('inertPlugin', () => {
  test('lists that differ are plugins that differ', () => {
    const registry = createRegistry([inertPlugin([['a.b', 'c']]), inertPlugin([['a', 'b.c']])])
    expect(registry.list().filter(({ name }) => name === 'c' || name === 'b.c')).toHaveLength(2)
  })

  test('takes pairs, and says so', () => {
    for (const globals of ['m.T', null, [null], ['m.T'], [['m']], [['m', 'T', 'U']], [['m', 1]]]) {
      expect(() => inertPlugin(globals as never)).toThrow('inertPlugin takes a list of [module, name] pairs')
    }
  })
})

describe('extend', () => {
  const base = plugin('base', {
    types: [record('T', { class: Thing, reduce: () => ({ args: [] }) }), record('U')],
    extensionCodes: [{ code: 5, module: 'm', name: 'T' }],
  })
  const mine = (name: string): TypeRecord<Thing> => record(name, { create: () => new Thing('mine') })

  test('gives another registry and leaves the first as it is', () => {
    const first = createRegistry([base])
    const second = first.extend(plugin('a', { types: [mine('A')] }), plugin('b', { types: [mine('B')] }))
    expect(rows(first)).toEqual(['m.T base 5', 'm.U base'])
    expect(rows(second)).toEqual(['m.A a', 'm.B b', 'm.T base 5', 'm.U base'])
    expect(made(second, 'A')).toBe('mine')
    expect(() => made(first, 'A')).toThrow('is not registered')
  })

  test('replaces a global: its record, class, writer and extension code go', () => {
    const first = createRegistry([base])
    const second = first.extend(plugin('a', { types: [mine('T')] }), { replace: [['m', 'T']] })
    expect(rows(second)).toEqual(['m.T a', 'm.U base'])
    expect(made(second, 'T')).toBe('mine')
    expect(() => dumps(new Thing(), { registry: second })).toThrow('cannot pickle')
    expect(() => dumps(Thing, { registry: second })).toThrow('cannot pickle')
    expect(() => loads(bytes('\x82\x05.'), { registry: second })).toThrow('not registered')
    expect(made(first, 'T')).toBe('T')
    expect(loads(dumps(Thing, { registry: first }), { registry: first })).toBe(Thing)
    expect(loads(bytes('\x82\x05.'), { registry: first })).toBe(Thing)
  })

  test('replaces a class: with a reducer the writing, with a record all', () => {
    const writing = createRegistry([base]).extend(plugin('a', { reducers: [writer('U')] }), { replace: [Thing] })
    expect(loads<Thing>(dumps(new Thing(), { registry: writing }), { registry: writing }).by).toBe('U')
    expect(made(writing, 'T')).toBe('T')
    expect(loads(dumps(Thing, { registry: writing }), { registry: writing })).toBe(Thing)
    const all = createRegistry([base]).extend(plugin('a', { types: [record('V', { class: Thing })] }), {
      replace: [Thing],
    })
    expect(rows(all)).toEqual(['m.U base', 'm.V a'])
    expect(() => dumps(new Thing(), { registry: all })).toThrow('cannot pickle')
  })

  test('what the new plugin extends counts as given by it', () => {
    const inner = plugin('inner', { types: [mine('T')] })
    const registry = createRegistry([base]).extend(plugin('outer', { extends: [inner] }), { replace: [['m', 'T']] })
    expect(rows(registry)).toEqual(['m.T inner', 'm.U base'])
  })

  test('what is not there, not given, or the codec’s own cannot be replaced', () => {
    const registry = createRegistry([base])
    const replacing = (given: Plugin, item: never) => errorOf(() => registry.extend(given, { replace: [item] })).message
    expect(replacing(plugin('a', { types: [mine('X')] }), ['m', 'X'] as never)).toBe(
      '"m" "X" is to be replaced, and nothing owns it',
    )
    expect(replacing(plugin('a'), ['m', 'T'] as never)).toBe(
      '"m" "T" is to be replaced, and the new plugin does not give it',
    )
    expect(replacing(plugin('a'), Thing as never)).toContain(
      'the class "Thing" is to be replaced, and the new plugin does not',
    )
    expect(
      replacing(plugin('a', { types: [{ ...mine('set'), module: 'builtins' }] }), ['builtins', 'set'] as never),
    ).toContain("the codec's own")
    expect(errorOf(() => registry.extend(plugin('a'), { replaces: [] } as never)).message).toContain(
      'an object with an id',
    )
    expect(rows(registry)).toEqual(['m.T base 5', 'm.U base'])
  })

  test('what was replaced once is owned: a third is a duplicate', () => {
    const second = createRegistry([base]).extend(plugin('a', { types: [mine('T')] }), { replace: [['m', 'T']] })
    expect(errorOf(() => second.extend(plugin('b', { types: [mine('T')] }))).message).toContain('"a" and "b"')
  })
})

describe('a plugin that replaces what another has', () => {
  const std = plugin('std', {
    types: [record('T'), record('U')],
    reducers: [writer('T')],
    extensionCodes: [{ code: 9, module: 'm', name: 'U' }],
  })
  const better = plugin('better', {
    replaces: { std: [Thing, ['m', 'U']] },
    types: [record('U', { create: () => new Thing('better') })],
    reducers: [writer('U')],
  })

  test.each([
    ['after it', () => createRegistry([std, better])],
    ['before it', () => createRegistry([better, std])],
    ['in extend', () => createRegistry([std]).extend(better)],
    ['extended by it', () => createRegistry([better]).extend(std)],
  ])('%s', (_, create) => {
    const registry = create()
    expect(rows(registry)).toEqual(['m.T std', 'm.U better'])
    expect(loads<Thing>(dumps(new Thing(), { registry }), { registry }).by).toBe('better')
    expect(() => loads(bytes('\x82\x09.'), { registry })).toThrow('not registered')
  })

  test('alone it is a plugin like any other', () => {
    expect(rows(createRegistry([better]))).toEqual(['m.U better'])
  })

  test('from a third plugin it takes nothing', () => {
    const third = plugin('third', { reducers: [writer('T')] })
    expect(errorOf(() => createRegistry([std, better, third])).message).toContain('"better" and "third"')
  })

  test('one on top of another', () => {
    const best = plugin('best', { replaces: { std: [Thing], better: [Thing] }, reducers: [writer('T')] })
    for (const plugins of [
      [std, better, best],
      [best, better, std],
      [better, best, std],
    ]) {
      const registry = createRegistry(plugins)
      expect(loads<Thing>(dumps(new Thing(), { registry }), { registry }).by).toBe('T')
    }
  })

  test('a class whose record it has takes the other’s record', () => {
    const other = plugin('other', { types: [record('A', { class: Thing, reduce: () => ({ args: [] }) })] })
    const taking = plugin('taking', {
      replaces: { other: [Thing] },
      types: [record('B', { class: Thing, reduce: () => ({ args: [] }) })],
    })
    for (const plugins of [
      [other, taking],
      [taking, other],
    ])
      expect(rows(createRegistry(plugins))).toEqual(['m.B taking'])
  })

  test('what it does not give itself, and two that replace each other, are errors', () => {
    expect(errorOf(() => createRegistry([plugin('a', { replaces: { std: [['m', 'T']] } })])).message).toBe(
      '"m" "T" is taken over by the plugin "a", which does not give it',
    )
    const each = (id: string, other: string) => plugin(id, { replaces: { [other]: [Thing] }, reducers: [writer('T')] })
    expect(errorOf(() => createRegistry([each('a', 'b'), each('b', 'c'), each('c', 'a')])).message).toContain(
      'the class "Thing" is taken over from each other by plugins',
    )
    // A third owner is no way out, wherever it stands.
    const third = plugin('d', { reducers: [writer('T')] })
    for (const plugins of [
      [each('a', 'b'), each('b', 'a'), third],
      [third, each('a', 'b'), each('b', 'a')],
    ]) {
      expect(errorOf(() => createRegistry(plugins)).code).toBe('replace')
    }
  })

  test('a chain leaves the last, in any order and added one by one; a link that is missing is a double', () => {
    const owner = (id: string, ...others: readonly string[]) =>
      plugin(id, { types: [record('T')], replaces: Object.fromEntries(others.map((other) => [other, [['m', 'T']]])) })
    const [a, b, c] = [owner('a'), owner('b', 'a'), owner('c', 'b')]
    for (const order of [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ]) {
      expect(rows(createRegistry(order))).toEqual(['m.T c'])
    }
    expect(rows(createRegistry([a]).extend(b).extend(c))).toEqual(['m.T c'])
    expect(rows(createRegistry([c]).extend(b).extend(a))).toEqual(['m.T c'])
    expect(errorOf(() => createRegistry([a, c])).code).toBe('duplicate-global')
    expect(errorOf(() => createRegistry([a, b, owner('d', 'a')])).message).toContain('"b" and "d"')
  })

  test('the extension code of a third plugin stays with the global', () => {
    const first = plugin('first', { types: [record('T')], extensionCodes: [{ code: 1, module: 'm', name: 'T' }] })
    const second = plugin('second', { types: [record('T')], replaces: { first: [['m', 'T']] } })
    const codes = plugin('codes', { extensionCodes: [{ code: 7, module: 'm', name: 'T' }] })
    for (const registry of [
      createRegistry([first, second, codes]),
      createRegistry([codes, second, first]),
      createRegistry([first]).extend(second).extend(codes),
      createRegistry([codes, second]).extend(first),
    ]) {
      const [row] = registry.list().filter(({ module }) => module === 'm')
      expect(row).toMatchObject({ plugin: 'second', extensionCode: 7 })
      expect(() => loads(bytes('\x82\x01.'), { registry })).toThrow('not registered')
    }
  })
})

describe('list', () => {
  test('is all that can be built, in the order of code units, and frozen', () => {
    const types = ['z', 'Z', 'é', '\u{1f600}', '\uffee', 'a.b', 'a'].map((name) => record(name))
    const registry = createRegistry([
      plugin('p', { types, extensionCodes: [{ code: 3, module: 'm', name: 'a' }] }),
      inertPlugin([['m', 'kept']]),
      plugin('q', { types: [{ module: 'M', name: 'f', value: () => 1 }] }),
    ])
    const list = registry.list()
    expect(list.filter(({ plugin }) => plugin !== 'core').map(({ name }) => name)).toEqual([
      'f',
      'Z',
      'a',
      'a.b',
      'kept',
      'z',
      'é',
      '\u{1f600}',
      '\uffee',
    ])
    expect(list.find(({ name }) => name === 'a')).toEqual({
      module: 'm',
      name: 'a',
      opcodes: ['reduce', 'newobj'],
      plugin: 'p',
      extensionCode: 3,
    })
    expect(list.find(({ name }) => name === 'kept')).toMatchObject({
      plugin: 'inert(m:kept)',
      opcodes: ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst'],
    })
    expect(list.filter(({ plugin }) => plugin === 'core').map(({ name }) => name)).toContain('_reconstructor')
    expect(Object.isFrozen(list)).toBe(true)
    for (const row of list) expect([Object.isFrozen(row), Object.isFrozen(row.opcodes)]).toEqual([true, true])
    // Each row is true: a call of it does what the row says.
    expect((loads(bytes(`${global('m', 'kept')})R.`), { registry }) as PyObject).class).toEqual(
      new GlobalRef('m', 'kept'),
    )
    expect(() => loads(bytes(`${global('M', 'f')})R.`), { registry })).toThrow('allows no building')
  })

  test('whoever looks a record up cannot widen it', () => {
    const args = ['int'] as const
    const given: TypeRecord = { module: 'm', name: 'T', opcodes: ['newobj_ex'], args, kwargs: ['k'], create: () => 1 }
    const entry = createRegistry([{ id: 'a', types: [given] }]).findType('m', 'T') as object
    for (const part of [entry, ...Object.values(entry).filter(Array.isArray)]) expect(Object.isFrozen(part)).toBe(true)
  })
})
