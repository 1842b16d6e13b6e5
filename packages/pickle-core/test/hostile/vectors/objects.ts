/** Globals, calls, state and items: what is not registered, and what a record does not allow. */
import type { LoadOptions } from '../../../src/read/load-options.ts'
import { bytes, global, str } from '../../pickle-bytes.ts'
import { appLoads } from './app.ts'
import { loadVectors, type Row, type Vector } from './vector.ts'

/** A global of the test's registry. */
const g = (name: string): string => global('m', name)
/** An object of it. */
const object = (name: string): string => `${g(name)})R`

const GLOBALS: readonly Row[] = [
  ['global-not-allowed@0', 'cos\nsystem\n.'],
  ['global-not-allowed@1', '(ios\nsystem\n.'],
  ['global-not-allowed@14', `\x80\x04${global('os', 'system')}.`],
  ['global-not-allowed@1', '(cos\nsystem\nX\x01\0\0\0ao.'],
  ['global-not-allowed@26', 'Vos\np0\n0Vsystem\np1\n0g0\ng1\n\x93.'],
  ['global-not-allowed@0', 'c__builtin__\neval\n.'],
  ['global-not-allowed@16', `\x80\x04${global('os', 'path.sep')}.`],
  ['global-not-allowed@29', `\x80\x04${global('__main__', '__dict__.update')}.`],
  ['global-not-allowed@16', `${str('os')}${str('path.sep')}\x80\x04\x93.`, { strict: false }],
  ['global-not-allowed@0', 'cbuiltins\r\nset\r\n.'],
  ['global-not-allowed@0', `c${'a'.repeat(100_000)}\nb\n.`],
  // The same pair, split elsewhere.
  ['global-not-allowed@14', `${global('m.Any', 'inner')}.`],
  ['global-not-allowed@15', `${global('', 'm.Any.inner')}.`],
  ['value', `${global('m', 'Any.inner')}.`],
  ['global-not-allowed@14', `${global('m', 'Any.outer')}.`],
  ['global-not-allowed@9', `${global('m', 'Any ')}.`],
  ['global-not-allowed@9', `${global('m', 'Any\0')}.`],
  ['global-not-allowed@9', `${global('m\n', 'Any')}.`],
  ['global-not-allowed@14', `${global('m', '__proto__')}.`],
  ['global-not-allowed@24', `${global('__proto__', 'constructor')}.`],
  ['global-not-allowed@19', `${global('constructor', 'name')}.`],
  ['stack-global-type@7', `\x80\x04K\x01${str('a')}\x93.`],
  ['stack-global-type@5', `${str('a')}K\x01\x93.`],
  ['stack-global-type@12', 'C\x02osC\x06system\x93.'],
  ['stack-global-type@6', `K*${str('os')}\x93.`],
]

const EXTENSIONS: readonly Row[] = [
  ['value', '\x82\x05.'],
  ['global-not-allowed@0', '\x83\x34\x12.'],
  ['value', '\x84\xff\xff\xff\x7f.'],
  ['ext-unregistered@0', '\x82\x06.'],
  ['ext-unregistered@0', '\x83\x06\x00.'],
  ['ext-unregistered@0', '\x84\x06\0\0\0.'],
  ['ext-code@0', '\x82\x00.'],
  ['ext-code@0', '\x83\x00\x00.'],
  ['ext-code@0', '\x84\0\0\0\0.'],
  ['ext-code@0', '\x84\xff\xff\xff\xff.'],
  ['ext-code@0', '\x84\0\0\0\x80.'],
]

const CALLS: readonly Row[] = [
  ['value', `${g('Any')}K\x01\x85R.`],
  ['value', `${g('Any')}K\x01\x85\x81.`],
  ['value', `${g('Any')}K\x01\x85}${str('k')}K\x02s\x92.`],
  ['value', `(${g('Any')}K\x01o.`],
  ['value', '(K\x01im\nAny\n.'],
  ['kwargs@13', `${g('Point')}))\x92.`],
  ['construct-not-allowed@13', `${g('Point')})}\x92.`],
  ['construct-not-allowed@12', `(${g('Point')}o.`],
  ['construct-not-allowed@1', '(im\nPoint\n.'],
  ['construct-not-allowed@13', `${g('Global')})R.`],
  ['construct-not-allowed@13', `${g('Global')})\x81.`],
  ['kwargs@11', `${g('Any')}))\x92.`],
  ['args@16', `${g('Any')})}${str('x')}Ns\x92.`],
  ['kwargs@15', `${g('Any')})}K\x01Ns\x92.`],
  ['reduce-args@11', `${g('Any')}]}\x92.`],
  ['reduce-args@10', `${g('Any')}]\x81.`],
  ['reduce-args@10', `${g('Any')}NR.`],
  ['reduce-args@10', `${g('Any')}}R.`],
  ['reduce-args@15', 'cbuiltins\nset\n]R.'],
  ['callee@5', `${str('os')})R.`],
  ['callee@3', ')))R.'],
  ['callee@3', 'K\x01)\x81.'],
  ['callee@3', 'N)}\x92.'],
  ['callee@2', '(No.'],
  ['callee@2', ']]R.'],
  ['callee@14', `${object('Point')})R.`],
  ['args@10', `${g('Two')})R.`],
  ['args@14', `${g('Two')}K\x01K\x02\x86R.`],
  ['value', `${g('Two')}K\x01${str('a')}\x86R.`],
  ['args@16', `${g('Up to two')})R.`],
  ['args@19', `${g('Up to two')}NNN\x87R.`],
  ['args@20', `${g('Up to two')}N${str('a')}\x86R.`],
  ['value', `${g('Up to two')}NK\x01\x86R.`],
  ['reducer@13', `${object('Throws')}.`],
  ['reducer@13', `${object('Getter')}.`],
  ['result@15', `${object('Thenable')}.`],
  ['result@10', `${object('Ref')}.`],
  ['result@24', `${g('Point')}0${object('Class')}.`],
  ['limit@13', `${object('Spends')}.`],
  ['limit@64', `](${object('SpendsNothing').repeat(3)}e.`, { limits: { maxPluginCalls: 2 } }],
  ['limit@261', `](${object('Point').repeat(20)}e.`, { limits: { maxPluginCalls: 19 } }],
  ['value', `](${object('Point').repeat(20)}e.`, { limits: { maxPluginCalls: 20 } }],
  ...(
    [
      [`(${g('Any')}NNo`, 3, 12],
      ['(NNim\nAny\n', 2, 3],
    ] as const
  ).flatMap(([make, items, at]): Row[] => [
    ['value', `${`${make}0`.repeat(10)}N.`, { limits: { maxItems: items * 10 } }],
    [`limit@${(make.length + 1) * 9 + at}`, `${`${make}0`.repeat(10)}N.`, { limits: { maxItems: items * 10 - 1 } }],
  ]),
]

/** A value that each check refuses. */
const CHECKS: readonly Row[] = [
  ...['int', 'bigint', 'float', 'bool', 'str', 'bytes', 'list', 'tuple', 'dict'].map(
    (kind): Row => [`args@${g(`check ${kind}`).length + 2}`, `${g(`check ${kind}`)}N\x85R.`],
  ),
  ['args@26', `${g('check int')}\x8a\x08\0\0\0\0\0\0\0\x40\x85R.`],
  ['args@26', `${g('check int')}\x8a\x08\0\0\0\0\0\0\0\x40\x85R.`, { mapping: 'exact' }],
  ['value', `${g('check int')}K\x01\x85R.`, { mapping: 'exact' }],
  ['args@28', `${g('check bigint')}G?\xf8\0\0\0\0\0\0\x85R.`],
  ['value', `${g('check float')}K\x01\x85R.`],
  ['value', `${g('check dict')}}\x85R.`],
  ['args@14', `${g('Memory')}N\x85R.`],
  ['value', `${g('Memory')}C\x01a\x85R.`],
]

const STATE: readonly Row[] = [
  ['build-target@3', 'K\x01Nb.'],
  ['build-target@2', ']}b.'],
  ['build-target@2', '}}b.'],
  ['build-target@17', 'cbuiltins\nset\n)R}b.'],
  ['build-target@12', `${g('Point')}}b.`],
  ['value', `${object('Point')}}b.`],
  ['state@13', `${object('Bare')}}b.`],
  ['state@22', `${object('Refuses state')}Nb.`],
  ['state@15', `${object('Stated')}}b.`],
  ['value', `${object('Stated')}]b.`],
  ['state@22', `${object('Checked state')}}b.`],
  ['value', `${object('Checked state')}Nb.`],
  ['reducer@19', `${object('HooksThrow')}Nb.`],
  ['state-required@13', `${object('Needs')}.`],
  ['value', `${object('Needs')}}b.`],
  ['state-required@30', `(${object('Needs')}${object('Needs')}}bt.`],
]

const ITEMS: readonly Row[] = [
  ['target@3', ']NNs.'],
  ['target@2', '}Na.'],
  ['target@5', '\x80\x04](N\x90.'],
  ['target@4', '](NNu.'],
  ['target@3', '}(Ne.'],
  ['target@3', '}(N\x90.'],
  ['target@4', '](e(\x90.'],
  ...['Na', '(Ne', '(N\x90', 'NNs', '(NNu'].flatMap((act): Row[] => [
    ['value', `${object('Point')}${act}.`],
    [`target@${object('Bare').length + act.length - 1}`, `${object('Bare')}${act}.`],
    [`reducer@${object('HooksThrow').length + act.length - 1}`, `${object('HooksThrow')}${act}.`],
    [`target@${g('Point').length + act.length - 1}`, `${g('Point')}${act}.`],
  ]),
  ['target@13', `${object('List')}Na.`],
  ['target@14', `${object('List')}(Ne.`],
  ['target@14', `${object('Dict')}NNs.`],
  ['target@14', `${object('Map')}(NNu.`],
  ['target@13', `${object('Set')}(N\x90.`],
  ['odd-items@15', `${object('Point')}(Nu.`],
  // A list of ours is the plugin's once it returns it.
  ['target@19', `]q\x00${g('Same')}h\x00\x85R0Na.`],
  ['limit@34', `${object('Point')}(${'N'.repeat(20)}e.`, { limits: { maxPluginCalls: 20 } }],
  ['limit@34', `${object('Point')}(${'N'.repeat(20)}\x90.`, { limits: { maxPluginCalls: 20 } }],
  ['limit@54', `${object('Point')}(${'N'.repeat(40)}u.`, { limits: { maxPluginCalls: 20 } }],
  ['limit@54', `${object('Point')}(${'N'.repeat(40)}u.`, { limits: { maxPluginCalls: 21 } }],
]

const persistent = (value: unknown): LoadOptions => ({ persistentLoad: () => value })
const PERSISTENT: readonly Row[] = [
  ['persistent-id@1', 'NQ.'],
  ['persistent-id@0', 'Pa\n.'],
  ['target@3', 'NQNa.', persistent([])],
  ['target@4', 'NQ(Ne.', persistent([])],
  ['target@4', 'NQNNs.', persistent({})],
  ['target@5', 'NQ(NNu.', persistent(new Map())],
  ['target@4', 'NQ(N\x90.', persistent(new Set())],
  ['build-target@3', 'NQ}b.', persistent({})],
  ['callee@3', 'NQ)R.', persistent(Object)],
  [
    'callback@1',
    'NQ.',
    {
      persistentLoad: () => {
        throw new Error('mine')
      },
    },
  ],
]

const FIND_CLASS: readonly Row[] = [
  ['value', `${global('a', 'X')}K\x07\x85R.`, { findClass: () => ({ module: 'a', name: 'X', create: ([x]) => x }) }],
  ['global-not-allowed@6', `${global('a', 'Y')}.`, { findClass: () => undefined }],
  ['option@6', `${global('a', 'Y')}.`, { findClass: (() => Number.isNaN) as never }],
  ['option@6', `${global('a', 'Y')}.`, { findClass: (() => ({})) as never }],
  ['option@6', `${global('a', 'Y')}.`, { findClass: (() => 'text') as never }],
  [
    'callback@6',
    `${global('a', 'Y')}.`,
    {
      findClass: () => {
        throw new Error('mine')
      },
    },
  ],
]

const c = 'cm\nAny\n'
const method = `cbuiltins\ngetattr\nq\x00${c}q\x01${str('__new__')}\x86Rq\x02`
const partial = `cfunctools\npartial\n${method}\x85Rq\x03`
const state = (kwargs = '}'): string => `(h\x02h\x01K\x01\x86${kwargs}Ntb`

/** The forms of copyreg and functools that stand for an opcode, and what looks like them. */
const FORMS: readonly Row[] = [
  ['value', `ccopy_reg\n_reconstructor\n(${c}c__builtin__\nobject\nNtR.`],
  ['value', `ccopyreg\n__newobj__\n${c}K\x01\x86R.`],
  ['value', `ccopyreg\n__newobj_ex__\n${c}K\x01\x85}\x87R.`],
  ['value', `cbuiltins\ngetattr\n${c}${str('inner')}\x86R.`],
  ['args@48', `ccopyreg\n_reconstructor\n(${c}cbuiltins\nset\nNtR.`],
  ['args@52', `ccopyreg\n_reconstructor\n(${c}cbuiltins\nobject\nK\x01tR.`],
  ['args@49', `ccopyreg\n_reconstructor\n${c}cbuiltins\nobject\n\x86R.`],
  ['args@29', 'ccopyreg\n_reconstructor\n(NNNtR.'],
  ['callee@45', 'ccopyreg\n_reconstructor\n(Ncbuiltins\nobject\nNtR.'],
  ['callee@21', 'ccopyreg\n__newobj__\n)R.'],
  ['construct-not-allowed@35', 'ccopyreg\n__newobj__\ncbuiltins\nset\n\x85R.'],
  ['construct-not-allowed@41', 'ccopyreg\n__newobj__\nccopyreg\n__newobj__\n\x85R.'],
  ['reduce-args@33', `ccopyreg\n__newobj_ex__\n${c}N}\x87R.`],
  ['args@31', `ccopyreg\n__newobj_ex__\n${c}\x85R.`],
  ['args@35', `ccopyreg\n__newobj_ex__\n(${c})}NtR.`],
  ['global-not-allowed@33', `cbuiltins\ngetattr\n${c}${str('outer')}\x86R.`],
  ['args@28', `cbuiltins\ngetattr\n]${str('append')}\x86R.`],
  ['args@28', `cbuiltins\ngetattr\n${c}K\x01\x86R.`],
  ['args@34', `cbuiltins\ngetattr\n${c}${str('inner')}N\x87R.`],
  ['args@27', `cfunctools\npartial\n${c}\x85R.`],
  ['args@63', `cfunctools\npartial\n${method}N\x86R.`],
  ['callee@37', `cbuiltins\ngetattr\n${c}${str('__new__')}\x86R)R.`],
  ['value', `${partial}${state(`}${str('k')}K\x02s`)})R.`],
  ['callee@65', `${partial}.`],
  ['callee@67', `${partial}0N.`],
  ['callee@77', `${partial}${state()}.`],
  ['callee@80', `](${partial}${state()}e.`],
  ['reduce-args@66', `${partial})R.`],
  ['reduce-args@80', `${partial}${state()}K\x01\x85R.`],
  ['reduce-args@78', `${partial}${state()}NR.`],
  ['callee@78', `${partial}${state()}0h\x03)R.`],
  ['callee@77', `${partial}${state()}2)R.`],
  ['state@66', `${partial}}b)R.`],
  ['state@74', `${partial}(h\x01h\x01\x85}Ntb)R.`],
  ['callee@75', `${partial}(h\x02N\x85}Ntb)R.`],
  ['state@74', `${partial}(h\x02h\x01]}Ntb)R.`],
  ['state@74', `${partial}(h\x02h\x01\x85}}tb)R.`],
  ['args@83', `${partial}${state(`}${str('x')}Ns`)})R.`],
  ['kwargs@78', `${partial}${state('N')})R.`],
]

/** The codec's own shims, called with what no pickler gives them. */
const SHIMS: readonly Row[] = [
  ['args@17', 'cbuiltins\ndict\nN\x85R.'],
  ['args@16', 'cbuiltins\nset\nN\x85R.'],
  ['args@17', 'cbuiltins\nset\n]]\x86R.'],
  ['unhashable@18', 'cbuiltins\nset\n(]l\x85R.'],
  ['unhashable@18', 'cbuiltins\nset\n(]l\x85R.', { mapping: 'exact' }],
  ['unhashable@24', 'cbuiltins\nfrozenset\n(]l\x85R.'],
  ['value', 'cbuiltins\nset\n(K\x01K\x02l\x85R.'],
  ['args@20', 'cbuiltins\ncomplex\nN\x85R.'],
  ['args@21', 'cbuiltins\ncomplex\nNN\x86R.'],
  ['args@20', 'cbuiltins\nrange\nNNN\x87R.'],
  ['args@18', 'cbuiltins\nslice\nN\x85R.'],
  ['args@19', 'cbuiltins\nbytes\nK\x01\x85R.'],
  ['args@23', 'cbuiltins\nbytearray\nK\x01\x85R.'],
  ['args@24', `cbuiltins\nbytearray\n${str('a')}\x85R.`],
  ['args@40', 'cbuiltins\nbytearray\nX\x03\0\0\0\xe2\x82\xacX\x06\0\0\0latin1\x86R.'],
  ['args@36', 'c_codecs\nencode\nX\x03\0\0\0\xe2\x82\xacX\x06\0\0\0latin1\x86R.'],
  ['args@33', 'c_codecs\nencode\nX\x01\0\0\0aX\x05\0\0\0utf-8\x86R.'],
  ['args@29', 'c_codecs\nencode\nNX\x06\0\0\0latin1\x86R.'],
  ['args@23', 'c_codecs\nencode\nX\x01\0\0\0a\x85R.'],
  ['construct-not-allowed@20', 'cbuiltins\nEllipsis\n)R.'],
  ['construct-not-allowed@18', 'cbuiltins\nobject\n)R.'],
]

/** Input that a callback takes away: each call of foreign code is followed by a look. */
function goneDuring(pickle: string, make: (take: () => void) => LoadOptions): Vector {
  return {
    name: `memory is gone: ${JSON.stringify(pickle)}`,
    run: () => {
      const memory = new ArrayBuffer(pickle.length)
      new Uint8Array(memory).set(bytes(pickle))
      const take = (): void => void structuredClone(memory, { transfer: [memory] })
      return appLoads(memory, make(take))
    },
    expected: `input-changed@${pickle.indexOf('!') - 1}`,
  }
}

export const OBJECT_VECTORS: readonly Vector[] = [
  ...loadVectors('globals', GLOBALS, appLoads),
  ...loadVectors('extension codes', EXTENSIONS, appLoads),
  ...loadVectors('calls', CALLS, appLoads),
  ...loadVectors('checks', CHECKS, appLoads),
  ...loadVectors('state', STATE, appLoads),
  ...loadVectors('items', ITEMS, appLoads),
  ...loadVectors('persistent ids', PERSISTENT),
  ...loadVectors('findClass', FIND_CLASS),
  ...loadVectors('forms', FORMS, appLoads),
  ...loadVectors('shims', SHIMS),
  goneDuring('NQ!', (take) => ({ persistentLoad: take })),
  goneDuring(`${global('a', 'b')}!`, (take) => ({ findClass: take as () => undefined })),
  ...(
    [
      ['create', ')R!'],
      ['setState', ')RNb!'],
      ['append', ')RNa!'],
      ['addItem', ')R(N\x90!'],
      ['setItem', ')RNNs!'],
    ] as const
  ).map(([hook, act]) =>
    goneDuring(`${global('a', 'b')}${act}`, (take) => ({
      findClass: () => ({
        module: 'a',
        name: 'b',
        create: () => ({}),
        [hook]: () => {
          take()
          return {}
        },
      }),
    })),
  ),
]
