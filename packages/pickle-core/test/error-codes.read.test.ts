/** Every code of UnpicklingError is produced here, and says where. */
import { describe, expect, test } from 'vitest'
import {
  isPickleError,
  type PickleError,
  UNPICKLING_MESSAGES,
  UnpicklingError,
  type UnpicklingErrorCode,
} from '../src/errors.ts'
import { dis } from '../src/inspect/dis.ts'
import type { LoadOptions } from '../src/read/load-options.ts'
import { createLoads, loads } from '../src/read/loads.ts'
import { Unpickler } from '../src/read/unpickler.ts'
import { createRegistry } from '../src/registry/registry.ts'
import { bytes, global, str, u64 } from './pickle-bytes.ts'

class Point {
  x = 0
}

const registry = createRegistry([
  {
    id: 'points',
    types: [
      {
        module: 'm',
        name: 'Point',
        class: Point,
        args: ['int'],
        opcodes: ['reduce', 'newobj', 'newobj_ex'],
        create: () => new Point(),
      },
      { module: 'm', name: 'NeedsState', stateRequired: true, create: () => new Point(), setState: () => {} },
      { module: 'm', name: 'Listed', state: 'list', create: () => new Point(), setState: () => {} },
      // biome-ignore lint/suspicious/noThenProperty: that is what is refused
      { module: 'm', name: 'Thenable', create: () => ({ then: () => {} }) },
    ],
  },
])
const withTypes = createLoads(registry)

const read = (pickle: string, options?: LoadOptions) => () => loads(bytes(pickle), options)
const build = (pickle: string, options?: LoadOptions) => () => withTypes(bytes(pickle), options)

/** What makes each error; the codes that have no offset come from the caller, not from the input. */
const PRODUCERS: Record<UnpicklingErrorCode, () => unknown> = {
  truncated: read('K'),
  opcode: read('\x00.'),
  'opcode-protocol': read(`\x80\x02${str('a')}.`),
  protocol: read('\x80\x06N.'),
  'proto-position': read('N\x80\x02.'),
  frame: read(`\x80\x04\x95${u64(1)}K\x01.`),
  stack: read('0.'),
  mark: read('Nt.'),
  'stop-stack': read('NN.'),
  trailing: read('N.N'),
  length: read('\x8c\x05a.'),
  limit: read('](NNNe.', { limits: { maxItems: 2 } }),
  depth: read(']]]aa.', { limits: { maxDepth: 2 } }),
  number: read('I0x10\n.'),
  quoting: read("S'a\n."),
  escape: read("S'\\xz'\n."),
  utf8: read('\x8c\x02\xc0\xaf.'),
  'surrogate-pair': read('\x8c\x06\xed\xa0\xbd\xed\xb8\x80.'),
  encoding: read('U\x01\x80.'),
  'memo-index': read('Np-1\n.'),
  'memo-missing': read('h\x05.'),
  name: read('c\nint\n.'),
  'stack-global-type': read(`K\x01${str('a')}\x93.`),
  'global-not-allowed': read('cos\nsystem\n.'),
  'construct-not-allowed': read('(cbuiltins\nset\no.'),
  callee: read('N)R.'),
  'reduce-args': read('cbuiltins\nset\n]R.'),
  result: build(`${global('m', 'Thenable')})R.`),
  args: build(`${global('m', 'Point')})R.`),
  kwargs: build(`${global('m', 'Point')}K\x01\x85]\x92.`),
  target: read('NNa.'),
  'build-target': read('N}b.'),
  state: build(`${global('m', 'Listed')})R}b.`),
  inert: read('cm\nC\n)R}b}b.', { unknownGlobals: 'inert' }),
  'state-required': build(`${global('m', 'NeedsState')})R.`),
  'odd-items': read('}(Nu.'),
  unhashable: read('}]Ns.'),
  'native-key': read('\x80\x05\x8f(G\x7f\xf8\0\0\0\0\0\0G\x7f\xf8\0\0\0\0\0\0\x90.'),
  'dict-key': read(`}${str('a')}NsNNs.`),
  'ext-code': read('\x82\x00.'),
  'ext-unregistered': read('\x82\x05.'),
  'persistent-id': read('NQ.'),
  'buffers-missing': read('\x97.'),
  'buffer-count': read('\x97.', { buffers: [] }),
  'buffer-type': read('\x97.', { buffers: [5] as never }),
  'input-changed': () => {
    const memory = new ArrayBuffer(8)
    const view = new Uint8Array(memory)
    view.set(bytes('NQN0.'))
    return loads(view, { persistentLoad: () => structuredClone(memory, { transfer: [memory] }) })
  },
  busy: () => {
    const unpickler: Unpickler = new Unpickler(bytes('NQ.'), { persistentLoad: () => unpickler.load() })
    try {
      return unpickler.load()
    } catch (error) {
      throw (error as Error).cause
    }
  },
  closed: () => {
    const unpickler = new Unpickler(bytes('0.N.'))
    expect(() => unpickler.load()).toThrow(UnpicklingError)
    return unpickler.load()
  },
  source: () => new Unpickler({ read: () => 'text' as never }).load(),
  dis: () => dis(bytes('h\x00.')),
  callback: read('NQ.', {
    persistentLoad: () => {
      throw new Error('mine')
    },
  }),
  option: read('N.', { dicts: 'python' as never }),
}

const NO_OFFSET: readonly UnpicklingErrorCode[] = ['busy', 'closed', 'option']

describe('UnpicklingError', () => {
  test.each(Object.keys(UNPICKLING_MESSAGES) as UnpicklingErrorCode[])('%s', (code) => {
    let error: unknown
    try {
      PRODUCERS[code]()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(UnpicklingError)
    expect(isPickleError(error, code)).toBe(true)
    const { offset, message } = error as UnpicklingError
    expect(offset >= 0).toBe(!NO_OFFSET.includes(code))
    expect(message.length).toBeGreaterThan(10)
    expect(message).not.toContain('undefined')
  })

  test('names the opcode and its offset', () => {
    expect(PRODUCERS['persistent-id']).toThrow('(BINPERSID at byte 1)')
    expect(PRODUCERS['global-not-allowed']).toThrow('"os" "system" is not registered')
    expect(PRODUCERS['global-not-allowed']).toThrow('(GLOBAL at byte 0)')
  })

  test('keeps what a callback threw as its cause', () => {
    let error: unknown
    try {
      PRODUCERS.callback()
    } catch (thrown) {
      error = thrown
    }
    expect((error as PickleError).cause).toEqual(new Error('mine'))
  })
})
