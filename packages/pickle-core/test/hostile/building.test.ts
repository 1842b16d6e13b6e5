/** Objects: what may build them, and of what; buffers that the stream must not touch. */
import { describe, expect, test } from 'vitest'
import { PickleError } from '../../src/errors.ts'
import type { LoadOptions } from '../../src/read/load-options.ts'
import { createLoads, loads } from '../../src/read/loads.ts'
import { Unpickler } from '../../src/read/unpickler.ts'
import type { TypeRecord } from '../../src/registry/contract.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { GlobalRef } from '../../src/values/global-ref.ts'
import { PickleBuffer } from '../../src/values/pickle-buffer.ts'
import { Tuple } from '../../src/values/tuple.ts'
import { bytes, global, str } from '../pickle-bytes.ts'
import { outcome } from './outcome.ts'

describe('buffers', () => {
  const next = bytes('\x80\x05\x97.')

  test('what is not a buffer', () => {
    expect(outcome(next)).toBe('buffers-missing')
    expect(outcome(next, { buffers: [] })).toBe('buffer-count')
    const detached = new ArrayBuffer(8)
    structuredClone(detached, { transfer: [detached] })
    const released = new PickleBuffer(new Uint8Array(1))
    released.release()
    for (const value of ['x', 5, null, undefined, [], {}, detached, released, () => {}]) {
      expect([String(value), outcome(next, { buffers: [value] as never })]).toEqual([String(value), 'buffer-type'])
    }
    for (const buffers of ['x', 5, {}, () => {}, true])
      expect(outcome(next, { buffers: buffers as never })).toBe('option')
  })

  test('shared memory is one', () => {
    const shared = new SharedArrayBuffer(4)
    expect(loads<PickleBuffer>(next, { buffers: [shared] }).buffer).toBe(shared)
  })

  test('memory that shrinks inside the iterator is noticed when it is used', () => {
    const memory = new ArrayBuffer(8, { maxByteLength: 8 })
    const given = new PickleBuffer(memory)
    function* buffers() {
      memory.resize(2)
      yield given
    }
    expect(outcome(next, { buffers: buffers() })).toBe('buffer-type')
  })

  test('iterators that never end, throw, give nonsense, or load', () => {
    function* forever() {
      for (;;) yield new Uint8Array(1)
    }
    expect(outcome(next, { buffers: forever() })).toBe('buffer-count')
    // biome-ignore lint/correctness/useYield: it throws first
    function* throwing(): Generator<Uint8Array> {
      throw new Error('mine')
    }
    expect(outcome(next, { buffers: throwing() })).toBe('callback')
    expect(outcome(next, { buffers: { [Symbol.iterator]: () => ({ next: () => 5 }) } as never })).toBe('callback')
    function* loading() {
      yield loads<Uint8Array>(bytes('C\x01a.'))
    }
    expect(loads<PickleBuffer>(next, { buffers: loading() }).raw()).toEqual(Uint8Array.of(0x61))
  })

  test('all are used, in loads; a session leaves the rest for later', () => {
    expect(outcome('N.', { buffers: [new Uint8Array(1)] })).toBe('buffer-count')
    expect(outcome('N.', { buffers: [] })).toBe('value')
    const unpickler = new Unpickler(bytes('\x97.\x97.'), {
      buffers: [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)],
    })
    expect(unpickler.load<PickleBuffer>().raw()).toEqual(Uint8Array.of(1))
    expect(unpickler.load<PickleBuffer>().raw()).toEqual(Uint8Array.of(2))
  })

  test('no opcode writes into them', () => {
    for (const act of ['K\x00K\x41s', '(K\x41K\x42e', 'K\x41a', '(K\x00K\x41u', '(K\x41\x90', '}b']) {
      const memory = bytes('hello')
      expect(['target', 'build-target']).toContain(outcome(`\x80\x05\x97${act}.`, { buffers: [memory] }))
      expect(memory).toEqual(bytes('hello'))
    }
  })

  test('budgets', () => {
    const two = [new Uint8Array(4), new Uint8Array(4)]
    expect(outcome('\x97\x97\x86.', { buffers: two, limits: { maxBuffers: 1 } })).toBe('limit')
    expect(outcome('\x97\x97\x86.', { buffers: two, limits: { maxBufferBytes: 7 } })).toBe('limit')
    expect(outcome('\x97\x97\x86.', { buffers: two, limits: { maxBufferBytes: 8, maxBuffers: 2 } })).toBe('value')
  })
})

describe('objects', () => {
  class Point {
    list: unknown[] = []
    state: unknown
  }
  let calls = 0
  const record = (name: string, more: Partial<TypeRecord>): TypeRecord =>
    ({ module: 'm', name, create: () => new Point(), ...more }) as TypeRecord
  const registry = createRegistry([
    {
      id: 'app',
      types: [
        record('Point', {
          class: Point,
          create: () => {
            calls++
            return new Point()
          },
          setState: (point, state) => {
            Object.assign(point as Point, { state })
          },
          append: (point, item) => void (point as Point).list.push(item),
        }),
        record('Any', {
          opcodes: ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst'],
          kwargs: ['k'],
          create: (args, _, kwargs) => ({ args: [...args], kwargs }),
        }),
        record('Global', { opcodes: [] }),
        record('List', { create: () => [] }),
        record('Dict', { create: () => ({}) }),
        record('Map', { create: () => new Map() }),
        record('Same', { create: ([value]) => value }),
        record('Throws', {
          create: () => {
            throw new RangeError('mine')
          },
        }),
        record('Checks', { create: ([value], { check }) => check.int(value, 'the size') }),
        record('Spends', { create: (_, { budget }) => budget.spend(2_000_000) }),
        record('Ref', { create: () => new GlobalRef('os', 'system') }),
        record('Class', { create: () => Point }),
        record('Needs', { stateRequired: true, setState: () => {} }),
        record('NoState', {}),
        record('HookThrows', { setState: () => Promise.reject.call(undefined) }),
      ],
    },
  ])
  const read = createLoads(registry)
  const codeOf = (pickle: string, options?: LoadOptions): string => {
    try {
      read(bytes(pickle), options)
      return 'value'
    } catch (error) {
      if (!(error instanceof PickleError)) throw error
      return error.code
    }
  }
  const g = (name: string): string => global('m', name)

  test('each opcode passes one gate', () => {
    expect(read(bytes(`${g('Any')}K\x01\x85R.`))).toEqual({ args: [1], kwargs: undefined })
    expect(read(bytes(`${g('Any')}K\x01\x85\x81.`))).toEqual({ args: [1], kwargs: undefined })
    expect(read(bytes(`${g('Any')}K\x01\x85}${str('k')}K\x02s\x92.`))).toEqual({
      args: [1],
      kwargs: new Map([['k', 2]]),
    })
    expect(read(bytes(`(${g('Any')}K\x01o.`))).toEqual({ args: [1], kwargs: undefined })
    expect(read(bytes('(K\x01im\nAny\n.'))).toEqual({ args: [1], kwargs: undefined })
    for (const pickle of [
      `${g('Point')}))\x92.`,
      `(${g('Point')}o.`,
      '(im\nPoint\n.',
      `${g('Global')})R.`,
      `${g('Global')})\x81.`,
    ]) {
      calls = 0
      expect(['construct-not-allowed', 'kwargs']).toContain(codeOf(pickle))
      expect(calls).toBe(0)
    }
    expect(codeOf(`${g('Any')})}${str('x')}Ns\x92.`)).toBe('args')
    expect(codeOf(`${g('Any')})}K\x01Ns\x92.`)).toBe('kwargs')
  })

  test('a class as a value is the class; a function to call is only what was registered', () => {
    expect(read(bytes(`${g('Point')}.`))).toBe(Point)
    expect(read(bytes(`${g('Global')}.`))).toEqual(new GlobalRef('m', 'Global'))
    expect(codeOf(`${g('Point')})R)R.`)).toBe('callee')
  })

  test('hooks come from the record, whatever state the object has', () => {
    const hook = (name: string) => `${g('Point')})Rq\x00}(${str(name)}${g('Throws')}ub`
    const point = read<Point>(bytes(`${hook('append')}(K\x01K\x02e}b.`))
    expect(point.list).toEqual([1, 2])
    expect(codeOf(`${hook('add')}(K\x01\x90.`)).toBe('target')
    expect(codeOf(`${hook('__setstate__')}Nb.`)).toBe('value')
  })

  test("the reader's own opcodes do not act on what a plugin made", () => {
    for (const [name, act] of [
      ['List', 'Na'],
      ['List', '(Ne'],
      ['Dict', 'NNs'],
      ['Dict', '(NNu'],
      ['Map', 'NNs'],
      ['Map', '(NNu'],
      ['Point', 'NNs'],
    ] as const) {
      expect([name, act, codeOf(`${g(name)})R${act}.`)]).toEqual([name, act, 'target'])
      expect([name, act, codeOf(`${g(name)})Rq\x050h\x05${act}.`)]).toEqual([name, act, 'target'])
    }
    // A list of ours becomes the plugin's once it returns it.
    expect(codeOf(`]q\x00${g('Same')}h\x00\x85R0Na.`)).toBe('target')
  })

  test('a persistent value is opaque', () => {
    const mine: unknown[] = []
    for (const act of ['Na', '(Ne']) expect(outcome(`NQ${act}.`, { persistentLoad: () => mine })).toBe('target')
    for (const act of ['NNs', '(NNu']) expect(outcome(`NQ${act}.`, { persistentLoad: () => ({}) })).toBe('target')
    expect(outcome('NQ}b.', { persistentLoad: () => new Point() })).toBe('build-target')
    expect(outcome('NQ)R.', { persistentLoad: () => Point })).toBe('callee')
    expect(mine).toEqual([])
    expect(loads(bytes('Pabc\n.'), { persistentLoad: (pid) => pid })).toBe('abc')
    expect(loads(bytes('K\x01\x85Q.'), { persistentLoad: (pid) => pid })).toEqual(Tuple.of(1))
    expect(outcome('Pa\xe9\n.', { persistentLoad: (pid) => pid })).toBe('name')
  })

  test('what a plugin throws is wrapped, what its context throws is not', () => {
    expect(() => read(bytes(`${g('Throws')})R.`))).toThrow('app threw for m.Throws')
    expect(codeOf(`${g('Throws')})R.`)).toBe('reducer')
    expect(codeOf(`${g('HookThrows')})R}b.`)).toBe('reducer')
    expect(() => read(bytes(`${g('Checks')}N\x85R.`))).toThrow(
      'the size must be an int in the safe range, found None (REDUCE at byte 14)',
    )
    expect(read(bytes(`${g('Checks')}K\x05\x85R.`))).toBe(5)
    expect(read(bytes(`${g('Checks')}K\x05\x85R.`), { mapping: 'exact' })).toBe(5)
    expect(codeOf(`${g('Spends')})R.`)).toBe('limit')
  })

  test('what a plugin may not make, and what must be finished', () => {
    expect(codeOf(`${g('Ref')})R.`)).toBe('result')
    expect(codeOf(`${g('Point')}0${g('Class')})R.`)).toBe('result')
    expect(codeOf(`${g('Needs')})R.`)).toBe('state-required')
    expect(codeOf(`${g('Needs')})R}b.`)).toBe('value')
    expect(codeOf(`(${g('Needs')})R${g('Needs')})R}bt.`)).toBe('state-required')
    expect(codeOf(`${g('NoState')})R}b.`)).toBe('state')
  })

  test('calls are bounded', () => {
    const many = `](${`${g('Point')})R`.repeat(20)}e.`
    expect(codeOf(many, { limits: { maxPluginCalls: 19 } })).toBe('limit')
    expect(codeOf(many, { limits: { maxPluginCalls: 20 } })).toBe('value')
    expect(codeOf(`${g('Point')})R(${'N'.repeat(20)}e.`, { limits: { maxPluginCalls: 20 } })).toBe('limit')
  })

  test('findClass gives a record, nothing, or an error', () => {
    const findClass = (_: string, name: string) => (name === 'X' ? record('X', { create: ([x]) => x }) : undefined)
    expect(loads(bytes(`${global('any', 'X')}K\x07\x85R.`), { findClass })).toBe(7)
    expect(outcome(`${global('any', 'Y')}.`, { findClass })).toBe('global-not-allowed')
    expect(outcome(`${global('any', 'Y')}.`, { findClass: (() => Number.isNaN) as never })).toBe('option')
    expect(outcome(`${global('any', 'Y')}.`, { findClass: (() => ({})) as never })).toBe('option')
  })

  test('a plugin may load, and its load has its own state', () => {
    const inner = bytes('](K\x01K\x02e.')
    const types = [record('Nested', { create: () => read(inner) })]
    const nested = createLoads(createRegistry([{ id: 'n', types }]))
    expect(nested(bytes(`](K\x05${g('Nested')})RK\x06e.`))).toEqual([5, [1, 2], 6])
  })

  test('an Unpickler is busy while it loads', () => {
    const unpickler: Unpickler = new Unpickler(bytes('NQ.'), { persistentLoad: () => unpickler.atEnd })
    expect(() => unpickler.load()).toThrow('persistentLoad threw')
    expect(() => unpickler.load()).toThrow('failed')
  })
})

describe('forms of copyreg and functools', () => {
  const read = createLoads(
    createRegistry([
      {
        id: 'app',
        types: [
          {
            module: 'm',
            name: 'C',
            opcodes: ['newobj', 'newobj_ex'],
            kwargs: ['k'],
            create: (args, _, kwargs) => ({ args: [...args], kwargs }),
          },
          { module: 'm', name: 'C.inner', opcodes: [], create: () => undefined },
        ],
      },
    ]),
  )
  const codeOf = (pickle: string): string => {
    try {
      read(bytes(pickle))
      return 'value'
    } catch (error) {
      if (!(error instanceof PickleError)) throw error
      return error.code
    }
  }
  const c = 'cm\nC\n'

  test('stand for NEWOBJ and NEWOBJ_EX', () => {
    const none = { args: [], kwargs: undefined }
    expect(read(bytes(`ccopy_reg\n_reconstructor\n(${c}c__builtin__\nobject\nNtR.`))).toEqual(none)
    expect(read(bytes(`ccopyreg\n__newobj__\n${c}K\x01\x86R.`))).toEqual({ args: [1], kwargs: undefined })
    expect(read(bytes(`ccopyreg\n__newobj_ex__\n${c}K\x01\x85}\x87R.`))).toEqual({ args: [1], kwargs: new Map() })
    expect(read(bytes(`cbuiltins\ngetattr\n${c}${str('inner')}\x86R.`))).toEqual(new GlobalRef('m', 'C.inner'))
  })

  test('and for nothing else', () => {
    const PICKLES: [string, string][] = [
      [`ccopyreg\n_reconstructor\n(${c}cbuiltins\nset\nNtR.`, 'args'],
      [`ccopyreg\n_reconstructor\n(${c}cbuiltins\nobject\nK\x01tR.`, 'args'],
      [`ccopyreg\n_reconstructor\n(NNNtR.`, 'args'],
      ['ccopyreg\n_reconstructor\n(Ncbuiltins\nobject\nNtR.', 'callee'],
      ['ccopyreg\n__newobj__\n)R.', 'callee'],
      ['ccopyreg\n__newobj__\ncbuiltins\nset\n\x85R.', 'construct-not-allowed'],
      [`ccopyreg\n__newobj__\nccopyreg\n__newobj__\n\x85R.`, 'construct-not-allowed'],
      [`ccopyreg\n__newobj_ex__\n${c}N}\x87R.`, 'reduce-args'],
      [`ccopyreg\n__newobj_ex__\n${c}\x85R.`, 'args'],
      [`cbuiltins\ngetattr\n${c}${str('outer')}\x86R.`, 'global-not-allowed'],
      [`cbuiltins\ngetattr\n]${str('append')}\x86R.`, 'args'],
      [`cbuiltins\ngetattr\n${c}K\x01\x86R.`, 'args'],
      [`cbuiltins\ngetattr\n${c}${str('inner')}N\x87R.`, 'args'],
      [`cfunctools\npartial\n${c}\x85R.`, 'args'],
      [`cbuiltins\ngetattr\n${c}${str('__new__')}\x86R)R.`, 'callee'],
    ]
    for (const [pickle, code] of PICKLES) expect([pickle, codeOf(pickle)]).toEqual([pickle, code])
  })

  test('a partial is called once, and never seen', () => {
    const method = `cbuiltins\ngetattr\nq\x00${c}q\x01${str('__new__')}\x86Rq\x02`
    const partial = `cfunctools\npartial\n${method}\x85Rq\x03`
    const state = (kwargs = '}') => `(h\x02h\x01K\x01\x86${kwargs}Ntb`
    expect(read(bytes(`${partial}${state(`}${str('k')}K\x02s`)})R.`))).toEqual({
      args: [1],
      kwargs: new Map([['k', 2]]),
    })
    const bad: [string, string][] = [
      [`${partial}.`, 'callee'],
      [`${partial}${state()}.`, 'callee'],
      [`](${partial}${state()}e.`, 'callee'],
      [`${partial})R.`, 'reduce-args'],
      [`${partial}${state()}K\x01\x85R.`, 'reduce-args'],
      [`${partial}${state()}0h\x03)R.`, 'callee'],
      [`${partial}${state()}2)R.`, 'callee'],
      [`${partial}}b)R.`, 'state'],
      [`${partial}(h\x01h\x01\x85}Ntb)R.`, 'state'],
      // A base's method is a method of cls; None is no class.
      [`${partial}(h\x02N\x85}Ntb)R.`, 'callee'],
      [`${partial}(h\x02)}Ntb)R.`, 'state'],
      [`${partial}${state(`}${str('x')}Ns`)})R.`, 'args'],
      [`${partial}${state('N')})R.`, 'kwargs'],
    ]
    for (const [pickle, code] of bad) expect([pickle, codeOf(pickle)]).toEqual([pickle, code])
  })
})
