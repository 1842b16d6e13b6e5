/** Options that are bound in containers: what they mean, which binding wins, and what is refused. */
import { createPickle, definePlugin, isPickleError, type PickleOptions as Options } from '@pickle-ts/pickle-core'
import { Pickle, PickleOptions, PicklePlugin, pickleModule } from '@pickle-ts/pickle-core/inversify'
import { Container } from 'inversify'
import { describe, expect, test } from 'vitest'
import { Point, pointPlugin } from './four-plugins.ts'

function containerWith(...bound: readonly Options[]): Container {
  const container = new Container()
  container.load(pickleModule)
  for (const options of bound) container.bind(PickleOptions).toConstantValue(options)
  return container
}
function childOf(parent: Container, ...bound: readonly Options[]): Container {
  const child = new Container({ parent })
  for (const options of bound) child.bind(PickleOptions).toConstantValue(options)
  return child
}

const codeOf = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return isPickleError(error) ? error.code : error
  }
}
const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)])

/** What shows the options of a codec. */
const behaviour = ({ dumps, loads }: Pickle): unknown => ({
  protocol: dumps([1])[1],
  mapping: loads(new TextEncoder().encode('I1\n.')),
  strict: codeOf(() => loads(new Uint8Array([0x4e, 0x80, 2, 0x2e]))),
  trailing: codeOf(() => loads(new TextEncoder().encode('N.N'))),
  depth: [5, 20, 200].map((depth) => codeOf(() => dumps(nested(depth)).length)),
  items: codeOf(() => loads(new TextEncoder().encode('(NNNNNNNNl.'))),
  inert: codeOf(() => typeof loads(new TextEncoder().encode('cshapes\nCircle\n.'))),
  persistent: codeOf(() => loads(new TextEncoder().encode('P7\n.'))),
})
const same = (container: Container, options: Options): void => {
  expect(behaviour(container.get(Pickle))).toStrictEqual(behaviour(createPickle(options)))
}
const plain = behaviour(createPickle())

describe('options are those of createPickle', () => {
  const EACH: readonly Options[] = [
    { protocol: 2 },
    { mapping: 'exact' },
    { strict: false },
    { trailing: 'ignore' },
    { limits: { maxDepth: 10 } },
    { limits: { maxItems: 4 } },
    { unknownGlobals: 'inert' },
    { persistentLoad: (id) => `object ${id}` },
  ]
  test.each(EACH)('%o', (options) => {
    const container = containerWith(options)
    same(container, options)
    expect(behaviour(container.get(Pickle))).not.toEqual(plain)
    expect(container.get(Pickle)).toBe(container.get(Pickle))
  })

  test('several bindings are put together', () => {
    const container = containerWith(...EACH)
    same(container, Object.assign({}, ...EACH, { limits: { maxDepth: 10, maxItems: 4 } }))
    const empty = containerWith({}, { protocol: undefined, limits: { maxDepth: undefined as never } })
    expect(behaviour(empty.get(Pickle))).toEqual(plain)
  })

  test('plugins among them are added to those that are bound', () => {
    const container = containerWith({ plugins: [pointPlugin] })
    container.bind(PicklePlugin).toConstantValue(pointPlugin)
    const child = childOf(container, {
      plugins: [{ id: 'more', types: [{ module: 'm', name: 'n', create: () => 1 }] }],
    })
    const names = (pickle: Pickle): string[] => pickle.registry.list().map(({ name }) => name)
    expect(names(child.get(Pickle))).toEqual(expect.arrayContaining(['Point', 'n']))
    expect(names(container.get(Pickle))).not.toContain('n')
  })

  test('a name like __proto__ is an option that nobody knows', () => {
    const container = containerWith(JSON.parse('{ "__proto__": { "mapping": "exact" }, "protocol": 3 }'))
    same(container, { protocol: 3 })
    expect(({} as Record<string, unknown>)['mapping']).toBeUndefined()
    // A limit of that name is refused, as by createPickle.
    const limits = JSON.parse('{ "limits": { "__proto__": { "maxDepth": 3 } } }')
    for (const { loads } of [containerWith(limits).get(Pickle), createPickle(limits)]) {
      expect(() => loads(new TextEncoder().encode('N.'))).toThrow('limits has no "__proto__"')
    }
  })
})

describe('which binding wins', () => {
  test('the nearest container, field by field and limit by limit, and never for its parent', () => {
    const parent = containerWith({ protocol: 2, mapping: 'exact', limits: { maxDepth: 10, maxItems: 4 } })
    const child = childOf(parent, { protocol: 3, limits: { maxDepth: 100 } })
    const grandchild = childOf(child, { mapping: 'native' })
    same(grandchild, { protocol: 3, mapping: 'native', limits: { maxDepth: 100, maxItems: 4 } })
    same(child, { protocol: 3, mapping: 'exact', limits: { maxDepth: 100, maxItems: 4 } })
    same(parent, { protocol: 2, mapping: 'exact', limits: { maxDepth: 10, maxItems: 4 } })
    same(childOf(parent), { protocol: 2, mapping: 'exact', limits: { maxDepth: 10, maxItems: 4 } })
    // The options of one call replace those of the codec, as everywhere.
    expect(parent.get(Pickle).dumps([1], { protocol: 1 })[0]).not.toBe(0x80)
  })

  test('in one container, what was bound first', () => {
    same(containerWith({ protocol: 2 }, { protocol: 3, mapping: 'exact' }), { protocol: 2, mapping: 'exact' })
  })

  test('what is bound later counts, and what is unbound counts no more', () => {
    const container = containerWith()
    const before = container.get(Pickle)
    container.bind(PickleOptions).toConstantValue({ protocol: 2 })
    same(container, { protocol: 2 })
    container.unbind(PickleOptions)
    expect(container.get(Pickle)).toBe(before)
  })
})

describe('how long a codec is kept', () => {
  test('options with the same values are the same, also where each get makes them anew', () => {
    const container = containerWith()
    container.bind('depth').toConstantValue(10)
    container
      .bind(PickleOptions)
      .toResolvedValue((maxDepth: number) => ({ protocol: 2 as const, limits: { maxDepth } }), ['depth'])
    same(container, { protocol: 2, limits: { maxDepth: 10 } })
    expect(container.get(Pickle)).toBe(container.get(Pickle))
    const child = childOf(container)
    child.bind('depth').toConstantValue(100)
    same(child, { protocol: 2, limits: { maxDepth: 100 } })
    same(container, { protocol: 2, limits: { maxDepth: 10 } })
  })

  test('a function that each get makes anew is refused', () => {
    const container = containerWith()
    const bind = () => container.bind(PickleOptions).toResolvedValue(() => ({ persistentLoad: (id: unknown) => id }))
    bind()
    const error = codeOf(() => container.get(Pickle))
    expect(error).toBe('plugin-scope')
    expect(() => container.get(Pickle)).toThrow(
      'the option persistentLoad is made anew at each get; bind it in singleton',
    )
    container.unbind(PickleOptions)
    bind().inSingletonScope()
    expect(container.get(Pickle)).toBe(container.get(Pickle))
  })

  test('the last eight sets of options are remembered, and no more', () => {
    const container = containerWith()
    const children = Array.from({ length: 9 }, (_, index) => childOf(container, { limits: { maxDepth: 10 + index } }))
    const codecs = children.map((child) => child.get(Pickle))
    expect(new Set(codecs).size).toBe(9)
    for (const index of [8, 5, 1]) expect(children[index]?.get(Pickle)).toBe(codecs[index])
    expect(children[0]?.get(Pickle)).not.toBe(codecs[0])
  })
})

describe('what are no options', () => {
  class Settings {
    readonly #depth = 10
    get limits(): { readonly maxDepth: number } {
      return { maxDepth: this.#depth }
    }
  }
  const REFUSED: readonly (readonly [unknown, string])[] = [
    [undefined, 'PickleOptions must be an object'],
    [null, 'PickleOptions must be an object'],
    ['exact', 'PickleOptions must be an object'],
    [() => ({}), 'PickleOptions must be an object'],
    // Its limits are on the prototype, where a spread does not find them.
    [new Settings(), 'PickleOptions must be a plain object'],
    [[], 'PickleOptions must be a plain object'],
    [{ limits: null }, 'limits of PickleOptions must be an object'],
    [{ limits: 5 }, 'limits of PickleOptions must be an object'],
    [{ limits: new Map([['maxDepth', 5]]) }, 'limits of PickleOptions must be a plain object'],
    [{ plugins: pointPlugin }, 'plugins of PickleOptions must be an array'],
  ]
  test.each(REFUSED)('%o', (options, message) => {
    const container = containerWith(options as Options)
    expect(codeOf(() => container.get(Pickle))).toBe('option')
    expect(() => container.get(Pickle)).toThrow(message)
  })

  test('values that are not valid are refused where createPickle refuses them', () => {
    const wrong = { mapping: 'python' } as unknown as Options
    const { loads } = containerWith(wrong).get(Pickle)
    const own = createPickle(wrong)
    const pickle = own.dumps(new Map([[1, 2]]))
    expect(codeOf(() => loads(pickle))).toBe('option')
    expect(codeOf(() => loads(pickle))).toBe(codeOf(() => own.loads(pickle)))
  })
})

test('options and plugins of two containers meet in the child', () => {
  const parent = containerWith({ protocol: 2 })
  parent.bind(PicklePlugin).toConstantValue(definePlugin({ id: 'nothing' }))
  const child = childOf(parent, { mapping: 'exact' })
  child.bind(PicklePlugin).toConstantValue(pointPlugin)
  const { dumps, loads } = child.get(Pickle)
  const own = createPickle({ protocol: 2, mapping: 'exact', plugins: [pointPlugin] })
  const bytes = dumps([new Point(1, 2), 3])
  expect(bytes).toEqual(own.dumps([new Point(1, 2), 3]))
  expect(loads(bytes)).toEqual([new Point(1, 2), 3n])
})
