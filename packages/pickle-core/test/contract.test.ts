/** The plugin contract on reading: what is refused before plugin code runs, what that code is given, and what it may return and throw. */
import {
  createPickle,
  createRegistry,
  dumps,
  ExtensionRef,
  GlobalRef,
  type LoadContext,
  type LoadOptions,
  loads,
  notMine,
  PickleBuffer,
  pyType,
  ReducerError,
  Tuple,
  type TypeRecord,
  Unpickler,
  UnpicklingError,
} from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'
import { bytes, global, str } from './pickle-bytes.ts'

const g = (name: string): string => global('m', name)
const registryOf = (...types: readonly TypeRecord[]) => createRegistry([{ id: 'app', types }])
const record = (name: string, more: Partial<TypeRecord>): TypeRecord => ({
  module: 'm',
  name,
  create: () => ({}),
  ...more,
})

/** How each opcode builds: the pickle before the arguments, and after them. */
const BUILDING = {
  reduce: (name: string, args: string) => `${g(name)}(${args}tR`,
  newobj: (name: string, args: string) => `${g(name)}(${args}t\x81`,
  newobj_ex: (name: string, args: string) => `${g(name)}(${args}t}\x92`,
  obj: (name: string, args: string) => `(${g(name)}${args}o`,
  inst: (name: string, args: string) => `(${args}im\n${name}\n`,
} as const

describe('undeclared use is refused before plugin code runs', () => {
  let calls = 0
  const count = (): object => {
    calls++
    return {}
  }
  const check = (): boolean => {
    calls++
    return true
  }
  const refused = (
    registry: ReturnType<typeof createRegistry>,
    pickle: string,
    code: string,
    options?: LoadOptions,
  ): void => {
    calls = 0
    expect(errorOf(() => loads(bytes(pickle), { registry, ...options })).code, JSON.stringify(pickle)).toBe(code)
    expect(calls, JSON.stringify(pickle)).toBe(0)
  }

  test.each(Object.keys(BUILDING) as (keyof typeof BUILDING)[])('%s', (kind) => {
    const one = registryOf(record('T', { opcodes: [kind], create: count, args: ['int'] }))
    const others = Object.keys(BUILDING).filter((other) => other !== kind) as (keyof typeof BUILDING)[]
    calls = 0
    loads(bytes(`${BUILDING[kind]('T', 'K\x01')}.`), { registry: one })
    expect(calls).toBe(1)
    for (const other of others) refused(one, `${BUILDING[other]('T', 'K\x01')}.`, 'construct-not-allowed')
    for (const args of ['', 'N', 'K\x01K\x01', '\x8c\x011']) refused(one, `${BUILDING[kind]('T', args)}.`, 'args')
  })

  test('an extension code is its global, and no way round the record', () => {
    const registry = createRegistry([
      {
        id: 'app',
        types: [record('T', { opcodes: ['newobj'], create: count })],
        extensionCodes: [
          { code: 1, module: 'm', name: 'T' },
          { code: 2, module: 'os', name: 'system' },
        ],
      },
    ])
    refused(registry, '\x82\x01)R.', 'construct-not-allowed')
    refused(registry, '\x82\x02.', 'global-not-allowed')
    loads(bytes('\x82\x01)\x81.'), { registry })
    expect(calls).toBe(1)
  })

  test('by way of copyreg and functools', () => {
    const registry = registryOf(record('T', { opcodes: ['reduce'], create: count }))
    for (const pickle of [
      `ccopyreg\n__newobj__\n${g('T')}\x85R.`,
      `ccopyreg\n__newobj_ex__\n${g('T')})}\x87R.`,
      `ccopyreg\n_reconstructor\n${g('T')}cbuiltins\nobject\nN\x87R.`,
    ]) {
      refused(registry, pickle, 'construct-not-allowed')
    }
  })

  test('arguments and keyword arguments', () => {
    const registry = registryOf(
      record('Range', { args: { min: 1, max: 2, rest: 'int|none' }, create: count }),
      record('Own', { args: ['int', check], create: count }),
      record('Named', { opcodes: ['newobj_ex'], kwargs: ['k'], create: count }),
    )
    for (const args of ['', 'NNN', ']', 'NG?\xf8\0\0\0\0\0\0']) refused(registry, `${g('Range')}(${args}tR.`, 'args')
    // The declared checks come in order, and each is asked only if those before it hold.
    for (const args of ['NN', 'K\x01']) refused(registry, `${g('Own')}(${args}tR.`, 'args')
    refused(registry, `${g('Named')})}${str('other')}Ns\x92.`, 'args')
    refused(registry, `${g('Named')})}${str('__proto__')}Ns\x92.`, 'args', { dicts: 'map' })
    refused(registry, `${g('Named')})}K\x01Ns\x92.`, 'kwargs')
  })

  test('state and items', () => {
    const hooks = { setState: count, append: count, setItem: count, addItem: count }
    const without = (name: keyof typeof hooks): Partial<TypeRecord> => ({ ...hooks, [name]: undefined }) as never
    const ACTS = { setState: ['Nb'], append: ['Na', '(Ne'], setItem: ['NNs', '(NNu'], addItem: ['(N\x90'] } as const
    for (const name of Object.keys(ACTS) as (keyof typeof ACTS)[]) {
      const registry = registryOf(record('With', hooks), record('Without', without(name)))
      for (const act of ACTS[name]) {
        calls = 0
        loads(bytes(`${g('With')})R${act}.`), { registry })
        expect(calls).toBe(1)
        refused(registry, `${g('Without')})R${act}.`, name === 'setState' ? 'state' : 'target')
        // Neither a class nor what nobody made takes anything.
        refused(registry, `${g('With')}${act}.`, name === 'setState' ? 'build-target' : 'target')
      }
    }
    const stated = registryOf(
      record('T', { ...hooks, state: 'dict|none' }),
      record('None', { ...hooks, state: 'none' }),
    )
    for (const state of [']', 'K\x01', ')']) refused(stated, `${g('T')})R${state}b.`, 'state')
    refused(stated, `${g('None')})RNb.`, 'state')
  })

  test('in records of findClass, and where they are none', () => {
    const given = (made: object): LoadOptions => ({ findClass: () => made as TypeRecord })
    const registry = createRegistry([])
    refused(
      registry,
      `${g('T')})\x81.`,
      'construct-not-allowed',
      given({ module: 'm', name: 'T', opcodes: ['newobj_ex'], create: count }),
    )
    // 'newobj_ex' as a string includes 'newobj'; it is no list.
    for (const wrong of [
      { opcodes: 'newobj_ex' },
      { opcodes: ['new'] },
      { args: 'int' },
      { args: { min: 0 } },
      { kwargs: 'k' },
      { append: 1 },
      { create: undefined },
      { module: 5 },
      // Each equal number in the pickle would be that global.
      { value: 5, opcodes: ['reduce'] },
      { value: null },
      { class: 5 },
    ]) {
      refused(registry, `${g('T')})\x81.`, 'option', given({ module: 'm', name: 'T', create: count, ...wrong }))
    }
    // The codec's own forms are no one else's.
    refused(
      registry,
      `${g('T')}${g('T')}${str('x')}\x86R.`,
      'args',
      given({ module: 'm', name: 'T', form: 'getattr', args: [], create: count }),
    )
    const throwing = {
      get module() {
        throw new Error('mine')
      },
    }
    refused(registry, `${g('T')}.`, 'callback', given(throwing))
  })
})

describe('what a plugin is given', () => {
  /** The functions and objects that can be reached from a value without calling anything. */
  function reachable(value: unknown): Set<unknown> {
    const seen = new Set<unknown>()
    const visit = (part: unknown): void => {
      if ((typeof part !== 'object' && typeof part !== 'function') || part === null || seen.has(part)) return
      if (part === Object.prototype || part === Function.prototype) return
      seen.add(part)
      visit(Object.getPrototypeOf(part))
      for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(part)))
        for (const next of [value, get, set]) visit(next)
    }
    visit(value)
    return seen
  }

  test('is check, memoryOf and budget, and nothing can be reached from there', () => {
    const given: { self: unknown; ctx: LoadContext }[] = []
    const own = record('T', {
      create(this: unknown, _, ctx) {
        given.push({ self: this, ctx })
        return {}
      },
      setState(this: unknown, _, __, ctx) {
        given.push({ self: this, ctx })
      },
    })
    loads(bytes(`${g('T')})RNb.`), { registry: registryOf(own) })
    expect(given).toHaveLength(2)
    for (const { self, ctx } of given) {
      expect(self).toBe(own)
      expect(Object.getPrototypeOf(ctx)).toBe(Object.prototype)
      expect(Object.keys(ctx)).toEqual(['check', 'memoryOf', 'budget'])
      const names = ['int', 'bigint', 'float', 'bool', 'str', 'bytes', 'list', 'tuple', 'dict', 'set']
      const methods = Object.getPrototypeOf(ctx.check) as object
      expect(Object.getOwnPropertyNames(methods).sort()).toEqual(['constructor', ...names].sort())
      expect((methods as { constructor: unknown }).constructor).toBeUndefined()
      expect(Object.isFrozen(methods)).toBe(true)
      // Functions, the three objects and the methods: no machine, no registry, no stack, no class.
      const all = [...reachable(ctx)]
      expect(all.filter((part) => typeof part === 'object')).toHaveLength(4)
      expect(all.filter((part) => typeof part === 'function' && Object.hasOwn(part, 'prototype'))).toEqual([])
    }
  })

  test('cannot be changed: the other records of a load are given the same', () => {
    const changes: ((ctx: LoadContext) => unknown)[] = [
      (ctx) => Object.assign(ctx, { memoryOf: () => 0 }),
      ({ check }) => Object.defineProperty(check, 'int', { value: () => 42 }),
      ({ budget }) => Object.assign(budget, { spend: () => {} }),
    ]
    for (const change of changes) {
      const registry = registryOf(record('T', { create: (_, ctx) => change(ctx) as object }))
      expect(errorOf(() => loads(bytes(`${g('T')})R.`), { registry })).code).toBe('reducer')
    }
  })

  test('functions may be taken out of it, and of its check what is called on it', () => {
    const types = [
      record('T', { create: (args, { memoryOf, budget: { spend } }) => ({ spent: spend(1), ...memoryOf(args[0]) }) }),
    ]
    expect(loads(bytes(`${g('T')}C\x03abc\x85R.`), { registry: registryOf(...types) })).toMatchObject({
      byteLength: 3,
      readonly: true,
    })
  })

  test('decoded values, and neither the mapping nor the dicts in force', () => {
    const create: TypeRecord['create'] = ([int, float, dict, set, list], { check }) => ({
      seen: [
        check.int(int, 'int'),
        check.bigint(int, 'int'),
        check.float(float, 'float'),
        [...check.dict(dict, 'dict').keys()],
        check.set(set, 'set').length,
        check.list(list, 'list').length,
      ],
    })
    const registry = registryOf(record('T', { args: ['int', 'float', 'dict', 'set', 'list'], create }))
    const pickle = bytes(`${g('T')}(K\x07G?\xf0\0\0\0\0\0\0}${str('k')}Ns\x8f(K\x01K\x02\x90]t\x81.`)
    const seen = { seen: [7, 7n, 1, ['k'], 2, 0] }
    const all: LoadOptions[] = [{}, { mapping: 'exact' }, { dicts: 'map' }, { dicts: 'object' }]
    for (const options of all) expect(loads(pickle, { registry, ...options })).toEqual(seen)
  })

  test('checks say module, name, place and what was found, and pass as they are', () => {
    const registry = registryOf(
      record('T', { create: ([value], { check }) => ({ size: check.int(value, 'the size') }) }),
    )
    for (const mapping of ['native', 'exact'] as const) {
      const error = errorOf(() => loads(bytes(`N0${g('T')}N\x85R.`), { registry, mapping }))
      expect(error).toBeInstanceOf(UnpicklingError)
      expect(error).toMatchObject({ code: 'args', offset: 11 })
      expect(error.message).toBe('"m" "T": the size must be an int in the safe range, found None (REDUCE at byte 11)')
    }
  })

  test('an error that a check threw earlier, thrown by another record, is that record’s', () => {
    let kept: unknown
    const registry = registryOf(
      record('Catches', {
        create: ([value], { check }) => {
          try {
            check.int(value, 'it')
          } catch (error) {
            kept = error
          }
          return {}
        },
      }),
      record('Throws', {
        create: () => {
          throw kept
        },
      }),
    )
    const error = errorOf(() => loads(bytes(`${g('Catches')}N\x85R0${g('Throws')})R.`), { registry }))
    expect(error).toMatchObject({ code: 'reducer', globalName: 'Throws', cause: kept })
  })
})

describe('what create may return', () => {
  const resultOf = (
    result: unknown,
    more: Partial<TypeRecord> = {},
    registry = registryOf(record('T', { create: () => result, ...more })),
  ) => loads(bytes(`${g('T')})R.`), { registry })

  class Thing {}

  test('any value, null and undefined too', () => {
    for (const value of [
      1,
      'a',
      null,
      undefined,
      true,
      5n,
      new Thing(),
      () => 1,
      new PickleBuffer(new Uint8Array(1)),
      Tuple.of(1),
    ]) {
      expect(resultOf(value)).toBe(value)
    }
  })

  test('with a class, or with a state that it needs, an object', () => {
    for (const value of [null, undefined, 1, 'a']) {
      for (const more of [{ class: Thing }, { stateRequired: true, setState: () => {} }] as Partial<TypeRecord>[]) {
        expect(errorOf(() => resultOf(value, more)).message).toContain('does create return it?')
      }
    }
  })

  test('no reference that only the reader hands out, nothing to await, not notMine', () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what is refused
    const thenable = { then: () => {} }
    for (const value of [new GlobalRef('m', 'T'), new ExtensionRef(1), thenable, Promise.resolve(), notMine]) {
      expect(errorOf(() => resultOf(value)).code).toBe('result')
    }
    const registered = registryOf(
      record('T', { create: () => Thing }),
      record('Thing', { class: Thing, create: () => new Thing() }),
    )
    expect(errorOf(() => resultOf(undefined, {}, registered)).code).toBe('result')
  })

  test('the record that made an object first owns it, whoever returns it again', () => {
    const log: string[] = []
    const hook =
      (name: string) =>
      (_: unknown, item: unknown): void =>
        void log.push(`${name} ${item}`)
    const registry = registryOf(
      record('Makes', { append: hook('Makes') }),
      record('Passes', { create: ([value]) => value, append: hook('Passes') }),
    )
    loads(bytes(`${g('Passes')}${g('Makes')})R\x85RK\x01a.`), { registry })
    expect(log).toEqual(['Makes 1'])
    // What the caller gave stays opaque.
    const mine: unknown[] = []
    const pickle = bytes(`${g('Passes')}NQ\x85RK\x01a.`)
    expect(errorOf(() => loads(pickle, { registry, persistentLoad: () => mine })).code).toBe('target')
    expect([log, mine]).toEqual([['Makes 1'], []])
  })
})

describe('two-phase construction', () => {
  class Node {
    state: unknown
    list: unknown[] = []
    readonly map = new Map<unknown, unknown>()
    readonly set = new Set<unknown>()
  }
  const PARTS = {
    state: (node: Node, inner: unknown) => ({ args: [], state: inner, node }),
    listItems: (node: Node, inner: unknown) => ({ args: [], listItems: [inner], node }),
    dictItems: (node: Node, inner: unknown) => ({ args: [], dictItems: [['k', inner] as const], node }),
  }
  const codec = (reduce: (node: Node) => { args: []; state?: unknown; listItems?: unknown[] }) =>
    createPickle({
      plugins: [
        {
          id: 'nodes',
          types: [
            pyType<Node>({
              module: 'm',
              name: 'Node',
              class: Node,
              create: () => new Node(),
              setState: (node, state) => {
                node.state = state
              },
              append: (node, item) => void node.list.push(item),
              setItem: (node, key, value) => void node.map.set(key, value),
              addItem: (node, item) => void node.set.add(item),
              reduce: (node) => reduce(node),
            }),
          ],
        },
      ],
    })
  const innerOf = (node: Node): unknown => node.state ?? node.list[0] ?? node.map.get('k')

  test.each(Object.keys(PARTS) as (keyof typeof PARTS)[])('cycles through %s, at every protocol', (part) => {
    const { dumps, loads } = codec(((node: Node) => PARTS[part](node, node.state)) as never)
    for (const protocol of [0, 1, 2, 3, 4, 5] as const) {
      for (const [name, wrap, unwrap] of [
        ['itself', (node: unknown) => node, (value: unknown) => value],
        ['in a list', (node: unknown) => [node], (value: unknown) => (value as unknown[])[0]],
        ['in a tuple', (node: unknown) => Tuple.of(node), (value: unknown) => (value as Tuple)[0]],
        ['in a dict', (node: unknown) => ({ node }), (value: unknown) => (value as { node: unknown }).node],
      ] as const) {
        const node = new Node()
        node.state = wrap(node)
        const read = loads<Node>(dumps(node, { protocol }))
        expect(unwrap(innerOf(read)) === read, `${name} at ${protocol}`).toBe(true)
        // From the other side: the container is the outermost.
        const outer = loads<unknown[]>(dumps([node, node], { protocol }))
        expect(outer[0] === outer[1] && unwrap(innerOf(outer[0] as Node)) === outer[0]).toBe(true)
      }
    }
  })

  test('cycles through set items, which only Python writes', () => {
    const { loads } = codec(() => ({ args: [] }))
    const node = loads<Node>(bytes(`${global('m', 'Node')})\x81\x94(h\x00\x90.`))
    expect(node.set.has(node)).toBe(true)
  })

  test('a state that is required', () => {
    const registry = registryOf(record('Needs', { stateRequired: true, setState: () => {} }))
    const needs = `${g('Needs')})R`
    for (const pickle of [
      `${needs}.`,
      `N${needs}0.`,
      `${needs}q\x000N.`,
      `${needs}q\x00\x85.`,
      `(${needs}Nb${needs}t.`,
    ]) {
      const error = errorOf(() => loads(bytes(pickle), { registry }))
      expect(error.code, pickle).toBe('state-required')
      expect(error.message).toContain('an object of "m" "Needs" never got the state')
    }
    expect(loads(bytes(`${needs}Nb.`), { registry })).toEqual({})
    expect(loads(bytes(`${needs}q\x000](h\x00Nbe.`), { registry })).toEqual([{}])
    const session = new Unpickler(bytes(`${needs}q\x00.Nh\x00Nb0.`), { registry, memo: 'shared' })
    expect(errorOf(() => session.load()).code).toBe('state-required')
    expect(errorOf(() => session.load()).code).toBe('closed')
  })
})

describe('what plugin code does with what it is given, and when', () => {
  test('a container that it froze is filled no more', () => {
    const registry = registryOf(record('T', { create: ([given]) => ({ given: Object.freeze(given) }) }))
    const fill = (container: string, rest: string): string => `(${container}q\x00${g('T')}h\x00\x85Rh\x00${rest}t.`
    for (const [container, rest] of [
      [']', 'Na'],
      [']', '(NNe'],
      [`}${str('k')}Ns`, `${str('l')}Ns`],
      [`}${str('k')}Ns`, `(${str('l')}Nu`],
      ['}K\x01Ns', 'K\x02Ns'],
      ['\x8f', '(N\x90'],
    ] as const) {
      for (const mapping of ['native', 'exact'] as const) {
        expect(errorOf(() => loads(bytes(fill(container, rest)), { registry, mapping })).code).toBe('target')
      }
      const kept = registryOf(record('T', { create: ([given]) => ({ given }) }))
      expect(loads<unknown[]>(bytes(fill(container, rest)), { registry: kept })).toHaveLength(3)
    }
  })

  test('it must be done when it returns', () => {
    const late = async (): Promise<void> => {}
    const parts = { setState: 'Nb', append: 'Na', setItem: 'NNs', addItem: '(N\x90' }
    for (const [member, pickle] of Object.entries(parts)) {
      const registry = registryOf(record('T', { [member]: late }))
      const error = errorOf(() => loads(bytes(`${g('T')})R${pickle}.`), { registry }))
      expect(error).toMatchObject({ code: 'result', offset: bytes(`${g('T')})R${pickle}`).length - 1 })
      expect(error.message).toContain(`a promise in ${member}, which cannot be async`)
    }
  })

  test('each pickle of a session has its own budget, also where the memo is shared', () => {
    const registry = registryOf(record('T', {}))
    for (const memo of ['own', 'shared'] as const) {
      const session = new Unpickler(bytes(`${g('T')})R.`.repeat(5)), { registry, memo, limits: { maxPluginCalls: 1 } })
      while (!session.atEnd) expect(session.load()).toEqual({})
    }
  })

  test('what a session made is let go of by clearMemo', () => {
    const one = {}
    const registry = registryOf(
      record('T', { create: () => one, append: () => {} }),
      record('U', { create: () => one }),
    )
    const session = new Unpickler(bytes(`${g('T')})R.${g('U')})RNa.${g('U')})RNa.`), { registry, memo: 'shared' })
    session.load()
    expect(session.load()).toBe(one)
    session.clearMemo()
    // Now the second record returned it first, and takes no items.
    expect(errorOf(() => session.load()).code).toBe('target')
  })
})

describe('what plugin code throws', () => {
  const mine = new RangeError('mine')
  const boom = (): never => {
    throw mine
  }
  const THROWING: Readonly<Record<string, { more: Partial<TypeRecord>; pickle: string; offset: number }>> = {
    create: { more: { create: boom }, pickle: ')R', offset: 8 },
    'create by NEWOBJ': { more: { create: boom }, pickle: ')\x81', offset: 8 },
    'a check of args': { more: { args: [boom] }, pickle: 'N\x85R', offset: 9 },
    'a check of the rest': { more: { args: { min: 0, max: 1, rest: boom } }, pickle: 'N\x85R', offset: 9 },
    'a check of state': { more: { state: boom, setState: () => {} }, pickle: ')RNb', offset: 10 },
    setState: { more: { setState: boom }, pickle: ')RNb', offset: 10 },
    append: { more: { append: boom }, pickle: ')R(Ne', offset: 11 },
    setItem: { more: { setItem: boom }, pickle: ')RNNs', offset: 11 },
    addItem: { more: { addItem: boom }, pickle: ')R(N\x90', offset: 11 },
    'a then that is a getter': {
      more: { create: () => Object.defineProperty({}, 'then', { get: boom }) },
      pickle: ')R',
      offset: 8,
    },
  }

  test.each(Object.entries(THROWING))('%s', (_, { more, pickle, offset }) => {
    const registry = registryOf(record('T', more))
    const session = new Unpickler(bytes(`${g('T')}${pickle}.N.`), { registry })
    const error = errorOf(() => session.load())
    expect(error).toBeInstanceOf(ReducerError)
    expect(error).toMatchObject({
      code: 'reducer',
      pluginId: 'app',
      module: 'm',
      globalName: 'T',
      where: 'm.T',
      offset,
    })
    expect(error.cause).toBe(mine)
    expect(error.message).toBe(`app threw for m.T (at byte ${offset}): "mine"`)
    // The session is dead; another load is not.
    expect(errorOf(() => session.load()).code).toBe('closed')
    expect(loads(bytes('N.'), { registry })).toBe(null)
  })

  test('whatever it is: undefined, an error of a load inside, one of our errors made by hand', () => {
    const causes: (() => unknown)[] = [
      () => undefined,
      () => null,
      () => 'text',
      () => errorOf(() => loads(bytes('\xff'))),
    ]
    for (const cause of causes) {
      const thrown = cause()
      const registry = registryOf(
        record('T', {
          create: () => {
            throw thrown
          },
        }),
      )
      const error = errorOf(() => loads(bytes(`${g('T')})R.`), { registry }))
      expect(error).toMatchObject({ code: 'reducer', module: 'm', globalName: 'T', offset: 8 })
      expect(error.cause).toBe(thrown)
    }
  })
})

describe('functions and constants go by reference', () => {
  let calls = 0
  const half = (x: number): number => {
    calls++
    return x / 2
  }
  class Unit {
    readonly name: string
    constructor(name: string) {
      this.name = name
    }
  }
  const METRE = new Unit('m')
  const types = [
    pyType({ module: 'my.math', name: 'half', value: half }),
    pyType({ module: 'units', name: 'METRE', value: METRE }),
    pyType({ module: 'units', name: 'unit', opcodes: ['reduce'], create: () => METRE, setState: () => void calls++ }),
  ]
  const { dumps: write, loads: read, registry } = createPickle({ plugins: [{ id: 'app', types }] })

  test('to the registered name, in both directions, at every protocol', () => {
    for (const protocol of [0, 1, 2, 3, 4, 5] as const) {
      const pickle = write([half, METRE, half, METRE], { protocol })
      expect(read(pickle)).toEqual([half, METRE, half, METRE])
      expect(read<unknown[]>(pickle)[1]).toBe(METRE)
      expect(loads(pickle, { unknownGlobals: 'inert' })).toMatchObject([
        { module: 'my.math', name: 'half' },
        { module: 'units', name: 'METRE' },
        { module: 'my.math', name: 'half' },
        { module: 'units', name: 'METRE' },
      ])
    }
  })

  test('a pickle can neither call nor change them', () => {
    calls = 0
    const named = global('my.math', 'half')
    for (const pickle of [
      `${named}K\x01\x85R.`,
      `${named}K\x01\x85\x81.`,
      `(${named}K\x01o.`,
      '(K\x01imy.math\nhalf\n.',
    ]) {
      expect(errorOf(() => read(bytes(pickle))).code).toBe('construct-not-allowed')
    }
    for (const act of ['Nb', 'Na', 'NNs', '(N\x90']) {
      expect(errorOf(() => read(bytes(`${named}${act}.`))).code).toMatch(/target$/)
      expect(errorOf(() => read(bytes(`${global('units', 'METRE')}${act}.`))).code).toMatch(/target$/)
      // A constant that a call gives is still the constant, and no object of that call.
      expect(errorOf(() => read(bytes(`${global('units', 'unit')})R${act}.`))).code).toMatch(/target$/)
    }
    expect(read(bytes(`${global('units', 'unit')})R.`))).toBe(METRE)
    expect(calls).toBe(0)
  })

  test('nor what is in a constant of a built-in type', () => {
    const makes: (() => object)[] = [() => [1], () => ({ a: 1 }), () => new Map([[1, 2]]), () => new Set([1])]
    const acts = ['Na', '(NNe', 'NNs', `${str('x')}Ns`, `(${str('x')}Nu`, '(N\x90']
    for (const make of makes) {
      const value = make()
      const constant: TypeRecord = { module: 'm', name: 'c', value }
      const registry = registryOf(constant, record('T', { create: () => value }))
      for (const act of acts) {
        for (const [pickle, options] of [
          [`${g('c')}${act}.`, { registry }],
          [`${g('c')}q\x000h\x00${act}.`, { registry }],
          [`${g('T')})R${act}.`, { registry }],
          [`${g('c')}${act}.`, { findClass: () => constant }],
          [`${g('c')}0NQ${act}.`, { registry, persistentLoad: () => value }],
        ] as const) {
          expect([pickle, errorOf(() => loads(bytes(pickle), options)).code]).toEqual([pickle, 'target'])
        }
      }
      expect(value).toEqual(make())
      expect(loads(bytes(`${g('c')}.`), { registry })).toBe(value)
    }
  })

  test('with opcodes a pickle calls create, and the function never', () => {
    calls = 0
    const double = createRegistry([
      {
        id: 'app',
        types: [
          pyType({
            module: 'm',
            name: 'half',
            value: half,
            opcodes: ['reduce'],
            args: ['float'],
            create: ([x]) => ({ half: x }),
          }),
        ],
      },
    ])
    expect(loads(bytes(`${g('half')}K\x01\x85R.`), { registry: double })).toEqual({ half: 1 })
    expect(loads(dumps(half, { registry: double }), { registry: double })).toBe(half)
    expect(calls).toBe(0)
  })

  test('one without a name is an error that says how to give it one', () => {
    const error = errorOf(() => dumps({ f: () => 1 }, { registry }))
    expect(error.message).toContain('register `pyType({ module, name, value })`')
    expect(error).toMatchObject({ code: 'unpicklable', path: '$.f' })
  })
})
