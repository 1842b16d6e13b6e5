/** `createPickle`: its options, and those of one call over them. */
import { createPickle, createRegistry, inertPlugin, loads, RegistryError } from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'
import { bytes } from './pickle-bytes.ts'

describe('options of a call', () => {
  const deep = bytes(']]]]aaa.')

  test('that are undefined are not given: no limit of the codec is lost', () => {
    const { dumps, loads: load } = createPickle({ limits: { maxDepth: 2 }, protocol: 2, unknownGlobals: 'error' })
    expect(errorOf(() => load(deep)).code).toBe('depth')
    expect(errorOf(() => load(deep, { limits: undefined })).code).toBe('depth')
    expect(errorOf(() => dumps([[[[]]]], { limits: undefined })).code).toBe('depth')
    expect(dumps(1, { protocol: undefined })[1]).toBe(2)
    expect(load(deep, { limits: { maxDepth: 4 } })).toEqual([[[[]]]])
    expect(dumps(1, { protocol: 3 })[1]).toBe(3)
  })

  test('that are no object are refused, with defaults and without', () => {
    for (const codec of [createPickle(), createPickle({ protocol: 2 })]) {
      for (const options of [null, 5, 'fast']) {
        expect(errorOf(() => codec.dumps(1, options as never)).code).toBe('option')
        expect(errorOf(() => codec.loads(bytes('N.'), options as never)).code).toBe('option')
      }
    }
  })
})

describe('what createPickle and createRegistry do not take', () => {
  const plugin = inertPlugin([['m', 'T']])

  test('is named, with what they take', () => {
    for (const options of [null, 5, [plugin], plugin.id]) {
      expect(errorOf(() => createPickle(options as never)).message).toBe(
        'createPickle takes an object: { plugins: [...] }',
      )
    }
    for (const plugins of [null, plugin, {}, 5, 'ab', new Set([plugin])]) {
      for (const run of [() => createPickle({ plugins: plugins as never }), () => createRegistry(plugins as never)]) {
        expect(errorOf(run)).toBeInstanceOf(RegistryError)
        expect(errorOf(run).message).toBe('plugins must be an array of plugins')
      }
    }
  })

  test('a registry beside plugins: it would build what registry.list() does not say', () => {
    const registry = createRegistry([plugin])
    expect(errorOf(() => createPickle({ registry } as never)).code).toBe('plugin-shape')
    expect(String(loads(bytes('cm\nT\n.'), { registry }))).toBe('<m.T>')
  })
})
