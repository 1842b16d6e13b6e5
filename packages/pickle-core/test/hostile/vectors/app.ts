/** A registry that hostile vectors build with: one record for each thing that a record can say or do. */
import { createLoads, type Loads } from '../../../src/read/loads.ts'
import type { LoadContext, TypeRecord } from '../../../src/registry/contract.ts'
import { createRegistry, type Registry } from '../../../src/registry/registry.ts'
import { GlobalRef } from '../../../src/values/global-ref.ts'

class Point {
  items: unknown[] = []
  state: unknown = undefined
}

const boom = (): never => {
  throw new RangeError('mine')
}

function record(name: string, more: Partial<TypeRecord> = {}): TypeRecord {
  return { module: 'm', name, create: () => new Point(), ...more }
}

/** Records that hand their first argument to one of the context's checks. */
const CHECKS: readonly TypeRecord[] = (
  ['int', 'bigint', 'float', 'bool', 'str', 'bytes', 'list', 'tuple', 'dict'] as const
).map((kind) => record(`check ${kind}`, { create: ([value], { check }) => ({ checked: check[kind](value, 'it') }) }))

const APP: Registry = createRegistry([
  {
    id: 'app',
    types: [
      ...CHECKS,
      record('Point', {
        class: Point,
        setState: (point, state) => {
          ;(point as Point).state = state
        },
        append: (point, item) => void (point as Point).items.push(item),
        addItem: (point, item) => void (point as Point).items.push(item),
        setItem: (point, key, value) => void (point as Point).items.push(key, value),
      }),
      record('Any', {
        opcodes: ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst'],
        kwargs: ['k'],
        create: (args, _, kwargs) => ({ args: [...args], kwargs }),
      }),
      record('Any.inner', { opcodes: [] }),
      record('Global', { opcodes: [] }),
      record('Bare'),
      record('List', { create: () => [] }),
      record('Dict', { create: () => ({}) }),
      record('Map', { create: () => new Map() }),
      record('Set', { create: () => new Set() }),
      record('Same', { create: ([value]) => value }),
      record('Two', { args: ['int', 'str'] }),
      record('Up to two', { args: { min: 1, max: 2, rest: 'int|none' } }),
      record('Throws', { create: boom, setState: boom }),
      record('HooksThrow', { setState: boom, append: boom, addItem: boom, setItem: boom }),
      record('Getter', {
        create: () =>
          Object.defineProperty({}, 'then', {
            get: boom,
          }),
      }),
      // biome-ignore lint/suspicious/noThenProperty: that is what is refused
      record('Thenable', { create: () => ({ then: () => {} }) }),
      record('Spends', { create: (_, { budget }) => budget.spend(2_000_000) }),
      record('SpendsNothing', {
        create: (_, { budget }) => {
          for (const units of [Number.NaN, -1e9, Number.NEGATIVE_INFINITY]) budget.spend(units)
          return new Point()
        },
      }),
      record('Memory', { create: ([value], context: LoadContext) => ({ span: context.memoryOf(value) }) }),
      record('Ref', { create: () => new GlobalRef('os', 'system') }),
      record('Class', { create: () => Point }),
      record('Needs', { stateRequired: true, setState: () => {} }),
      record('Stated', { state: 'list', setState: () => {} }),
      record('Checked state', { state: (state) => state === null, setState: () => {} }),
      record('Refuses state', { state: 'none', setState: () => {} }),
    ],
    extensionCodes: [
      { code: 5, module: 'm', name: 'Point' },
      { code: 0x1234, module: 'os', name: 'system' },
      { code: 0x7fff_ffff, module: 'm', name: 'Global' },
    ],
  },
  {
    id: 'partial',
    types: [],
  },
])

/** `loads` with that registry. */
export const appLoads: Loads = createLoads(APP)
