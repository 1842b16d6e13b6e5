/** What nobody registered, kept as data: what cannot be kept is an error, and data is never called. */
import type { LoadOptions } from '../../../src/read/load-options.ts'
import { loads } from '../../../src/read/loads.ts'
import { ExtensionRef } from '../../../src/values/extension-ref.ts'
import { GlobalRef } from '../../../src/values/global-ref.ts'
import { PersistentRef } from '../../../src/values/persistent-ref.ts'
import { PyObject } from '../../../src/values/py-object.ts'
import type { DumpOptions } from '../../../src/write/dump-options.ts'
import { dumps } from '../../../src/write/dumps.ts'
import { bytes, global, str } from '../../pickle-bytes.ts'
import { loadVectors, type Row, type Vector } from './vector.ts'

const INERT: LoadOptions = { unknownGlobals: 'inert' }
const BOTH: readonly LoadOptions[] = [INERT, { ...INERT, mapping: 'exact' }]

/** Loaded as data, in both mappings. */
const KEPT: readonly (readonly [expected: string, pickle: string])[] = [
  ['value', 'cos\nsystem\n.'],
  ['value', 'cos\nsystem\nX\x02\0\0\0ls\x85R.'],
  ['value', '(X\x02\0\0\0lsios\nsystem\n.'],
  ['value', '\x82\x05.'],
  ['value', '\x84\xff\xff\xff\x7f)R.'],
  ['value', 'NQ.'],
  ['value', 'Pid\n.'],
  ['value', 'cm\nC\n)R}b.'],
  ['value', 'cm\nC\n)RNa(NNe.'],
  ['value', 'cm\nC\n)RNaNNs(NNu}b.'],
  ['value', 'cm\nC\n)Rp0\ncm\nput\ng0\nN\x86R0.'],
  ['value', `cbuiltins\ngetattr\n${global('m', 'C')}${str('x')}\x86R.`],
  ['value', 'ccopyreg\n__newobj_ex__\n)R.'],
  ['value', 'ccopyreg\n_reconstructor\n)R.'],
  ['value', 'cfunctools\npartial\n)R.'],
  ['value', 'cbuiltins\nset\nK\x01\x85R.'],
  ['value', 'cbuiltins\nset\n)\x81.'],
  // A key by its identity, as in Python where a class does not say otherwise.
  ['value', '}(cm\nC\n)RNcm\nC\n)RNu.'],
  ['value', '\x8f(cm\nC\nNQ\x82\x05\x90.'],
  // An object that its own arguments contain, on two levels.
  ['value', 'cg\nR\np0\n((lp1\ng0\n((lp2\ng0\n(h\x02tp3\nRp4\natp5\nRp6\natp7\nR0g4\n.'],
  // A second state, or items in an order in which no pickler writes them.
  ['inert@10', 'cm\nC\n)R}b}b.'],
  ['value', 'cm\nC\n)RNbNb.'],
  ['inert@10', 'cm\nC\n)R}bNa.'],
  ['inert@11', 'cm\nC\n)R}b(Ne.'],
  ['inert@11', 'cm\nC\n)RNNsNa.'],
  ['inert@11', 'cm\nC\n)R}bNNs.'],
  ['inert@12', 'cm\nC\n)R}b(NNu.'],
  ['inert@25', 'cm\nC\n)Rp0\n}bcm\nput\ng0\nN\x86R0.'],
  ['inert@8', 'Ncm\nC\n)R0.'],
  ['inert@8', 'N(cm\nC\no0.'],
  ['target@9', 'cm\nC\n)R(N\x90.'],
  ['odd-items@9', 'cm\nC\n)R(Nu.'],
  // What is no class and no object of one.
  ['callee@3', 'K\x05)R.'],
  ['callee@7', 'X\x01\0\0\0a)R.'],
  ['callee@3', 'NQ)R.'],
  ['build-target@3', 'NQ}b.'],
  ['target@3', 'NQNa.'],
  ['target@4', 'NQNNs.'],
  ['build-target@3', '\x82\x05}b.'],
  ['build-target@6', 'cm\nC\n}b.'],
  ['target@6', 'cm\nC\nNa.'],
  ['reduce-args@6', 'cm\nC\n]R.'],
  ['reduce-args@6', 'cm\nC\nN\x81.'],
  ['kwargs@7', 'cm\nC\n)]\x92.'],
  ['kwargs@7', 'cm\nC\n)N\x92.'],
  ['kwargs@11', 'cm\nC\n)}K\x01Ns\x92.'],
  ['reduce-args@21', 'ccopyreg\n__newobj__\n]R.'],
  ['reduce-args@25', 'ccopyreg\n_reconstructor\nNR.'],
  ['ext-code@0', '\x82\x00.'],
  ['ext-code@0', '\x84\0\0\0\x80.'],
]

/** What a caller or a plugin gave is not the reader's to change, PyObject or not. */
const given = (): LoadOptions => ({ ...INERT, persistentLoad: () => new PyObject(new GlobalRef('m', 'C')) })
const GIVEN: readonly Row[] = [
  ['build-target@3', 'NQ}b.', given()],
  ['target@3', 'NQNa.', given()],
  ['target@4', 'NQ(Ne.', given()],
  ['target@4', 'NQNNs.', given()],
  ['callee@3', 'NQ)R.', given()],
]

/** Classes that `findClass` allows as data; nothing else is. */
const CHOSEN: LoadOptions = { findClass: (module) => (module === 'm' ? 'inert' : undefined) }
const SOME: readonly Row[] = [
  ['value', 'cm\nC\n)R}b.', CHOSEN],
  ['global-not-allowed@0', 'cn\nC\n)R.', CHOSEN],
  ['callee@8', 'cm\nC\n)R)R.', CHOSEN],
  ['global-not-allowed@24', `cbuiltins\ngetattr\n${global('n', 'C')}${str('x')}\x86R.`, CHOSEN],
  ['args@24', 'ccopyreg\n__newobj_ex__\n)R.', CHOSEN],
  ['args@17', 'cbuiltins\nset\nK\x01\x85R.', CHOSEN],
  ['ext-unregistered@0', '\x82\x05.', CHOSEN],
  ['persistent-id@1', 'NQ.', CHOSEN],
  ['option', 'N.', { unknownGlobals: 'yes' as never }],
]

/** What is loaded as data, but is not written again: Python calls no such thing either. */
const ODD: readonly Row[] = [['value', 'cbuiltins\nEllipsis\n)R.', INERT]]

const LIMITS: readonly Row[] = [
  ['depth@7', 'cm\nC\n)R.', { ...INERT, limits: { maxDepth: 1 } }],
  ['depth@88', `cm\nC\n(${'cm\nC\n('.repeat(10)}${'tR'.repeat(10)}tR.`, { ...INERT, limits: { maxDepth: 5 } }],
  ['limit@27', `cm\nC\n)R(${'N'.repeat(20)}e.`, { ...INERT, limits: { maxItems: 19 } }],
  ['limit@27', `cm\nC\n)R(${'N'.repeat(40)}u.`, { ...INERT, limits: { maxItems: 19 } }],
  ['limit@21', `(${'N'.repeat(20)}im\nC\n.`, { ...INERT, limits: { maxItems: 19 } }],
]

/** Fields that anybody may have set. */
const BROKEN: readonly Partial<Record<keyof PyObject, unknown>>[] = [
  { class: 'm.C' },
  { class: undefined },
  { args: 5 },
  { args: undefined },
  { kwargs: {} },
  { construct: 'newobj_ex' },
  { construct: 'newobj_ex', kwargs: 5 },
  { construct: 'newobj_ex', kwargs: [] },
  { construct: 'newobj_ex', kwargs: null },
  { construct: 'call' },
  { construct: 'inst', class: new ExtensionRef(5) },
  { listItems: 5 },
  { dictItems: 5 },
  { dictItems: [['k']] },
  { stateSetter: 5 },
]

const write = (name: string, make: () => unknown, expected: string, options: DumpOptions = {}): Vector => ({
  name: `dumps: ${name}`,
  run: () => dumps([make()], options),
  expected,
})

const WRITTEN: readonly Vector[] = [
  ...BROKEN.map((parts, i) =>
    write(`PyObject ${i}`, () => Object.assign(new PyObject(new GlobalRef('m', 'C')), parts), 'reduce-value@$[0]'),
  ),
  ...[0, -1, 1.5, 2 ** 31, Number.NaN].map((code) =>
    write(`extension code ${code}`, () => new ExtensionRef(code), 'reference@$[0]'),
  ),
  write('an extension code at protocol 1', () => new ExtensionRef(5), 'reference@$[0]', { protocol: 1 }),
  write('a persistent id at protocol 0', () => new PersistentRef(5), 'persistent-id@$[0]', { protocol: 0 }),
  write(
    'OBJ of no name at protocol 0',
    () => new PyObject(new ExtensionRef(5), { construct: 'obj' }),
    'reference@$[0]',
    {
      protocol: 0,
    },
  ),
  write(
    'a state that cannot be dumped',
    () => new PyObject(new GlobalRef('m', 'C'), { state: { x: () => 1 } }),
    'unpicklable@$[0]<state>.x',
  ),
]

/** Inert data is written again: the parts are, or there is an error. */
const AGAIN: readonly Vector[] = KEPT.filter(([expected]) => expected === 'value').map(([, pickle]) => ({
  name: `written again: ${JSON.stringify(pickle)}`,
  run: () => loads(dumps(loads(bytes(pickle), INERT)), INERT),
  expected: 'value',
}))

export const INERT_VECTORS: readonly Vector[] = [
  ...BOTH.flatMap((options) =>
    loadVectors(
      'inert',
      KEPT.map(([expected, pickle]): Row => [expected, pickle, options]),
    ),
  ),
  ...loadVectors('given', GIVEN),
  ...loadVectors('chosen', SOME),
  ...loadVectors('odd', ODD),
  ...loadVectors('inert and limits', LIMITS),
  ...WRITTEN,
  ...AGAIN,
]
