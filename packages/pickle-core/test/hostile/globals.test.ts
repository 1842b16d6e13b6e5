/** Globals: exact pairs, and nothing that a pickle says makes one more. */
import { describe, expect, test } from 'vitest'
import { createLoads, loads } from '../../src/read/loads.ts'
import type { TypeRecord } from '../../src/registry/contract.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { GlobalRef } from '../../src/values/global-ref.ts'
import { bytes, global, str, u32, u64 } from '../pickle-bytes.ts'
import { expectCodes, outcome } from './outcome.ts'

describe('globals', () => {
  const SYSTEM = [
    'cos\nsystem\n.',
    '(ios\nsystem\n.',
    `\x80\x04${global('os', 'system')}.`,
    '(cos\nsystem\nX\x01\0\0\0ao.',
    'Vos\np0\n0Vsystem\np1\n0g0\ng1\n\x93.',
    'c__builtin__\neval\n.',
    `\x80\x04${global('os', 'path.sep')}.`,
    `\x80\x04${global('__main__', '__dict__.update')}.`,
  ]

  test('what is not registered is refused, and findClass is asked exactly once', () => {
    for (const pickle of SYSTEM) {
      const asked: string[] = []
      const findClass = (module: string, name: string): undefined => void asked.push(`${module}:${name}`)
      expect(outcome(pickle, { findClass })).toBe('global-not-allowed')
      expect(asked).toHaveLength(1)
    }
  })

  test('PROTO after the names changes nothing', () => {
    const late = `${str('os')}${str('path.sep')}\x80\x04\x93.`
    expect(outcome(late)).toBe('proto-position')
    expect(outcome(late, { strict: false })).toBe('global-not-allowed')
  })

  test('names are compared whole: a dot, a split elsewhere, white space', () => {
    const types = [{ module: 'os', name: 'path.sep', opcodes: [], create: () => undefined }]
    const read = createLoads(createRegistry([{ id: 'p', types }]))
    expect(read(bytes(`${global('os', 'path.sep')}.`))).toEqual(new GlobalRef('os', 'path.sep'))
    const others = [
      ['os.path', 'sep'],
      ['os', 'path'],
      ['os', 'path.sep '],
      ['os', 'path.sep\0'],
      ['os\n', 'path.sep'],
      ['', 'os.path.sep'],
    ]
    for (const [module, name] of others) {
      expect(() => read(bytes(`${global(module as string, name as string)}.`))).toThrow('is not registered')
    }
    expect(outcome(`c${'a'.repeat(1_000_000)}\nb\n.`)).toBe('global-not-allowed')
    expect(outcome('cbuiltins\r\nset\r\n.')).toBe('global-not-allowed')
    expectCodes('name', ['c\nset\n.', 'cbuiltins\n\n.'])
  })

  test('Python 2 names are mapped once, before the look-up, and only below protocol 3', () => {
    const seen: string[] = []
    const findClass = (module: string, name: string): undefined => void seen.push(`${module} ${name}`)
    for (const [module, name] of [
      ['__builtin__', 'xrange'],
      ['copy_reg', 'foo'],
      ['exceptions', 'StandardError'],
      ['cPickle', 'x'],
      ['UserDict', 'UserDict'],
      ['__builtin__', 'unicode'],
    ]) {
      outcome(`\x80\x02c${module}\n${name}\n.`, { findClass })
      outcome(`\x80\x03c${module}\n${name}\n.`, { findClass })
      outcome(`c${module}\n${name}\n.`, { findClass, fixImports: false })
    }
    expect(seen).toEqual([
      'builtins range',
      '__builtin__ xrange',
      '__builtin__ xrange',
      'copyreg foo',
      'copy_reg foo',
      'copy_reg foo',
      'builtins Exception',
      'exceptions StandardError',
      'exceptions StandardError',
      'pickle x',
      'cPickle x',
      'cPickle x',
      'collections UserDict',
      'UserDict UserDict',
      'UserDict UserDict',
      'builtins str',
      '__builtin__ unicode',
      '__builtin__ unicode',
    ])
  })

  test('extension codes belong to one registry, and are looked up as names', () => {
    const point = { module: 'm', name: 'Point', opcodes: [], create: () => undefined }
    const codes = {
      extensionCodes: [
        { code: 5, module: 'm', name: 'Point' },
        { code: 0x1234, module: 'os', name: 'system' },
      ],
    }
    const known = createLoads(createRegistry([{ id: 'p', types: [point], ...codes }]))
    expect(known(bytes('\x82\x05.'))).toEqual(new GlobalRef('m', 'Point'))
    expect(() => known(bytes('\x83\x34\x12.'))).toThrow('"os" "system" is not registered')
    expectCodes('ext-unregistered', ['\x82\x05.', '\x83\x05\x00.', '\x84\x05\0\0\0.'])
    expectCodes('ext-code', ['\x82\x00.', '\x83\x00\x00.', '\x84\xff\xff\xff\xff.', '\x84\0\0\0\x80.'])
  })

  test('a name that is cut is never looked up', () => {
    for (const pickle of ['cbuiltins\nset', 'cbuiltins', '(ibuiltins\nset', '\x8c\x08builtins\x8c\x03se']) {
      const findClass = (): undefined => {
        throw new Error('asked')
      }
      expect(['truncated', 'length']).toContain(outcome(pickle, { findClass }))
    }
  })
})

describe('prototypes', () => {
  const KEYS = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'then',
    'toJSON',
    'length',
    'hasOwnProperty',
    '__defineGetter__',
    'valueOf',
    'isPrototypeOf',
    'toLocaleString',
    'propertyIsEnumerable',
    '__lookupSetter__',
  ]

  test.each(KEYS)('%s is a key like any other', (key) => {
    for (const act of [
      `}(${str(key)}}${str('p')}K\x01su.`,
      `}${str(key)}}${str('p')}K\x01ss.`,
      `}(${str('a')}N${str(key)}}${str('p')}K\x01su.`,
    ]) {
      const auto = loads<Map<string, unknown> | Record<string, unknown>>(bytes(act))
      expect(auto instanceof Map).toBe(key === '__proto__')
      const value = auto instanceof Map ? auto.get(key) : Object.getOwnPropertyDescriptor(auto, key)
      const inner = { p: 1 }
      expect(value).toEqual(
        auto instanceof Map ? inner : { value: inner, writable: true, enumerable: true, configurable: true },
      )
      expect((auto as { p?: unknown }).p).toBeUndefined()
      expect(loads<Map<string, unknown>>(bytes(act), { dicts: 'map' }).get(key)).toEqual(new Map([['p', 1]]))
      expect(outcome(act, { dicts: 'object' })).toBe(key === '__proto__' ? 'dict-key' : 'value')
    }
  })

  test('state with such keys reaches a plugin as data', () => {
    const states: unknown[] = []
    const record: TypeRecord = {
      module: 'm',
      name: 'C',
      create: () => ({}),
      setState: (_, state) => void states.push(state),
    }
    const read = createLoads(createRegistry([{ id: 'p', types: [record] }]))
    for (const key of KEYS) read(bytes(`${global('m', 'C')})R}${str(key)}}${str('polluted')}\x88ssb.`))
    expect(states).toHaveLength(KEYS.length)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('a hidden property of Object.prototype loses no key, in pickles of every size', () => {
    const KINDS: PropertyDescriptor[] = [
      { get: () => 'theirs' },
      { set: () => {} },
      { get: () => 'theirs', set: () => {} },
      { value: 'theirs', writable: false },
      { value: 'theirs', writable: true },
    ]
    const item = `${str('hidden')}K\x01`
    const more = `${str('a')}K\x02${str('b')}K\x03`
    const filler = `${str('c')}B${u32(3000)}${'x'.repeat(3000)}`
    const pickles = [
      `}${item}s.`,
      `}(${item}u.`,
      `}(${more}u(${item}u.`,
      `}(${more}${item}u.`,
      `}${str('a')}K\x02s${item}s.`,
      `}(${item}${item}${more}u.`,
      `}(${item}${filler}u.`,
    ]
    const found: unknown[] = []
    for (const kind of KINDS) {
      Object.defineProperty(Object.prototype, 'hidden', { ...kind, enumerable: false, configurable: true })
      // No assertion in here, as below.
      try {
        for (const pickle of pickles) {
          const own = Object.getOwnPropertyDescriptor(loads<object>(bytes(pickle)), 'hidden')
          found.push([own?.value, own?.writable, own?.enumerable, own?.configurable].join())
        }
      } finally {
        Reflect.deleteProperty(Object.prototype, 'hidden')
      }
    }
    expect(found).toEqual(KINDS.flatMap(() => pickles.map(() => '1,true,true,true')))
  })

  test('no setter of a polluted Object.prototype runs, and a frozen one is no obstacle', () => {
    const pickle = bytes(`}(${str('evil')}K\x01${str('b')}K\x02u.`)
    const big = bytes(
      `}(${str('evil')}K\x01${str('b')}C\xff${'x'.repeat(255)}${str('c')}C\xff${'x'.repeat(255)}${str('d')}B${u32(2000)}${'x'.repeat(2000)}u.`,
    )
    let ran = 0
    const values: unknown[] = []
    for (const [enumerable, input] of [
      [true, pickle],
      [false, big],
      [true, big],
    ] as const) {
      Object.defineProperty(Object.prototype, 'evil', { set: () => void ran++, enumerable, configurable: true })
      // No assertion in here: the test runner copies objects, and would run the setter.
      const value = loads<object>(input)
      values.push(Object.getOwnPropertyDescriptor(value, 'evil')?.value)
      Reflect.deleteProperty(Object.prototype, 'evil')
    }
    expect(values).toEqual([1, 1, 1])
    expect(ran).toBe(0)
    const { writable } = Object.getOwnPropertyDescriptor(Object.prototype, 'toString') as PropertyDescriptor
    Object.defineProperty(Object.prototype, 'toString', { writable: false })
    try {
      expect(Object.hasOwn(loads<object>(bytes(`}${str('toString')}K\x01s.`)), 'toString')).toBe(true)
    } finally {
      Object.defineProperty(Object.prototype, 'toString', { writable: writable as boolean })
    }
  })
})

describe('PROTO', () => {
  test('versions', () => {
    for (let proto = 0; proto <= 5; proto++) expect(loads(bytes(`\x80${String.fromCharCode(proto)}N.`))).toBeNull()
    expectCodes('protocol', ['\x80\x06N.', '\x80\xffN.'])
    expect(outcome('\x80\xffN.', { strict: false })).toBe('protocol')
  })

  test('only as the first opcode', () => {
    expectCodes('proto-position', ['\x80\x02\x80\x05N.', 'N\x80\x02.'])
    for (const pickle of ['\x80\x02\x80\x05N.', 'N\x80\x02.'])
      expect(loads(bytes(pickle), { strict: false })).toBeNull()
  })

  test('no opcode is newer than it', () => {
    const NEW: Record<number, string[]> = {
      3: ['B\0\0\0\0', 'C\0'],
      4: [
        '\x8c\0',
        `\x8d${u64(0)}`,
        `\x8e${u64(0)}`,
        '\x8f',
        '\x8f(\x90',
        '(\x91',
        `${global('builtins', 'set')}`,
        'N\x94',
        `\x95${u64(0)}N`,
      ],
      5: [`\x96${u64(0)}`, '\x97', '\x97\x98'],
    }
    for (const [since, pickles] of Object.entries(NEW)) {
      for (const pickle of pickles) {
        const options = { buffers: pickle.includes('\x97') ? [new Uint8Array(1)] : [] }
        const older = `\x80${String.fromCharCode(Number(since) - 1)}${pickle}.`
        expect([older, outcome(older, options)]).toEqual([older, 'opcode-protocol'])
        expect([older, outcome(older, { ...options, strict: false })]).toEqual([older, 'value'])
        for (const good of [`\x80${String.fromCharCode(Number(since))}${pickle}.`, `${pickle}.`])
          expect([good, outcome(good, options)]).toEqual([good, 'value'])
      }
    }
  })
})
