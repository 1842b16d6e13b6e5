/** Every code of writing, of buffers and of registries is produced here once; a code without a producer fails. */
import {
  BUFFER_MESSAGES,
  createRegistry,
  type DumpContext,
  type DumpOptions,
  definePlugin,
  dumps,
  GlobalRef,
  isPickleError,
  PICKLING_MESSAGES,
  PickleBuffer,
  Pickler,
  PicklingError,
  type Plugin,
  pyType,
  REGISTRY_MESSAGES,
  ReducerError,
  type Reduction,
  RegistryError,
  reducer,
} from '@pickle-ts/pickle-core'
import { Pickle, PicklePlugin, pickleModule } from '@pickle-ts/pickle-core/inversify'
import { Container } from 'inversify'
import { describe, expect, test } from 'vitest'

class Thing {}

const reduction: Reduction = { callable: new GlobalRef('m', 'f'), args: [] }
/** A dump of one object that these options reduce. */
const reduce = (reducerOverride: NonNullable<DumpOptions['reducerOverride']>, options: DumpOptions = {}): Uint8Array =>
  dumps(new Thing(), { ...options, reducerOverride })
const boom = (): never => {
  throw new Error('boom')
}
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
const detached = (): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(8)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}

/** What throws the error, and the path that it names, where it has one. */
interface Producer {
  readonly run: () => unknown
  readonly path?: string
}

const PICKLING: Record<keyof typeof PICKLING_MESSAGES, readonly Producer[]> = {
  unpicklable: [
    { run: () => dumps({ rows: [{ key: undefined }] }), path: '$.rows[0].key' },
    { run: () => dumps(Object.assign([1], { 2: 3 })), path: '$[1]' },
    { run: () => dumps([Symbol('s')]), path: '$[0]' },
    { run: () => dumps([() => 1]), path: '$[0]' },
    { run: () => dumps({ 'a b': new Date(0) }), path: '$["a b"]' },
    { run: () => dumps(new Float64Array(1)), path: '$' },
    { run: () => dumps(new Map<unknown, unknown>([[1, new Thing()]])), path: '$[1]' },
    { run: () => dumps(new ArrayBuffer(1)), path: '$' },
  ],
  depth: [
    { run: () => dumps([[[[]]]], { limits: { maxDepth: 2 } }) },
    {
      run: () => {
        let deep: unknown[] = []
        for (let i = 0; i < 20_000; i++) deep = [deep]
        return dumps(deep)
      },
    },
  ],
  unreadable: [
    { run: () => dumps({ rows: [revoked()] }), path: '$.rows' },
    { run: () => dumps([new Proxy(new Map([[1, 2]]), {})]), path: '$[0]' },
    { run: () => dumps([Object.create(PickleBuffer.prototype)]), path: '$[0]' },
    {
      run: () =>
        dumps([
          {
            get a() {
              return boom()
            },
          },
        ]),
      path: '$[0]',
    },
  ],
  'equal-keys': [
    {
      run: () =>
        dumps(
          new Map<unknown, string>([
            [1, 'a'],
            [true, 'b'],
          ]),
        ),
      path: '$',
    },
    { run: () => dumps([new Set<unknown>([1, 1n])]), path: '$[0]' },
    { run: () => dumps(new Set<unknown>([new Uint8Array([1]), new Uint8Array([1])])), path: '$' },
  ],
  unhashable: [
    { run: () => dumps(new Map<unknown, number>([[[], 1]])), path: '$' },
    { run: () => dumps({ s: new Set<unknown>([{}]) }), path: '$.s' },
  ],
  'reduce-value': [
    { run: () => reduce(() => ({ ...(reduction as object), kwargs: new Map([[1, 2]]) }) as never) },
    { run: () => reduce((async () => reduction) as never) },
    { run: () => reduce(() => undefined as never), path: '$' },
    { run: () => reduce(() => ({ args: [] }) as never), path: '$' },
    { run: () => reduce(() => ({ ...reduction, args: 'no' }) as never), path: '$' },
    { run: () => reduce(() => ({ ...reduction, callable: 'm.f' }) as never), path: '$' },
    { run: () => reduce(() => ({ ...reduction, kwargs: {} }) as never), path: '$' },
    { run: () => reduce(() => ({ ...reduction, listItems: 1 }) as never), path: '$' },
    { run: () => reduce(() => ({ ...reduction, dictItems: [1] }) as never), path: '$' },
    { run: () => reduce(() => ({ ...reduction, stateSetter: 'm.f' }) as never), path: '$' },
    { run: () => reduce(() => ({ ...reduction, construct: 'new' }) as never), path: '$' },
    { run: () => reduce(() => 'a name without a module'), path: '$' },
    { run: () => reduce(() => ({ callable: new GlobalRef('copyreg', '__newobj__'), args: [1] }) as never), path: '$' },
  ],
  reference: [
    { run: () => dumps(new GlobalRef('m\nn', 'f'), { protocol: 3 }), path: '$' },
    { run: () => dumps([new GlobalRef('m', '\xe9')], { protocol: 2 }), path: '$[0]' },
  ],
  'buffer-protocol': [{ run: () => dumps([new PickleBuffer(new Uint8Array(1))], { protocol: 4 }), path: '$[0]' }],
  'buffer-contiguous': [
    { run: () => dumps(new PickleBuffer(new Uint8Array(4), { shape: [2], strides: [2] })), path: '$' },
    {
      run: () => dumps(new PickleBuffer(new Uint8Array(4), { shape: [2], strides: [2] }), { bufferCallback: [] }),
      path: '$',
    },
  ],
  'buffer-released': [
    {
      run: () => {
        const buffer = new PickleBuffer(new Uint8Array(1))
        buffer.release()
        return dumps({ buffer })
      },
      path: '$.buffer',
    },
  ],
  'buffer-detached': [
    {
      run: () => {
        const bytes = new Uint8Array(8)
        const buffer = new PickleBuffer(bytes)
        structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
        return dumps(buffer)
      },
      path: '$',
    },
    { run: () => dumps([detached()]), path: '$[0]' },
  ],
  'persistent-id': [
    { run: () => dumps([1], { protocol: 0, persistentId: () => 'two\nlines' }), path: '$' },
    { run: () => dumps([1], { protocol: 0, persistentId: (value) => (value === 1 ? '\xe9' : null) }), path: '$[0]' },
    { run: () => dumps(1, { protocol: 0, persistentId: () => 7 }), path: '$' },
  ],
  callback: [
    { run: () => dumps([1], { persistentId: boom }), path: '$' },
    { run: () => dumps([new Thing()], { instPersistentId: boom }), path: '$[0]' },
    { run: () => dumps([new PickleBuffer(new Uint8Array(1))], { bufferCallback: boom }), path: '$[0]' },
  ],
  busy: [
    {
      run: () => {
        let caught: unknown
        const pickler = new Pickler(undefined, {
          reducerOverride: () => {
            try {
              pickler.dump(1)
            } catch (error) {
              caught = error
            }
            return reduction
          },
        })
        pickler.dump(new Thing())
        throw caught
      },
    },
  ],
  closed: [
    {
      run: () => {
        const pickler = new Pickler()
        expect(() => pickler.dump([undefined])).toThrow(PicklingError)
        pickler.dump(1)
      },
    },
  ],
  option: [
    { run: () => dumps(1, { protocol: 6 as never }) },
    { run: () => dumps(1, { protocol: -1 as never }) },
    { run: () => dumps(1, { protocol: 1.5 as never }) },
    { run: () => dumps(1, { protocol: 'latest' as never }) },
    { run: () => dumps(1, { protocol: 4, bufferCallback: [] }) },
    { run: () => dumps(1, { bufferCallback: {} as never }) },
    { run: () => dumps(1, { limits: { maxDepth: Number.NaN } }) },
    { run: () => new Pickler(undefined, { protocol: 9 as never }) },
  ],
}

const record = (module: string, name: string, type?: typeof Thing) =>
  pyType<Thing>({ module, name, create: () => new Thing(), ...(type === undefined ? {} : { class: type }) })
const plugin = (id: string, rest: Omit<Plugin, 'id'> = {}): Plugin => definePlugin({ id, ...rest })
const extension = (code: number) => ({ code, module: 'm', name: 'T' })

const REGISTRY: Record<keyof typeof REGISTRY_MESSAGES, readonly (() => unknown)[]> = {
  'duplicate-global': [
    () => createRegistry([plugin('a', { types: [record('m', 'T')] }), plugin('b', { types: [record('m', 'T')] })]),
    // The codec's own globals are owned too.
    () => createRegistry([plugin('a', { types: [record('builtins', 'set')] })]),
  ],
  'duplicate-class': [
    () =>
      createRegistry([
        plugin('a', { reducers: [reducer(Thing, () => reduction)] }),
        plugin('b', { reducers: [reducer(Thing, () => reduction)] }),
      ]),
    () => createRegistry([plugin('a', { types: [record('m', 'T', Thing), record('m', 'U', Thing)] })]),
  ],
  'duplicate-id': [() => createRegistry([plugin('a'), plugin('a')])],
  'duplicate-extension': [
    () =>
      createRegistry([
        plugin('a', { extensionCodes: [extension(1)] }),
        plugin('b', { extensionCodes: [extension(1)] }),
      ]),
  ],
  'extension-codes': [
    () =>
      createRegistry([
        plugin('a', { extensionCodes: [extension(1)] }),
        plugin('b', { extensionCodes: [extension(2)] }),
      ]),
  ],
  replace: [
    () => createRegistry([]).extend(plugin('a', { types: [record('m', 'T')] }), { replace: [['m', 'T']] }),
    () => createRegistry([plugin('a', { types: [record('m', 'T')] })]).extend(plugin('b'), { replace: [['m', 'T']] }),
    () => createRegistry([plugin('a', { replaces: { b: [Thing] } })]),
  ],
  'extends-cycle': [
    () => {
      const a: Plugin = { id: 'a', extends: [] }
      const b = plugin('b', { extends: [a] })
      ;(a.extends as Plugin[]).push(b)
      return createRegistry([a])
    },
  ],
  'plugin-shape': [
    () => createRegistry([{} as never]),
    () => createRegistry([null as never]),
    () => createRegistry([plugin('a', { types: [{ module: 'm', name: 'T' } as never] })]),
    () => createRegistry([plugin('a', { extensionCodes: [extension(0)] })]),
    () => createRegistry([plugin('a', { extensionCodes: [extension(0x8000_0000)] })]),
  ],
  'plugin-scope': [
    () => {
      const container = new Container()
      container.load(pickleModule)
      container.bind(PicklePlugin).toDynamicValue(() => plugin('a'))
      return container.get(Pickle)
    },
  ],
}

const BUFFER: Record<keyof typeof BUFFER_MESSAGES, readonly (() => unknown)[]> = {
  'buffer-type': [
    () => new PickleBuffer('text' as never),
    () => new PickleBuffer([1] as never),
    () => new PickleBuffer(null as never),
  ],
  'buffer-layout': [
    () => new PickleBuffer(new Uint8Array(4), { shape: [5] }),
    () => new PickleBuffer(new Uint8Array(4), { shape: [-1] }),
    () => new PickleBuffer(new Uint8Array(4), { shape: [2], strides: [4] }),
    () => new PickleBuffer(new Uint8Array(4), { shape: [2], strides: [-1] }),
    () => new PickleBuffer(new Uint8Array(4), { itemSize: 0 }),
    () => new PickleBuffer(new Uint8Array(4), { shape: [2, 2], strides: [1] }),
    () => new PickleBuffer(new Uint8Array(4), { shape: [2 ** 40, 2 ** 40] }),
  ],
  'buffer-contiguous': [() => new PickleBuffer(new Uint8Array(4), { shape: [2], strides: [2] }).raw()],
  'buffer-released': [
    () => {
      const buffer = new PickleBuffer(new Uint8Array(1))
      buffer.release()
      buffer.release()
      return buffer.raw()
    },
  ],
  'buffer-context': [
    () => {
      let kept: DumpContext | undefined
      reduce((_, ctx) => {
        kept = ctx
        return reduction
      })
      return kept?.shareView(new ArrayBuffer(1), 0, 1)
    },
  ],
  'buffer-impure': [
    () => {
      const memory = new ArrayBuffer(100)
      let start = 0
      const reducerOverride = (_: object, ctx: DumpContext): Reduction => ({
        callable: new GlobalRef('m', 'f'),
        args: [ctx.shareView(memory, start++, 10).buffer],
      })
      try {
        return dumps([new Thing(), new Thing()], { reducerOverride })
      } catch (error) {
        throw (error as ReducerError).cause
      }
    },
  ],
  'buffer-detached': [
    () => new PickleBuffer(detached()),
    () => {
      const buffer = new PickleBuffer(new ArrayBuffer(8))
      const { buffer: memory } = buffer
      structuredClone(memory, { transfer: [memory as ArrayBuffer] })
      return buffer.raw()
    },
    () => {
      const memory = new ArrayBuffer(8, { maxByteLength: 16 })
      const buffer = new PickleBuffer(memory)
      memory.resize(4)
      return buffer.raw()
    },
  ],
}

/** The error that a producer throws. */
function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('PicklingError', () => {
  test.each(Object.keys(PICKLING_MESSAGES) as (keyof typeof PICKLING_MESSAGES)[])('%s', (code) => {
    const producers = PICKLING[code]
    expect(producers.length).toBeGreaterThan(0)
    for (const { run, path } of producers) {
      const error = thrown(run) as PicklingError
      expect(error).toBeInstanceOf(PicklingError)
      expect(error.name).toBe('PicklingError')
      expect(error.code, error.message).toBe(code)
      expect(isPickleError(error, code)).toBe(true)
      if (path !== undefined) expect(error.path).toBe(path)
      expect(error.message).not.toContain('undefined object')
      if (code === 'callback') expect((error.cause as Error).message).toBe('boom')
    }
  })

  test('a failed dump leaves dumps usable', () => {
    for (const producers of Object.values(PICKLING)) {
      for (const { run } of producers) {
        thrown(run)
        expect(dumps([1])).toEqual(
          Uint8Array.of(0x80, 4, 0x95, 6, 0, 0, 0, 0, 0, 0, 0, 0x5d, 0x94, 0x4b, 1, 0x61, 0x2e),
        )
      }
    }
  })

  test('clearMemo opens a Pickler that failed', () => {
    const pickler = new Pickler()
    expect(() => pickler.dump([undefined])).toThrow(PicklingError)
    pickler.clearMemo()
    expect(pickler.dump([1])).toEqual(dumps([1]))
  })
})

describe('RegistryError', () => {
  test.each(Object.keys(REGISTRY_MESSAGES) as (keyof typeof REGISTRY_MESSAGES)[])('%s', (code) => {
    expect(REGISTRY[code].length).toBeGreaterThan(0)
    for (const run of REGISTRY[code]) {
      const error = thrown(run)
      expect(error).toBeInstanceOf(RegistryError)
      expect(error).toMatchObject({ name: 'RegistryError', code })
    }
  })

  test('both plugins are named', () => {
    const error = thrown(REGISTRY['duplicate-global'][0] as () => unknown) as Error
    expect(error.message).toBe('"m" "T" is owned by two plugins, "a" and "b"')
  })
})

describe('BufferError', () => {
  test.each(Object.keys(BUFFER_MESSAGES) as (keyof typeof BUFFER_MESSAGES)[])('%s', (code) => {
    expect(BUFFER[code].length).toBeGreaterThan(0)
    for (const run of BUFFER[code]) expect(thrown(run)).toMatchObject({ name: 'BufferError', code })
  })
})

describe('ReducerError', () => {
  const registry = createRegistry([plugin('my-plugin', { reducers: [reducer(Thing, boom)] })])

  test.each([
    ['my-plugin', () => dumps({ k: [new Thing()] }, { registry })],
    ['reducerOverride', () => dumps({ k: [new Thing()] }, { reducerOverride: boom })],
    ['dispatchTable', () => dumps({ k: [new Thing()] }, { dispatchTable: new Map([[Thing, boom]]) })],
  ] as const)('reducer: %s', (pluginId, run) => {
    const error = thrown(run) as ReducerError
    expect(error).toBeInstanceOf(ReducerError)
    expect(error).toMatchObject({ name: 'ReducerError', code: 'reducer', pluginId, where: '$.k[0]', offset: -1 })
    expect((error.cause as Error).message).toBe('boom')
    expect(error.message).toContain('"boom"')
  })

  test('reducer: the items of a reduce value', () => {
    function* broken(): Generator<number> {
      yield 1
      boom()
    }
    const error = thrown(() => reduce(() => ({ ...reduction, listItems: broken() }) as Reduction)) as ReducerError
    expect(error).toMatchObject({ code: 'reducer', where: '$' })
    expect((error.cause as Error).message).toBe('boom')
  })
})

test('isPickleError knows a PickleError by its brand, and its code', () => {
  const error = thrown(() => dumps(undefined))
  expect([isPickleError(error), isPickleError(error, 'unpicklable'), isPickleError(error, 'depth', 'busy')]).toEqual([
    true,
    true,
    false,
  ])
  const foreign = Object.create(Object.getPrototypeOf(error), { code: { value: 'unpicklable' } })
  expect(isPickleError(foreign, 'unpicklable')).toBe(true)
  for (const value of [null, undefined, 'unpicklable', { code: 'unpicklable' }, new Error('x')])
    expect(isPickleError(value)).toBe(false)
})
