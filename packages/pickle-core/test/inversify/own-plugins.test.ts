/** Plugins that an application makes of its own services: in which scopes, of which shapes, and what is refused. */
import {
  createPickle,
  definePlugin,
  isPickleError,
  type Plugin,
  pyType,
  RegistryError,
  type TypeRecord,
} from '@pickle-ts/pickle-core'
import { Pickle, PicklePlugin, pickleModule, pluginFactory } from '@pickle-ts/pickle-core/inversify'
import { Container, ContainerModule, type Newable } from 'inversify'
import { describe, expect, test } from 'vitest'
import { Point, pointPlugin } from './four-plugins.ts'

const Log = Symbol('Log')
type Log = string[]

/** Points that are logged when they are written. */
const loggedPoint = (log: Log): TypeRecord<Point> =>
  pyType({
    module: 'shapes',
    name: 'Point',
    class: Point,
    args: ['int', 'int'],
    create: ([x, y], { check }) => new Point(check.int(x, 'x'), check.int(y, 'y')),
    reduce: ({ x, y }) => {
      log.push(`(${x}, ${y})`)
      return { args: [x, y] }
    },
  })
const makePlugin = (log: Log): Plugin => definePlugin({ id: 'logged', types: [loggedPoint(log)] })

/** All that a plugin has stands on the prototype. */
class LoggingPlugin implements Plugin {
  readonly #log: Log
  constructor(log: Log) {
    this.#log = log
  }
  get id(): string {
    return 'logged'
  }
  get types(): readonly TypeRecord<Point>[] {
    return [loggedPoint(this.#log)]
  }
}

/** A container with a log of its own. */
function withLog(parent?: Container): { readonly container: Container; readonly log: Log } {
  const container = new Container(parent === undefined ? {} : { parent })
  const log: Log = []
  container.load(pickleModule)
  container.bind<Log>(Log).toConstantValue(log)
  return { container, log }
}

/** Writes and reads a point. */
function trip(container: Container, x: number): unknown {
  const { dumps, loads } = container.get(Pickle)
  return loads(dumps(new Point(x, 0)))
}

const failure = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

describe('what an own plugin is bound with', () => {
  const factory = pluginFactory(makePlugin)
  const BINDINGS: Record<string, (container: Container) => unknown> = {
    pluginFactory: (container) => container.bind(PicklePlugin).toResolvedValue(factory, [Log]),
    'toResolvedValue, as a singleton': (container) =>
      container.bind(PicklePlugin).toResolvedValue(makePlugin, [Log]).inSingletonScope(),
    'toDynamicValue, as a singleton': (container) =>
      container
        .bind(PicklePlugin)
        .toDynamicValue((context) => new LoggingPlugin(context.get(Log)))
        .inSingletonScope(),
    'a class with everything on its prototype': (container) =>
      container.bind(PicklePlugin).toResolvedValue(
        pluginFactory((log: Log) => new LoggingPlugin(log)),
        [Log],
      ),
  }
  test.each(Object.entries(BINDINGS))('%s', (_, bind) => {
    const { container, log } = withLog()
    bind(container)
    const twin = trip(container, 7)
    expect(twin).toBeInstanceOf(Point)
    expect(twin).toEqual(new Point(7, 0))
    expect(log).toEqual(['(7, 0)'])
    expect(container.get(Pickle)).toBe(container.get(Pickle))
    expect(container.get(Pickle).registry.list()).toEqual(createPickle({ plugins: [makePlugin([])] }).registry.list())
  })

  test.each(Object.entries(BINDINGS))('%s, after the first get', (_, bind) => {
    const { container: parent, log } = withLog()
    const child = new Container({ parent })
    for (const container of [parent, child])
      expect(container.get(Pickle).registry.findType('shapes', 'Point')).toBeUndefined()
    bind(parent)
    for (const container of [child, parent]) {
      expect(trip(container, 7)).toEqual(new Point(7, 0))
      expect(container.get(Pickle)).toBe(parent.get(Pickle))
    }
    expect(log).toEqual(['(7, 0)', '(7, 0)'])
    // The same in the child alone, after the parent's went again.
    parent.unbind(PicklePlugin)
    const before = [parent.get(Pickle), child.get(Pickle)]
    bind(child)
    expect(trip(child, 8)).toEqual(new Point(8, 0))
    expect(child.get(Pickle)).toBe(child.get(Pickle))
    expect(parent.get(Pickle)).toBe(before[0])
  })

  test('a singleton of the whole container', () => {
    const container = new Container({ defaultScope: 'Singleton' })
    container.load(pickleModule)
    container.bind(PicklePlugin).toResolvedValue(() => makePlugin([]))
    expect(container.get(Pickle)).toBe(container.get(Pickle))
    container.bind(PicklePlugin).toConstantValue({ id: 'late' })
    container.bind(PicklePlugin).toConstantValue({ id: 'later', types: [{ module: 'm', name: 'n', create: () => 1 }] })
    expect(container.get(Pickle).registry.findType('m', 'n')?.plugin).toBe('later')
  })

  test('asynchronously, with getAsync', async () => {
    const container = new Container()
    container.load(pickleModule)
    container
      .bind(PicklePlugin)
      .toDynamicValue(async () => makePlugin([]))
      .inSingletonScope()
    const pickle = await container.getAsync(Pickle)
    expect(pickle.registry.findType('shapes', 'Point')?.plugin).toBe('logged')
    expect(await container.getAsync(Pickle)).toBe(pickle)
  })
})

describe('a child with another log', () => {
  test('has a plugin of its own from pluginFactory, and its parent keeps its own', () => {
    const { container: parent, log } = withLog()
    parent.bind(PicklePlugin).toResolvedValue(pluginFactory(makePlugin), [Log])
    const child = withLog(parent)
    trip(child.container, 1)
    trip(parent, 2)
    expect([child.log, log]).toEqual([['(1, 0)'], ['(2, 0)']])
    expect(child.container.get(Pickle)).toBe(child.container.get(Pickle))
  })

  test('gives its log to the parent with a singleton of inversify, if it gets first: why there is a pluginFactory', () => {
    const { container: parent, log } = withLog()
    parent.bind(PicklePlugin).toResolvedValue(makePlugin, [Log]).inSingletonScope()
    const child = withLog(parent)
    trip(child.container, 1)
    trip(parent, 2)
    expect([child.log, log]).toEqual([['(1, 0)', '(2, 0)'], []])
  })
})

describe('a module that makes a plugin is loaded twice', () => {
  test('with pluginFactory there is one plugin', () => {
    const factory = pluginFactory(makePlugin)
    const module = new ContainerModule(({ bind }) => {
      bind(PicklePlugin).toResolvedValue(factory, [Log])
    })
    const { container } = withLog()
    container.load(module, module)
    const child = new Container({ parent: container })
    child.load(module)
    expect(child.get(Pickle)).toBe(container.get(Pickle))
  })

  test('with singletons there are two, and the error says what to do', () => {
    const module = new ContainerModule(({ bind }) => {
      bind(PicklePlugin).toResolvedValue(makePlugin, [Log]).inSingletonScope()
    })
    const { container } = withLog()
    container.load(module)
    const child = new Container({ parent: container })
    child.load(module)
    const error = failure(() => child.get(Pickle))
    expect(error).toBeInstanceOf(RegistryError)
    expect(error).toMatchObject({
      code: 'duplicate-id',
      message:
        'two different plugins have the id "logged"; if one module was loaded twice, here or in a parent of this container, make its plugin with pluginFactory outside of the module',
    })
    expect(trip(container, 1)).toEqual(new Point(1, 0))
  })
})

describe('made anew at each get', () => {
  const TRANSIENT: Record<string, (container: Container) => unknown> = {
    toResolvedValue: (container) => container.bind(PicklePlugin).toResolvedValue(makePlugin, [Log]),
    toDynamicValue: (container) => container.bind(PicklePlugin).toDynamicValue(() => makePlugin([])),
  }
  test.each(Object.entries(TRANSIENT))('a transient plugin is refused: %s', (_, bind) => {
    const { container } = withLog()
    const before = container.get(Pickle)
    container.bind(PicklePlugin).toConstantValue({ id: 'other' })
    bind(container)
    const error = failure(() => container.get(Pickle))
    expect(isPickleError(error, 'plugin-scope')).toBe(true)
    expect(error).toMatchObject({
      name: 'RegistryError',
      message:
        'the plugin "logged" is made anew at each get; make it with pluginFactory, or bind it in singleton scope',
    })
    // Nothing of the attempt is left.
    expect(container.getAll(PicklePlugin).map(({ id }) => id)).toEqual(['other', 'logged'])
    expect(failure(() => new Container({ parent: container }).get(Pickle))).toEqual(error)
    container.unbind(PicklePlugin)
    expect(container.get(Pickle)).toBe(before)
  })

  test('once for each request, if that is what was bound', () => {
    const { container } = withLog()
    container.bind(PicklePlugin).toResolvedValue(makePlugin, [Log]).inRequestScope()
    const pickle = container.get(Pickle)
    expect(container.get(Pickle)).not.toBe(pickle)
    expect(trip(container, 1)).toEqual(new Point(1, 0))
  })
})

describe('what is no plugin', () => {
  class NotMade implements Plugin {
    readonly id = 'never made'
  }
  const VALUES: readonly unknown[] = [
    undefined,
    null,
    'points',
    7,
    Symbol('plugin'),
    NotMade,
    () => pointPlugin,
    {},
    [],
  ]
  test.each(VALUES)('%s', (value) => {
    const container = new Container()
    container.load(pickleModule)
    container.bind(PicklePlugin).toConstantValue(value as Plugin)
    for (let times = 0; times < 2; times++) {
      const error = failure(() => container.get(Pickle))
      expect(isPickleError(error, 'plugin-shape')).toBe(true)
      expect(error).toEqual(failure(() => createPickle({ plugins: [value as Plugin] })))
    }
  })

  test('two that do not fit together are refused as by createPickle, and what was got before works on', () => {
    const container = new Container()
    container.load(pickleModule)
    container.bind(PicklePlugin).toConstantValue(pointPlugin)
    const before = container.get(Pickle)
    const child = new Container({ parent: container })
    child.bind(PicklePlugin).toConstantValue(makePlugin([]))
    const error = failure(() => child.get(Pickle))
    expect(isPickleError(error, 'duplicate-global')).toBe(true)
    expect((error as Error).message).toContain('"points"')
    expect((error as Error).message).toContain('"logged"')
    expect(container.get(Pickle)).toBe(before)
  })

  test('what a plugin throws while it is made arrives as it is', () => {
    const container = new Container()
    container.load(pickleModule)
    const thrown = new Error('no database')
    container.bind(PicklePlugin).toResolvedValue(
      pluginFactory((): Plugin => {
        throw thrown
      }),
      [],
    )
    expect(failure(() => container.get(Pickle))).toBe(thrown)
  })
})

describe('pluginFactory', () => {
  const counted = (): { readonly make: (...parts: unknown[]) => Plugin; readonly calls: () => number } => {
    let calls = 0
    return { make: pluginFactory((...parts) => ({ id: `plugin ${calls++} of ${parts.length}` })), calls: () => calls }
  }

  test('makes one plugin for the same dependencies, by identity', () => {
    const { make, calls } = counted()
    const [a, b] = [{}, {}]
    const made = [make(), make(a), make(b), make(a, b), make(b, a), make(a, 'x'), make(a, 1), make(a, '1'), make(make)]
    const again = [make(), make(a), make(b), make(a, b), make(b, a), make(a, 'x'), make(a, 1), make(a, '1'), make(make)]
    expect(new Set(made).size).toBe(made.length)
    expect(calls()).toBe(made.length)
    for (const [index, plugin] of again.entries()) expect(plugin).toBe(made[index])
  })

  test('a class is no function to call: it is made in one', () => {
    const make = pluginFactory(LoggingPlugin as unknown as () => Plugin)
    expect(() => make()).toThrow(TypeError)
    const made: Newable<Plugin, [Log]> = LoggingPlugin
    expect(pluginFactory((log: Log) => new made(log))([]).id).toBe('logged')
  })
})
