/** Values that throw where they are looked at: always a PicklingError, with the path and the cause. */
import {
  ByteArray,
  createRegistry,
  dumps,
  Ellipsis,
  Float,
  FrozenSet,
  GlobalRef,
  isPickleError,
  loads,
  Pickler,
  PicklingError,
  PyDict,
  PySet,
  reducer,
} from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'

class Thing {}
const registry = createRegistry([
  { id: 'app', reducers: [reducer(Thing, () => ({ callable: new GlobalRef('m', 'T'), args: [] }))] },
])

const pickling = (run: () => unknown): PicklingError => errorOf(run, PicklingError)

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}
const endless = (): unknown => {
  const proxy: object = new Proxy({}, { getPrototypeOf: () => proxy })
  return proxy
}
const boom = (): never => {
  throw new RangeError('mine')
}
const VALUES: Readonly<Record<string, () => unknown>> = {
  'a revoked Proxy': () => revoked({}),
  'a revoked Proxy of an array': () => revoked([]),
  'a revoked Proxy of a function': () => revoked(() => 1),
  'a Proxy of a Map': () => new Proxy(new Map([[1, 2]]), {}),
  'a Proxy of a Set': () => new Proxy(new Set([1]), {}),
  'a Proxy of bytes': () => new Proxy(new Uint8Array(2), {}),
  'a trap that throws': () => new Proxy({}, { ownKeys: boom }),
  'a trap below in the chain': () => Object.create(new Proxy({}, { getPrototypeOf: boom })),
  'a getter': () => Object.defineProperty({}, 'a', { enumerable: true, get: boom }),
  'a getter of an item': () => Object.defineProperty([1, [2]], 1, { get: boom }),
  'a getter named constructor': () => Object.create(Object.defineProperty({}, 'constructor', { get: boom })),
  'a class with a static getter name': () => Object.defineProperty(class {}, 'name', { get: boom }),
  ...Object.fromEntries(
    [Map, Set, Uint8Array, ByteArray, Float, FrozenSet, PyDict, PySet, GlobalRef].map((type) => [
      `no ${type.name}, though its prototype says so`,
      () => Object.create(type.prototype),
    ]),
  ),
  'no Ellipsis': () => Object.create(Object.getPrototypeOf(Ellipsis)),
}

describe('what throws where it is looked at', () => {
  test.each(Object.entries(VALUES))('%s', (_, make) => {
    for (const options of [{}, { registry }, { protocol: 2 as const, registry }]) {
      const error = pickling(() => dumps({ rows: [1, make()] }, options))
      expect(error.code).toBe('unreadable')
      expect(error.path).toMatch(/^\$\.rows/)
      expect(dumps([1], options)).toEqual(dumps([1], options))
    }
  })

  test('gives its cause, whatever it is, and an error of another load does not look like one of this dump', () => {
    const inner = (): unknown => loads(Uint8Array.of(0xff))
    let nested: unknown
    try {
      inner()
    } catch (error) {
      nested = error
    }
    for (const cause of [new Error('x'), null, undefined, 'text', Object.freeze(new TypeError('y')), nested]) {
      const getter = {
        get a(): never {
          throw cause
        },
      }
      const error = pickling(() => dumps([getter]))
      expect(error.code).toBe('unreadable')
      expect(error.cause).toBe(cause)
    }
  })

  test('a Proxy whose chain never ends is an object that nobody writes', () => {
    expect(pickling(() => dumps([endless()]))).toMatchObject({ code: 'unpicklable', path: '$[0]' })
  })

  test('a Pickler is closed by it', () => {
    const pickler = new Pickler()
    expect(pickling(() => pickler.dump([revoked({})])).code).toBe('unreadable')
    expect(pickling(() => pickler.dump(1)).code).toBe('closed')
  })
})

test('a class whose static name is no string is described all the same', () => {
  for (const name of [() => 1, Symbol('s'), 5, null]) {
    const type = Object.defineProperty(class {}, 'name', { value: name })
    expect(pickling(() => dumps([type])).code).toBe('unpicklable')
    const types = ['a', 'b'].map((id) => ({
      id,
      reducers: [reducer(type, () => ({ callable: new GlobalRef('m', 'T'), args: [] }))],
    }))
    expect(() => createRegistry(types)).toThrow('the class "object" is owned by two plugins, "a" and "b"')
  }
})

test('a memo is not cleared while a dump refers to it', () => {
  const shared: unknown[] = []
  let caught: unknown
  const pickler: Pickler = new Pickler(undefined, {
    reducerOverride: () => {
      try {
        pickler.clearMemo()
      } catch (error) {
        caught = error
      }
      return { callable: new GlobalRef('m', 'T'), args: [shared] }
    },
  })
  const [first, object, last] = loads<[unknown, { args: readonly unknown[] }, unknown]>(
    pickler.dump([shared, new Thing(), shared]),
    { unknownGlobals: 'inert' },
  )
  expect(isPickleError(caught, 'busy')).toBe(true)
  expect(first).toBe(last)
  expect(object.args[0]).toBe(first)
})
