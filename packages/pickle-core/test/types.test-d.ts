/** What the compiler knows about the public API: inference in plugins, narrowing of errors, and what it must refuse. */
import { Container } from 'inversify'
import { expectTypeOf, test } from 'vitest'
import {
  type BufferError,
  createPickle,
  DEFAULT_LIMITS,
  definePlugin,
  dumps,
  FrozenSet,
  GlobalRef,
  isPickleError,
  type Limits,
  type LoadContext,
  loads,
  notMine,
  type Pickle,
  PickleBuffer,
  type PickleError,
  type PickleOptions,
  Pickler,
  type PicklingError,
  type Plugin,
  PyDict,
  PySet,
  pyType,
  type Reducer,
  type Registry,
  reducer,
  Tuple,
  type TypeRecord,
  Unpickler,
  type UnpicklingError,
} from '../src/index.ts'
import * as inversify from '../src/inversify.ts'

class Point {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}

test('loads gives unknown unless the caller says what it expects', () => {
  const bytes = dumps(1)
  expectTypeOf(bytes).toEqualTypeOf<Uint8Array>()
  expectTypeOf(loads(bytes)).toEqualTypeOf<unknown>()
  expectTypeOf(loads<number[]>(bytes)).toEqualTypeOf<number[]>()
  expectTypeOf(new Unpickler(bytes).load<string>()).toEqualTypeOf<string>()
  expectTypeOf(new Unpickler(bytes).load()).toEqualTypeOf<unknown>()
})

test('loads takes every kind of memory, and nothing else', () => {
  expectTypeOf(loads).parameter(0).toEqualTypeOf<ArrayBufferView | ArrayBufferLike>()
  loads(new DataView(new SharedArrayBuffer(1)))
  loads(Buffer.alloc(1))
  // @ts-expect-error text is no pickle
  loads('N.')
  // @ts-expect-error an array of numbers is no memory
  loads([0x4e, 0x2e])
})

test('options: undefined means absent, and values are checked', () => {
  loads(new Uint8Array(), { mapping: undefined, dicts: 'map', limits: { maxDepth: 5, maxItems: undefined as never } })
  dumps(1, { protocol: undefined, bufferCallback: undefined })
  dumps(1, { protocol: 'auto', bufferCallback: [] as PickleBuffer[] })
  dumps(1, { bufferCallback: (buffer) => expectTypeOf(buffer).toEqualTypeOf<PickleBuffer>() })
  // @ts-expect-error there is no protocol 6
  dumps(1, { protocol: 6 })
  // @ts-expect-error there is no such mapping
  loads(new Uint8Array(), { mapping: 'python' })
  // @ts-expect-error the limits are read only
  DEFAULT_LIMITS.maxDepth = 1
  expectTypeOf(DEFAULT_LIMITS).toEqualTypeOf<Limits>()
})

test('pyType infers the object from its class', () => {
  const record = pyType({
    module: 'shapes',
    name: 'Point',
    class: Point,
    args: ['float'],
    create: ([x], ctx) => {
      expectTypeOf(x).toEqualTypeOf<unknown>()
      expectTypeOf(ctx).toEqualTypeOf<LoadContext>()
      return new Point(ctx.check.float(x, 'x'))
    },
    setState: (point) => expectTypeOf(point).toEqualTypeOf<Point>(),
    reduce: (point) => {
      expectTypeOf(point).toEqualTypeOf<Point>()
      return { args: [point.x] }
    },
  })
  expectTypeOf(record).toEqualTypeOf<TypeRecord<Point>>()
  // @ts-expect-error what it makes is no Point
  pyType({ module: 'shapes', name: 'Point', class: Point, create: () => new Date() })
  // @ts-expect-error a check is one of the known names, or a function
  pyType({ module: 'shapes', name: 'Point', class: Point, args: ['number'], create: () => new Point(1) })
  // @ts-expect-error the callable is the type itself
  pyType({ module: 'm', name: 'n', class: Point, create: () => new Point(1), reduce: () => ({ callable: Point }) })
})

test('reducer infers the object from its class', () => {
  const write = reducer(Point, (point, { protocol }) => {
    expectTypeOf(point).toEqualTypeOf<Point>()
    expectTypeOf(protocol).toEqualTypeOf<number>()
    return point.x > 0 ? { callable: new GlobalRef('shapes', 'Point'), args: [point.x] } : notMine
  })
  expectTypeOf(write).toEqualTypeOf<Reducer<Point>>()
  // @ts-expect-error a number is no reduce value
  reducer(Point, () => 1)
  // @ts-expect-error a reduce value has args
  reducer(Point, () => ({ callable: new GlobalRef('shapes', 'Point') }))
})

test('a plugin keeps what it is made of, and composes', () => {
  const plugin = definePlugin({ id: 'shapes', types: [] })
  expectTypeOf(plugin.id).toEqualTypeOf<'shapes'>()
  const codec = createPickle({ plugins: [plugin], mapping: 'exact', protocol: 2 })
  expectTypeOf(codec.loads<Point>(codec.dumps(1))).toEqualTypeOf<Point>()
  expectTypeOf(codec.registry).toEqualTypeOf<Registry>()
  // @ts-expect-error a plugin has an id
  definePlugin({ types: [] })
  // @ts-expect-error the registry comes from the plugins
  createPickle({ registry: codec.registry })
})

test('create may be left out only of what is not built', () => {
  pyType({ module: 'shapes', name: 'AREA', opcodes: [] })
  pyType({ module: 'shapes', name: 'area', value: (point: Point) => point.x })
  pyType({ module: 'shapes', name: 'Point', class: Point, opcodes: [] })
  // @ts-expect-error how is it made?
  pyType({ module: 'shapes', name: 'Point', class: Point })
  // @ts-expect-error how is it made?
  pyType({ module: 'shapes', name: 'Point', opcodes: ['newobj'] })
  // @ts-expect-error a number has no identity to know it by
  pyType({ module: 'shapes', name: 'PI', value: 3.14 })
})

test('an abstract class and a class of a hierarchy are classes like others', () => {
  abstract class Shape {
    abstract readonly area: number
  }
  class Square extends Shape {
    readonly area = 1
  }
  const record = pyType({
    module: 'shapes',
    name: 'Shape',
    class: Shape,
    create: () => new Square(),
    append: (shape, item) => {
      expectTypeOf(shape).toEqualTypeOf<Shape>()
      expectTypeOf(item).toEqualTypeOf<unknown>()
    },
  })
  definePlugin({
    id: 'shapes',
    types: [record],
    reducers: [reducer(Shape, ({ area }) => (area > 0 ? notMine : 'unit'))],
  })
})

test('extend takes plugins, and options at the end', () => {
  const { registry } = createPickle()
  const plugin = definePlugin({ id: 'a', replaces: { other: [Point, ['shapes', 'Point']] } })
  expectTypeOf(registry.extend(plugin, plugin)).toEqualTypeOf<Registry>()
  expectTypeOf(registry.extend(plugin, { replace: [Point, ['shapes', 'Point']] })).toEqualTypeOf<Registry>()
  // @ts-expect-error a global is a module and a name
  registry.extend(plugin, { replace: ['shapes.Point'] })
  // @ts-expect-error the field is called replace
  registry.extend(plugin, { replaces: [Point] })
  // @ts-expect-error the rows are read only
  registry.list()[0] = { module: 'm', name: 'n', opcodes: [], plugin: 'p' }
})

test('isPickleError narrows by code', () => {
  const error: unknown = undefined
  if (isPickleError(error, 'limit', 'depth')) {
    expectTypeOf(error.code).toEqualTypeOf<'limit' | 'depth'>()
    expectTypeOf(error).toExtend<PickleError>()
  }
  // @ts-expect-error there is no such code
  isPickleError(error, 'no-such-code')
  expectTypeOf<UnpicklingError>().toExtend<PickleError>()
  expectTypeOf<UnpicklingError['offset']>().toEqualTypeOf<number>()
  expectTypeOf<PicklingError['path']>().toEqualTypeOf<string>()
  expectTypeOf<BufferError>().toExtend<PickleError>()
})

test('the values are the containers that they look like', () => {
  expectTypeOf<Tuple<number>>().toExtend<readonly number[]>()
  expectTypeOf(Tuple.of(1, 2)).toEqualTypeOf<Tuple<number>>()
  expectTypeOf([...new PySet([1])]).toEqualTypeOf<number[]>()
  expectTypeOf([...new FrozenSet(['a'])]).toEqualTypeOf<string[]>()
  expectTypeOf([...new PyDict([['a', 1]])]).toEqualTypeOf<[string, number][]>()
  expectTypeOf(new PickleBuffer(new Float64Array(2)).raw()).toExtend<Uint8Array>()
  using buffer = new PickleBuffer(new ArrayBuffer(8))
  expectTypeOf(buffer.readonly).toEqualTypeOf<boolean>()
  expectTypeOf(new Pickler(undefined).dump(1)).toEqualTypeOf<Uint8Array>()
})

test('a container gives a Pickle, and takes plugins and options', () => {
  const container = new Container()
  expectTypeOf(container.get(inversify.Pickle)).toEqualTypeOf<Pickle>()
  expectTypeOf<inversify.Pickle>().toEqualTypeOf<Pickle>()
  expectTypeOf<inversify.PicklePlugin>().toEqualTypeOf<Plugin>()
  expectTypeOf<inversify.PickleOptions>().toEqualTypeOf<PickleOptions>()
  container.bind(inversify.PickleOptions).toConstantValue({ protocol: 4, limits: { maxDepth: 5 } })
  // @ts-expect-error there is no such mapping
  container.bind(inversify.PickleOptions).toConstantValue({ mapping: 'python' })
  // @ts-expect-error a plugin has an id
  container.bind(inversify.PicklePlugin).toConstantValue({ types: [] })
  const factory = inversify.pluginFactory((log: Date, name: string) => ({ id: `${name} ${log}` }))
  expectTypeOf(factory).parameters.toEqualTypeOf<[log: Date, name: string]>()
  expectTypeOf(factory).returns.toEqualTypeOf<Plugin>()
  container.bind(inversify.PicklePlugin).toResolvedValue(factory, [Date, 'name'])
  // @ts-expect-error what it makes is no plugin
  inversify.pluginFactory(() => new Date())
})
