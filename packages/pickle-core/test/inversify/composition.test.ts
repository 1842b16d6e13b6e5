/** A container gives what a function call gives: for every subset of four plugins, however they are spread over containers. */
import { createPickle, isPickleError, type Plugin } from '@pickle-ts/pickle-core'
import { Pickle, PicklePlugin, pickleModule } from '@pickle-ts/pickle-core/inversify'
import { Container, ContainerModule } from 'inversify'
import { describe, expect, test } from 'vitest'
import { PLUGINS, pointPlugin } from './four-plugins.ts'

const moduleOf = (plugin: Plugin): ContainerModule =>
  new ContainerModule(({ bind }) => {
    bind(PicklePlugin).toConstantValue(plugin)
  })
const MODULES = new Map(PLUGINS.map(({ plugin }) => [plugin, moduleOf(plugin)]))
const modulesOf = (plugins: readonly Plugin[]): ContainerModule[] =>
  plugins.map((plugin) => MODULES.get(plugin) as ContainerModule)

/** All subsets of the four, or of some of them. */
function subsetsOf(plugins: readonly Plugin[]): Plugin[][] {
  return Array.from({ length: 2 ** plugins.length }, (_, bits) => plugins.filter((_, index) => (bits >> index) & 1))
}
const SUBSETS = subsetsOf(PLUGINS.map(({ plugin }) => plugin))
const nameOf = (plugins: readonly Plugin[]): string => plugins.map(({ id }) => id).join(' + ') || 'none'

/** All that shows which plugins a codec has: its list, and for each value the bytes and what they load as, or the error. */
function behaviour({ dumps, loads, registry }: Pickle): unknown {
  const outcomes = PLUGINS.flatMap(({ value }) =>
    ([0, 2, 4, 5] as const).map((protocol) => {
      try {
        const bytes = dumps([value, value], { protocol })
        return { bytes, value: loads(bytes) }
      } catch (error) {
        if (!isPickleError(error)) throw error
        return error.message
      }
    }),
  )
  return { list: registry.list(), outcomes }
}

const FUNCTIONS = new Map(SUBSETS.map((plugins) => [nameOf(plugins), behaviour(createPickle({ plugins }))]))
const expected = (plugins: readonly Plugin[]): unknown => FUNCTIONS.get(nameOf(plugins))

test('the 16 subsets behave in twelve ways', () => {
  expect(FUNCTIONS.size).toBe(16)
  // Paths bring points with them: with and without the points, they are the same. The other twelve differ from each other.
  expect(new Set([...FUNCTIONS.values()].map((value) => JSON.stringify(value))).size).toBe(12)
})

describe.each(SUBSETS.map((plugins) => ({ name: nameOf(plugins), plugins })))('$name', ({ plugins }) => {
  test('in one container', () => {
    const container = new Container()
    container.load(pickleModule, ...modulesOf(plugins))
    expect(behaviour(container.get(Pickle))).toStrictEqual(expected(plugins))
    const reversed = new Container()
    reversed.load(...modulesOf(plugins).reverse(), pickleModule)
    expect(behaviour(reversed.get(Pickle))).toStrictEqual(expected(plugins))
  })

  test.each(subsetsOf(plugins).map((above) => ({ name: nameOf(above), above })))(
    'in a child whose parent has: $name',
    ({ above }) => {
      const below = plugins.filter((plugin) => !above.includes(plugin))
      for (const order of ['child', 'parent'] as const) {
        for (const again of [false, true]) {
          const parent = new Container()
          parent.load(pickleModule, ...modulesOf(above))
          const child = new Container({ parent })
          child.load(...modulesOf(below), ...(again ? [pickleModule] : []))
          const [first, second] = order === 'child' ? [child, parent] : [parent, child]
          const codecs = new Map([first, second].map((container) => [container, container.get(Pickle)]))
          expect(behaviour(codecs.get(child) as Pickle), `${order} first`).toStrictEqual(expected(plugins))
          expect(behaviour(codecs.get(parent) as Pickle), `${order} first`).toStrictEqual(expected(above))
          expect(parent.get(Pickle)).toBe(codecs.get(parent))
          expect(child.get(Pickle)).toBe(codecs.get(child))
        }
      }
    },
  )
})

describe('what changes, counts', () => {
  const point = (container: Container): boolean =>
    container
      .get(Pickle)
      .registry.list()
      .some(({ name }) => name === 'Point')
  const [pointModule] = modulesOf([pointPlugin]) as [ContainerModule]
  const family = (): { parent: Container; child: Container; grandchild: Container; sibling: Container } => {
    const parent = new Container()
    parent.load(pickleModule)
    const child = new Container({ parent })
    return { parent, child, grandchild: new Container({ parent: child }), sibling: new Container({ parent }) }
  }
  const points = (containers: object): string[] =>
    Object.entries(containers).flatMap(([name, container]) => (point(container) ? [name] : []))

  test('a plugin that is loaded after the first get, and below where it is loaded only', () => {
    const containers = family()
    expect(points(containers)).toEqual([])
    containers.child.load(pointModule)
    expect(points(containers)).toEqual(['child', 'grandchild'])
    containers.parent.load(pointModule)
    expect(points(containers)).toEqual(['parent', 'child', 'grandchild', 'sibling'])
  })

  test('a module that is unloaded', () => {
    const containers = family()
    containers.parent.load(pointModule)
    expect(points(containers)).toEqual(['parent', 'child', 'grandchild', 'sibling'])
    containers.parent.unload(pointModule)
    expect(points(containers)).toEqual([])
  })

  test('a plugin that is unbound, and a snapshot that is restored', () => {
    const containers = family()
    const binding = containers.child.bind(PicklePlugin).toConstantValue(pointPlugin).getIdentifier()
    expect(points(containers)).toEqual(['child', 'grandchild'])
    containers.child.unbind(binding)
    expect(points(containers)).toEqual([])
    containers.parent.bind(PicklePlugin).toConstantValue(pointPlugin)
    containers.parent.unbind(PicklePlugin)
    expect(points(containers)).toEqual([])
    containers.parent.snapshot()
    containers.parent.load(pointModule)
    expect(points(containers)).toEqual(['parent', 'child', 'grandchild', 'sibling'])
    containers.parent.restore()
    expect(points(containers)).toEqual([])
  })

  test('a codec that someone holds stays as it was', () => {
    const { parent } = family()
    const before = parent.get(Pickle)
    parent.load(pointModule)
    expect(before.registry.list()).not.toEqual(parent.get(Pickle).registry.list())
    parent.unload(pointModule)
    expect(parent.get(Pickle)).toBe(before)
  })
})

describe('what is loaded twice is there once', () => {
  test('pickleModule', () => {
    const container = new Container()
    container.load(pickleModule, pickleModule)
    container.load(pickleModule)
    const codec = container.get(Pickle)
    expect(behaviour(codec)).toStrictEqual(expected([]))
    expect(container.get(Pickle)).toBe(codec)
    container.unload(pickleModule)
    expect(container.isBound(Pickle)).toBe(false)
  })

  test('another module, in one container and in a child', () => {
    const modules = modulesOf([pointPlugin])
    const parent = new Container()
    parent.load(pickleModule, ...modules)
    const once = parent.get(Pickle)
    parent.load(...modules)
    parent.bind(PicklePlugin).toConstantValue(pointPlugin)
    const child = new Container({ parent })
    child.load(...modules)
    expect(behaviour(child.get(Pickle))).toStrictEqual(expected([pointPlugin]))
    expect(parent.get(Pickle)).toBe(once)
    expect(child.get(Pickle)).toBe(once)
  })

  test('a Pickle of the application stays', () => {
    const own = createPickle()
    const container = new Container()
    container.bind(Pickle).toConstantValue(own)
    container.load(pickleModule)
    expect(container.get(Pickle)).toBe(own)
  })
})

test('two containers share nothing', () => {
  const [a, b] = [new Container(), new Container()]
  for (const container of [a, b]) container.load(pickleModule, ...modulesOf([pointPlugin]))
  expect(a.get(Pickle)).not.toBe(b.get(Pickle))
  expect(behaviour(a.get(Pickle))).toEqual(behaviour(b.get(Pickle)))
})
