/** Plugins that are none, that do not fit together, or that return what is not theirs to give. */
import { DEFAULT_LIMITS } from '../../../src/limits.ts'
import { createLoads } from '../../../src/read/loads.ts'
import type { Plugin, TypeRecord } from '../../../src/registry/contract.ts'
import { notMine } from '../../../src/registry/contract.ts'
import { inertPlugin } from '../../../src/registry/inert.ts'
import { createRegistry } from '../../../src/registry/registry.ts'
import { ExtensionRef } from '../../../src/values/extension-ref.ts'
import { PersistentRef } from '../../../src/values/persistent-ref.ts'
import { reduceEx } from '../../../src/values/reduce-ex.ts'
import { dumps } from '../../../src/write/dumps.ts'
import { bytes, global, u32 } from '../../pickle-bytes.ts'
import type { Vector } from './vector.ts'

class Thing {}
class Other {}

const type = (module: string, name: string, more = {}): object => ({ module, name, create: () => new Thing(), ...more })
const plugin = (id: string, rest: object = {}): Plugin => ({ id, ...rest })
const revoked = (): Plugin => {
  const { proxy, revoke } = Proxy.revocable({} as Plugin, {})
  revoke()
  return proxy
}
const reducers = [{ class: Thing, reduce: () => notMine }]

const vector = (name: string, run: () => unknown, expected: string): Vector => ({ name, run, expected })
const shape = (name: string, given: unknown): Vector =>
  vector(`a plugin with ${name}`, () => createRegistry([given as Plugin]), 'plugin-shape')
const record = (name: string, more: object): Vector =>
  shape(`a record with ${name}`, { id: 'a', types: [type('m', 'T', more)] })

const SHAPES: readonly Vector[] = [
  shape('an unknown field', plugin('a', { reducer: reducers })),
  shape('extends that are no list', plugin('a', { extends: '' })),
  shape('types that are no list', plugin('a', { types: {} })),
  shape('reducers that are no list', plugin('a', { reducers: reducers[0] })),
  shape('a reducer without a class', plugin('a', { reducers: [{ reduce: () => notMine }] })),
  shape('a reducer of an arrow function', plugin('a', { reducers: [{ class: () => 1, reduce: () => notMine }] })),
  shape('a reducer without reduce', plugin('a', { reducers: [{ class: Thing }] })),
  shape('a reducer with more', plugin('a', { reducers: [{ ...reducers[0], matches: () => true }] })),
  shape('null as a reducer', plugin('a', { reducers: [null] })),
  shape('an extension code without a name', plugin('a', { extensionCodes: [{ code: 1, module: 'm' }] })),
  shape('null as a record', plugin('a', { types: [null] })),
  shape('replaces that are a list', plugin('a', { replaces: [Thing], reducers })),
  shape('replaces of itself', plugin('a', { replaces: { a: [Thing] }, reducers })),
  shape('replaces of no list', plugin('a', { replaces: { b: Thing }, reducers })),
  shape('replaces of one name', plugin('a', { replaces: { b: [['m']] }, reducers })),
  shape("replaces of the codec's own", plugin('a', { replaces: { core: [['builtins', 'set']] } })),
  record('an unknown field', { reducer: () => 1 }),
  record('an opcode that there is not', { opcodes: ['call'] }),
  record('opcodes that are no list', { opcodes: 'reduce' }),
  record('a check that there is not', { args: ['number'] }),
  record('half a check that there is not', { args: ['int|number'] }),
  record('an inherited check', { args: ['constructor'] }),
  record('args that are no list', { args: 'int' }),
  record('args without max', { args: { min: 1 } }),
  record('args with min over max', { args: { min: 2, max: 1 } }),
  record('args with a field too many', { args: { min: 0, max: 1, each: 'int' } }),
  record('args with a bad rest', { args: { min: 0, max: 1, rest: 'number' } }),
  record('kwargs that are no list', { kwargs: 'k', opcodes: ['newobj_ex'] }),
  record('kwargs that nothing gives', { kwargs: ['k'] }),
  record('a state that there is not', { state: 'object' }),
  record('stateRequired that is no boolean', { stateRequired: 1, setState: () => {} }),
  record('a required state and no setState', { stateRequired: true }),
  record('a required state that it refuses', { stateRequired: true, setState: () => {}, state: 'none' }),
  record('a class that is none', { class: 'Thing' }),
  record('a value without identity', { value: 5, opcodes: [] }),
  record('a value and a class', { value: () => 1, class: Thing }),
  record('a create that nothing calls', { value: () => 1 }),
  record('an append that is no function', { append: [] }),
  record('a reduce without a class', { reduce: () => ({ args: [] }) }),
  record('an empty name', { name: '' }),
  shape('a record that makes nothing', plugin('a', { types: [{ module: 'm', name: 'T' }] })),
  vector('no plugins', () => createRegistry([]), 'value'),
  ...[null, ['m.T'], [['m']], [['m', 1]]].map((globals, i) =>
    vector(`no list of globals ${i}`, () => inertPlugin(globals as never), 'plugin-shape'),
  ),
  vector('a revoked plugin', () => createRegistry([revoked()]), 'plugin-shape'),
  ...[null, {}, 'ab', new Set()].map((plugins, i) =>
    vector(`no list of plugins ${i}`, () => createRegistry(plugins as never), 'plugin-shape'),
  ),
]

const registry = (): ReturnType<typeof createRegistry> =>
  createRegistry([plugin('base', { types: [type('m', 'T', { class: Thing })] })])
const replacing = (name: string, given: Plugin, replace: unknown, expected: string): Vector =>
  vector(`extend: ${name}`, () => registry().extend(given, { replace } as never), expected)

const REPLACING: readonly Vector[] = [
  replacing('a global', plugin('b', { types: [type('m', 'T')] }), [['m', 'T']], 'value'),
  replacing('what is no list', plugin('b'), 'm.T', 'plugin-shape'),
  replacing('a name alone', plugin('b'), [['m']], 'plugin-shape'),
  replacing('what is not given', plugin('b'), [['m', 'T']], 'replace'),
  replacing('what is not there', plugin('b', { types: [type('m', 'U')] }), [['m', 'U']], 'replace'),
  replacing('a class that is not given', plugin('b'), [Thing], 'replace'),
  replacing(
    'a class that is not there',
    plugin('b', { reducers: [{ ...reducers[0], class: Other }] }),
    [Other],
    'replace',
  ),
  replacing("the codec's own", plugin('b', { types: [type('builtins', 'set')] }), [['builtins', 'set']], 'replace'),
  vector(
    'extend: a global twice',
    () => registry().extend(plugin('b', { types: [type('m', 'T')] })),
    'duplicate-global',
  ),
  vector(
    'replaces: what is not given',
    () => createRegistry([plugin('a', { replaces: { b: [['m', 'T']] } })]),
    'replace',
  ),
  vector(
    'replaces: each other',
    () =>
      createRegistry([
        plugin('a', { replaces: { b: [['m', 'T']] }, types: [type('m', 'T')] }),
        plugin('b', { replaces: { a: [['m', 'T']] }, types: [type('m', 'T')] }),
      ]),
    'replace',
  ),
  vector(
    'two codes of one global',
    () =>
      createRegistry([
        plugin('a', {
          extensionCodes: [
            { code: 1, module: 'm', name: 'T' },
            { code: 2, module: 'm', name: 'T' },
          ],
        }),
      ]),
    'extension-codes',
  ),
]

const made = (name: string, create: TypeRecord['create'], expected: string, more: Partial<TypeRecord> = {}): Vector => {
  const types = [{ module: 'm', name: 'T', create, ...more } as TypeRecord]
  const read = createLoads(createRegistry([plugin('a', { types })]))
  return vector(`create gives ${name}`, () => read(bytes(`${global('m', 'T')})R.`)), expected)
}

const MADE: readonly Vector[] = [
  vector(
    'setState is async',
    () => {
      const types = [{ module: 'm', name: 'T', create: () => ({}), setState: async () => {} }]
      return createLoads(createRegistry([plugin('a', { types })]))(bytes(`${global('m', 'T')})RNb.`))
    },
    'result@10',
  ),
  made('undefined', () => undefined, 'value'),
  made('null', () => null, 'value'),
  made('undefined for a class', () => undefined, 'result@8', { class: Thing }),
  made('null for a class', () => null, 'result@8', { class: Thing }),
  made('a number where a state is needed', () => 1, 'result@8', { stateRequired: true, setState: () => {} }),
  made('notMine', () => notMine, 'result@8'),
  made('an extension code', () => new ExtensionRef(1), 'result@8'),
  made('a persistent id', () => new PersistentRef(1), 'result@8'),
  made('its own class', () => Thing, 'result@8', { class: Thing }),
  made(
    'a Proxy that throws',
    () =>
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('mine')
          },
        },
      ),
    'reducer@8',
  ),
  made(
    'an exception that is undefined',
    () => {
      throw undefined
    },
    'reducer@8',
  ),
  vector(
    'dumps: a reduceEx that throws',
    () =>
      dumps([
        Object.defineProperty(new Thing(), reduceEx, {
          get: () => {
            throw new Error('mine')
          },
        }),
      ]),
    'reducer@$[0]',
  ),
]

/** One container of 1000 ints that many calls are given: what the checks copy out of it is counted. */
const copied = (kind: 'dict' | 'set', container: string): Vector => {
  const items = Array.from({ length: 1000 }, (_, i) => `J${u32(i)}${kind === 'dict' ? 'N' : ''}`).join('')
  const create: TypeRecord['create'] = ([value], { check }) => ({ size: [...check[kind](value, 'it')].length })
  const read = createLoads(createRegistry([plugin('a', { types: [{ module: 'm', name: 'T', create }] })]))
  const start = `${global('m', 'T')}q\x000${container.replace('*', items)}\x85q\x010](`
  const pickle = `${start}${'h\x00h\x01R'.repeat(100)}e.`
  const calls = Math.floor((32 * pickle.length + DEFAULT_LIMITS.maxItems / 128) / 8000) + 1
  const at = start.length + 5 * calls - 1
  return vector(`check.${kind} copies`, () => read(bytes(pickle), { mapping: 'exact' }), `limit@${at}`)
}

const CHECKS: readonly Vector[] = [
  copied('dict', '}(*u'),
  copied('set', '\x8f(*\x90'),
  made('what is no set', (_, { check }) => check.set([], 'it'), 'args@8'),
]

export const PLUGIN_VECTORS: readonly Vector[] = [...SHAPES, ...REPLACING, ...MADE, ...CHECKS]
