/** Values that cannot be dumped, hooks that misbehave, and plugins that do not fit together. */
import type { Plugin, ReduceValue } from '../../../src/registry/contract.ts'
import { createRegistry } from '../../../src/registry/registry.ts'
import { ByteArray } from '../../../src/values/byte-array.ts'
import { FrozenSet } from '../../../src/values/frozen-set.ts'
import { GlobalRef } from '../../../src/values/global-ref.ts'
import { PickleBuffer } from '../../../src/values/pickle-buffer.ts'
import { PyDict } from '../../../src/values/py-dict.ts'
import { reduceEx } from '../../../src/values/reduce-ex.ts'
import { Tuple } from '../../../src/values/tuple.ts'
import type { DumpOptions } from '../../../src/write/dump-options.ts'
import { dumps } from '../../../src/write/dumps.ts'
import { Pickler } from '../../../src/write/pickler.ts'
import type { Vector } from './vector.ts'

class Thing {}

/** An object with a reducer of its own. */
class Reducing {
  readonly [reduceEx]: () => unknown

  constructor(reduce: () => unknown) {
    this[reduceEx] = reduce
  }
}

const REDUCTION: ReduceValue = { callable: new GlobalRef('m', 'f'), args: [] }
const boom = (): never => {
  throw new Error('mine')
}

const dump = (name: string, make: () => unknown, expected: string, options: DumpOptions = {}): Vector => ({
  name: `dumps: ${name}`,
  run: () => dumps(make(), options),
  expected,
})

const reduced = (name: string, reduction: unknown, expected: string): Vector =>
  dump(name, () => [new Thing()], expected, { reducerOverride: () => reduction as never })

function nest(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = wrap(value)
  return value
}

function detached(): Uint8Array {
  const view = new Uint8Array(8)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

function detachedByteArray(): ByteArray {
  const view = new ByteArray(8)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

function releasedBuffer(): PickleBuffer {
  const buffer = new PickleBuffer(new Uint8Array(1))
  buffer.release()
  return buffer
}

/** Levels of a value, and the path to the first that is too deep. */
const NESTS: readonly (readonly [name: string, wrap: (inner: unknown) => unknown, path: string])[] = [
  ['lists', (inner) => [inner], '$[0][0][0]'],
  ['lists of two', (inner) => [1, inner], '$[1][1][1]'],
  ['tuples', (inner) => Tuple.of(inner), '$[0][0][0]'],
  ['dicts', (inner) => ({ a: inner, b: 1 }), '$.a.a.a'],
  ['PyDicts', (inner) => new PyDict([[1, inner]]), '$[1][1][1]'],
  ['objects', (inner) => new Reducing(() => ({ ...REDUCTION, args: [inner] })), '$<args>[0]<args>'],
]

const VALUES: readonly Vector[] = [
  dump('undefined', () => ({ rows: [{ key: undefined }] }), 'unpicklable@$.rows[0].key'),
  dump('a symbol', () => [Symbol('s')], 'unpicklable@$[0]'),
  dump('a function', () => [() => 1], 'unpicklable@$[0]'),
  dump('a class', () => Thing, 'unpicklable@$'),
  dump('an object of a class', () => new Map<unknown, unknown>([[1, new Thing()]]), 'unpicklable@$[1]'),
  dump('an array with a hole', () => Object.assign([1], { 2: 3 }), 'unpicklable@$[1]'),
  dump('a Date', () => ({ 'a b': new Date(0) }), 'unpicklable@$["a b"]'),
  dump(
    'two equal keys',
    () =>
      new Map<unknown, string>([
        [1, 'a'],
        [true, 'b'],
      ]),
    'equal-keys@$',
  ),
  dump('two equal items', () => [new Set<unknown>([1, 1n])], 'equal-keys@$[0]'),
  dump('a list as a key', () => new Map<unknown, number>([[[], 1]]), 'unhashable@$'),
  dump('an object as an item', () => ({ s: new Set<unknown>([{}]) }), 'unhashable@$.s'),
  dump('detached bytes', () => [detached()], 'buffer-detached@$[0]'),
  dump('a detached bytearray', () => [detachedByteArray()], 'buffer-detached@$[0]'),
  dump('a PickleBuffer at protocol 4', () => [new PickleBuffer(new Uint8Array(1))], 'buffer-protocol@$[0]', {
    protocol: 4,
  }),
  dump('a released PickleBuffer', () => [releasedBuffer()], 'buffer-released@$[0]'),
  dump(
    'a PickleBuffer with gaps',
    () => [new PickleBuffer(new Uint8Array(4), { shape: [2], strides: [2] })],
    'buffer-contiguous@$[0]',
  ),
  dump('a global with a newline', () => [new GlobalRef('m\nn', 'f')], 'reference@$[0]', { protocol: 3 }),
  dump('a global that is not ASCII', () => [new GlobalRef('m', '\xe9')], 'reference@$[0]', { protocol: 2 }),
  ...([0, 4] as const).flatMap((protocol) =>
    NESTS.map(([name, wrap, path]) =>
      dump(`${name} too deep at protocol ${protocol}`, () => nest(4, wrap), `depth@${path}`, {
        protocol,
        limits: { maxDepth: 3 },
      }),
    ),
  ),
  dump('an empty tuple too deep', () => [new Tuple()], 'depth@$[0]', { limits: { maxDepth: 1 } }),
  // Without an opcode of its own it is a call with a list.
  dump('frozensets too deep at protocol 0', () => nest(4, (inner) => new FrozenSet([inner])), 'depth@$<args>[0][0]', {
    protocol: 0,
    limits: { maxDepth: 3 },
  }),
  dump('frozensets too deep at protocol 4', () => nest(4, (inner) => new FrozenSet([inner])), 'depth@$[0][0][0]', {
    protocol: 4,
    limits: { maxDepth: 3 },
  }),
]

const REDUCTIONS: readonly Vector[] = [
  reduced('no reduce value', undefined, 'reduce-value@$[0]'),
  reduced('no callable', { args: [] }, 'reduce-value@$[0]'),
  reduced('args no array', { ...REDUCTION, args: 'no' }, 'reduce-value@$[0]'),
  reduced('kwargs no Map', { ...REDUCTION, kwargs: {} }, 'reduce-value@$[0]'),
  reduced('callable no GlobalRef', { ...REDUCTION, callable: 'm.f' }, 'reduce-value@$[0]'),
  reduced('a setter that is none', { ...REDUCTION, stateSetter: 'm.f' }, 'reduce-value@$[0]'),
  reduced('an unknown construct', { ...REDUCTION, construct: 'new' }, 'reduce-value@$[0]'),
  reduced('list items', { ...REDUCTION, listItems: 1 }, 'reduce-value@$[0]'),
  reduced('dict items', { ...REDUCTION, dictItems: [1] }, 'reduce-value@$[0]'),
  reduced('items that throw', { ...REDUCTION, listItems: { [Symbol.iterator]: boom } }, 'reducer@$[0]'),
  reduced('a name without a module', 'name', 'reduce-value@$[0]'),
]

const HOOKS: readonly Vector[] = [
  dump('persistentId throws', () => [1], 'callback@$', { persistentId: boom }),
  dump('instPersistentId throws', () => [new Thing()], 'callback@$[0]', { instPersistentId: boom }),
  dump('bufferCallback throws', () => [new PickleBuffer(new Uint8Array(1))], 'callback@$[0]', { bufferCallback: boom }),
  dump('reducerOverride throws', () => [new Thing()], 'reducer@$[0]', { reducerOverride: boom }),
  dump('a registered reducer throws', () => [new Thing()], 'reducer@$[0]', {
    registry: createRegistry([{ id: 'boom', reducers: [{ class: Thing, reduce: boom }] }]),
  }),
  dump('reduceEx throws', () => [new Reducing(boom)], 'reducer@$[0]'),
  dump('a persistent id of two lines', () => [1], 'persistent-id@$', { protocol: 0, persistentId: () => 'two\nlines' }),
  dump('a persistent id that is not ASCII', () => [1], 'persistent-id@$[0]', {
    protocol: 0,
    persistentId: (v) => (v === 1 ? '\xe9' : null),
  }),
  dump('a persistent id that is no string', () => 1, 'persistent-id@$', { protocol: 0, persistentId: () => 7 }),
]

const OPTIONS: readonly Vector[] = (
  [
    { protocol: 6 },
    { protocol: -1 },
    { protocol: 1.5 },
    { protocol: 'latest' },
    { protocol: 4, bufferCallback: [] },
    { bufferCallback: {} },
    null,
    5,
    'fast',
    { registry: {} },
    { registry: null },
    { registry: [] },
    { persistentId: {} },
    { instPersistentId: 'id' },
    { reducerOverride: new Map() },
    { dispatchTable: {} },
    { dispatchTable: null },
    { fixImports: 'no' },
    { limits: 100 },
    { limits: null },
    { limits: { maxDepth: '100' } },
    { limits: { maxDepth: Number.NaN } },
    { limits: { maxDepth: -1 } },
  ] as unknown as DumpOptions[]
).flatMap((options, i) => [
  { name: `options of dumps ${i}`, run: () => dumps(1, options), expected: 'option' },
  { name: `options of Pickler ${i}`, run: () => new Pickler(undefined, options), expected: 'option' },
])

/** A Pickler that a reducer uses in the middle of its dump. */
function busy(name: string, use: (pickler: Pickler) => void): Vector {
  const run = (): never => {
    let caught: unknown
    const pickler = new Pickler(undefined, {
      reducerOverride: () => {
        try {
          use(pickler)
        } catch (error) {
          caught = error
        }
        return REDUCTION
      },
    })
    pickler.dump(new Thing())
    throw caught
  }
  return { name: `a Pickler that is busy: ${name}`, run, expected: 'busy@$' }
}

const SESSIONS: readonly Vector[] = [
  busy('a dump', (pickler) => pickler.dump(1)),
  busy('clearMemo()', (pickler) => pickler.clearMemo()),
  {
    name: 'a memo that is cleared in a dump',
    run: () => {
      const pickler = new Pickler(undefined, { persistentId: () => pickler.clearMemo() })
      pickler.dump(1)
    },
    expected: 'callback@$',
  },
  dump('a registered reducer throws', () => [new Thing()], 'reducer@$[0]', {
    registry: createRegistry([{ id: 'a', reducers: [{ class: Thing, reduce: boom }] }]),
  }),
  dump('a Proxy of a Map', () => [new Proxy(new Map(), {})], 'unreadable@$[0]'),
  {
    name: 'a Pickler that failed',
    run: () => {
      const pickler = new Pickler()
      try {
        pickler.dump([undefined])
      } catch {
        return pickler.dump(1)
      }
      throw new Error('the first dump should fail')
    },
    expected: 'closed@$',
  },
  {
    name: 'a Pickler that was cleared',
    run: () => {
      const pickler = new Pickler()
      try {
        pickler.dump([undefined])
      } catch {
        pickler.clearMemo()
        return pickler.dump(1)
      }
      throw new Error('the first dump should fail')
    },
    expected: 'value',
  },
]

const type = (module: string, name: string, more = {}): object => ({ module, name, create: () => new Thing(), ...more })
const plugin = (id: string, rest: object = {}): Plugin => ({ id, ...rest })
const writer = (): object => ({ class: Thing, reduce: () => REDUCTION })
const registry = (name: string, plugins: () => readonly unknown[], expected: string): Vector => ({
  name: `createRegistry: ${name}`,
  run: () => createRegistry(plugins() as Plugin[]),
  expected,
})

const REGISTRIES: readonly Vector[] = [
  registry('no id', () => [{}], 'plugin-shape'),
  registry('an empty id', () => [plugin('')], 'plugin-shape'),
  registry('null', () => [null], 'plugin-shape'),
  registry('no create', () => [plugin('a', { types: [{ module: 'm', name: 'T' }] })], 'plugin-shape'),
  registry('no name', () => [plugin('a', { types: [{ module: 'm', create: () => 1 }] })], 'plugin-shape'),
  ...[0, -1, 0x8000_0000, 1.5, '1'].map((code) =>
    registry(
      `code ${code}`,
      () => [plugin('a', { extensionCodes: [{ code, module: 'm', name: 'T' }] })],
      'plugin-shape',
    ),
  ),
  registry(
    'a code twice',
    () => ['a', 'b'].map((id) => plugin(id, { extensionCodes: [{ code: 1, module: 'm', name: id }] })),
    'duplicate-extension',
  ),
  registry('a global twice', () => ['a', 'b'].map((id) => plugin(id, { types: [type('m', 'T')] })), 'duplicate-global'),
  registry("the codec's own global", () => [plugin('a', { types: [type('builtins', 'set')] })], 'duplicate-global'),
  registry(
    'a class twice',
    () => [plugin('a', { types: [type('m', 'T', { class: Thing }), type('m', 'U', { class: Thing })] })],
    'duplicate-class',
  ),
  registry('a reducer twice', () => ['a', 'b'].map((id) => plugin(id, { reducers: [writer()] })), 'duplicate-class'),
  registry(
    'a reducer and a record',
    () => [plugin('a', { types: [type('m', 'T', writer())], reducers: [writer()] })],
    'duplicate-class',
  ),
  registry('an id twice', () => [plugin('a'), plugin('a')], 'duplicate-id'),
  registry("the codec's own id", () => [plugin('core')], 'duplicate-id'),
  registry('one plugin twice', () => Array(2).fill(plugin('a')), 'value'),
  registry(
    'a cycle',
    () => {
      const first = { id: 'a', extends: [] as Plugin[] }
      first.extends.push(plugin('b', { extends: [first] }))
      return [first]
    },
    'extends-cycle',
  ),
]

export const WRITE_VECTORS: readonly Vector[] = [
  ...VALUES,
  ...REDUCTIONS,
  ...HOOKS,
  ...OPTIONS,
  ...SESSIONS,
  ...REGISTRIES,
]
