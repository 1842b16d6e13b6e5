/** Depth, bombs, and input that changes. */
import { describe, expect, test } from 'vitest'
import { PickleError } from '../../src/errors.ts'
import type { LoadOptions } from '../../src/read/load-options.ts'
import { loads } from '../../src/read/loads.ts'
import { Unpickler } from '../../src/read/unpickler.ts'
import { ByteArray } from '../../src/values/byte-array.ts'
import { FrozenSet } from '../../src/values/frozen-set.ts'
import { bytes, global, str, u32, u64 } from '../pickle-bytes.ts'
import { outcome } from './outcome.ts'
import { BAD_OPTIONS } from './vectors/callers.ts'

describe('depth and bombs', () => {
  test('nested lists, dicts, tuples and sets', () => {
    const nests: [string, (n: number) => string][] = [
      ['lists', (n) => `${']('.repeat(n)}${'e'.repeat(n)}.`],
      ['lists by APPEND', (n) => `${']'.repeat(n)}${'a'.repeat(n - 1)}.`],
      ['memoized lists', (n) => `${']\x94('.repeat(n)}${'e'.repeat(n)}.`],
      ['dicts', (n) => `${`}(${str('a')}`.repeat(n - 1)}}${'u'.repeat(n - 1)}.`],
      ['dicts by SETITEM', (n) => `${`}${str('a')}`.repeat(n - 1)}}${'s'.repeat(n - 1)}.`],
      ['tuples', (n) => `)${'\x85'.repeat(n - 1)}.`],
      ['pairs', (n) => `)${'K\x01\x86'.repeat(n - 1)}.`],
      ['frozensets', (n) => `${'('.repeat(n)}${'\x91'.repeat(n)}.`],
      ['tuples by MARK', (n) => `${'('.repeat(n)}${'t'.repeat(n)}.`],
      ['lists through the memo', (n) => `](]q\x00${`]h\x00aq\x00`.repeat(n - 2)}e.`],
      ['lists through DUP', (n) => `](]q\x00${`2\x85`.repeat(n - 2)}e.`],
    ]
    for (const [name, make] of nests) {
      for (const n of [9_999, 10_000]) expect([name, n, outcome(make(n))]).toEqual([name, n, 'value'])
      expect([name, outcome(make(10_001))]).toEqual([name, 'depth'])
    }
  })

  test('the limit counts the depth of the value, not its length', () => {
    expect(outcome(`](${'K\x01\x85K\x01\x85\x86'.repeat(50_000)}e.`)).toBe('value')
    expect(outcome(`(lp0\n${'(lp1\nI1\naa'.repeat(50_000)}.`)).toBe('value')
    expect(outcome(`]q\x00(${'h\x00'.repeat(50_000)}e.`)).toBe('value')
    expect(outcome(`](${'N\x85'.repeat(50_000)}e.`)).toBe('value')
    expect(outcome('](]]aK\x01ae.', { limits: { maxDepth: 3 } })).toBe('value')
    expect(outcome('](]]aK\x01ae.', { limits: { maxDepth: 2 } })).toBe('depth')
  })

  test('a million nested lists load when the limit allows it', () => {
    const n = 1_000_000
    for (const pickle of [`${']('.repeat(n)}${'e'.repeat(n)}.`, `${']'.repeat(n)}${'a'.repeat(n - 1)}.`]) {
      let value = loads<unknown[] | undefined>(bytes(pickle), { limits: { maxDepth: n } })
      let depth = 0
      for (; value !== undefined; value = value[0] as unknown[] | undefined) depth++
      expect(depth).toBe(n)
    }
  })

  test('expansion through the memo or DUP is linear', () => {
    expect(outcome(`]${']q\x00(h\x00h\x00h\x00h\x00h\x00h\x00h\x00h\x00e'.repeat(1)}a.`)).toBe('value')
    let bomb = '](K\x01eq\x00'
    for (let i = 0; i < 200; i++) bomb += `](${`h${String.fromCharCode(i)}`.repeat(8)}eq${String.fromCharCode(i + 1)}`
    // The length alone is given to `expect`: it would print the value, and that is where such a value is a bomb.
    expect(loads<unknown[]>(bytes(`(${bomb}l.`)).length).toBe(201)
    expect(loads<unknown[]>(bytes(`N${'2\x86'.repeat(5000)}.`), { limits: { maxDepth: 5001 } }).length).toBe(2)
  })

  test('floods of marks and values are bounded', () => {
    expect(outcome(`${'('.repeat(1_000_000)}.`)).toBe('stack')
    expect(outcome(`](${'N'.repeat(1001)}e.`, { limits: { maxItems: 1000 } })).toBe('limit')
    expect(outcome(`N${'2'.repeat(100_000)}.`, { limits: { maxItems: 1000 } })).toBe('limit')
    expect(outcome(`\x80\x04\x95${u64(100_002)}N${'2'.repeat(100_000)}.`, { limits: { maxItems: 1000 } })).toBe('limit')
    expect(outcome(`](${'N'.repeat(1000)}e0](${'N'.repeat(1000)}e.`, { limits: { maxItems: 1999 } })).toBe('limit')
    expect(outcome(`](${'N'.repeat(999)}e0](${'N'.repeat(998)}e.`, { limits: { maxItems: 1999 } })).toBe('value')
    for (const [make, count] of [
      ['N\x85', 1],
      ['NN\x86', 2],
      ['NNN\x87', 3],
      [']Na', 1],
      ['}NNs', 1],
      ['}(NNu', 1],
      ['\x8f(N\x90', 1],
      ['(N\x91', 1],
      ['(NNt', 2],
      ['(NNl', 2],
    ] as const) {
      expect([make, outcome(`${`${make}0`.repeat(100)}N.`, { limits: { maxItems: count * 100 } })]).toEqual([
        make,
        'value',
      ])
      expect([make, outcome(`${`${make}0`.repeat(101)}N.`, { limits: { maxItems: count * 100 } })]).toEqual([
        make,
        'limit',
      ])
    }
  })

  test('other limits', () => {
    expect(outcome(`X${u32(300)}${'a'.repeat(300)}.`, { limits: { maxStringBytes: 299 } })).toBe('limit')
    expect(outcome(`\x8c\x0a${'a'.repeat(10)}.`, { limits: { maxStringBytes: 9 } })).toBe('limit')
    expect(outcome(`V${'a'.repeat(300)}\n.`, { limits: { maxStringBytes: 299 } })).toBe('limit')
    expect(outcome(`T${u32(300)}${'a'.repeat(300)}.`, { limits: { maxStringBytes: 299 } })).toBe('limit')
    expect(outcome(`\x8a\x09${'\x01'.repeat(9)}.`, { limits: { maxIntBytes: 8 } })).toBe('limit')
    expect(outcome(`\x8b${u32(65537)}${'\x01'.repeat(65537)}.`)).toBe('limit')
    expect(outcome(`I${'1'.repeat(4301)}\n.`)).toBe('limit')
    expect(outcome(`L-${'1'.repeat(4300)}L\n.`)).toBe('value')
    const read = (): Uint8Array => bytes('N')
    expect(() => new Unpickler({ read }, { limits: { maxBytes: 1000 } }).load()).toThrow('maxBytes')
  })

  test('options are checked', () => {
    for (const options of BAD_OPTIONS)
      expect([options, outcome('N.', options as LoadOptions)]).toEqual([options, 'option'])
    for (const data of ['N.', [0x4e, 0x2e], null, undefined, {}, 5])
      expect(() => loads(data as never)).toThrow(PickleError)
  })
})

describe('input', () => {
  test('any memory', () => {
    const pickle = bytes('C\x02ab.')
    const shared = new Uint8Array(new SharedArrayBuffer(5))
    shared.set(pickle)
    const resizable = new Uint8Array(new ArrayBuffer(5, { maxByteLength: 10 }))
    resizable.set(pickle)
    for (const data of [
      pickle,
      pickle.buffer,
      Buffer.from(pickle),
      new DataView(pickle.buffer),
      new Int8Array(pickle.buffer),
      shared,
      shared.buffer,
      resizable,
      resizable.buffer,
    ]) {
      const value = loads<Uint8Array>(data as Uint8Array)
      expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype)
      expect(value).toEqual(Uint8Array.of(0x61, 0x62))
      expect(value.buffer).not.toBe(pickle.buffer)
    }
  })

  test('shared and resizable memory is copied before it is read', () => {
    for (const buffer of [new SharedArrayBuffer(4), new ArrayBuffer(4, { maxByteLength: 8 })]) {
      const view = new Uint8Array(buffer)
      view.set(bytes('NQN.'))
      view.set(bytes('NQ0N'))
      const data = new Uint8Array(buffer)
      data.set(bytes('NQQ.'))
      const persistentLoad = (): string => {
        data.fill(0)
        return 'x'
      }
      expect(loads(data, { persistentLoad })).toBe('x')
    }
  })

  test('memory that is detached in the middle', () => {
    const callbacks: ((memory: ArrayBuffer) => [string, LoadOptions])[] = [
      (memory) => ['NQN0.', { persistentLoad: () => structuredClone(memory, { transfer: [memory] }) }],
      (memory) => [`${global('a', 'b')}.`, { findClass: () => void structuredClone(memory, { transfer: [memory] }) }],
      (memory) => [
        '\x97.',
        {
          buffers: {
            *[Symbol.iterator]() {
              yield new Uint8Array(structuredClone(memory, { transfer: [memory] }))
            },
          },
        },
      ],
    ]
    for (const make of callbacks) {
      const memory = new ArrayBuffer(20)
      const [pickle, options] = make(memory)
      new Uint8Array(memory).set(bytes(pickle))
      expect(outcome(new Uint8Array(memory, 0, pickle.length), options)).toBe('input-changed')
    }
    const gone = new ArrayBuffer(8)
    const view = new Uint8Array(gone)
    structuredClone(gone, { transfer: [gone] })
    expect(() => loads(gone)).toThrow('detached')
    expect(() => loads(view)).toThrow(PickleError)
  })

  test('what a source may do', () => {
    for (const read of [() => 5, () => null, () => 'N.', (n: number) => new Uint8Array(n + 1), () => [0x4e]]) {
      expect(() => new Unpickler({ read: read as never }).load()).toThrow('read(')
    }
    const throwing = {
      read: () => {
        throw new Error('mine')
      },
    }
    expect(() => new Unpickler(throwing).load()).toThrow('read threw')
    expect(() => new Unpickler({ read: () => new Uint8Array(0) }).load()).toThrow('ends early')
  })
})

describe('every prefix and every changed byte', () => {
  const SAMPLES = [
    `\x80\x05\x95${u64(46)}}\x94(${str('name')}\x94${str('Ann')}\x94${str('tags')}\x94]\x94(${str('x')}\x94h\x01K\x05M\x01\x02J\x01\x02\x03\x04ef}.`.replace(
      'ef}',
      'eu',
    ),
    '(dp0\nVname\np1\nVAnn\np2\nsVtags\np3\n(lp4\nI5\naF1.5\naL5L\naI01\nas.',
    `\x80\x02}q\x00(X\x01\0\0\0aq\x01K\x01\x85q\x02X\x01\0\0\0bq\x03cbuiltins\nset\nq\x04]q\x05(K\x01K\x02e\x85q\x06Rq\x07u.`,
    `\x80\x05(C\x03abc\x96${u64(2)}xy\x8f\x94(K\x01K\x02\x90(K\x03\x91G?\xf8\0\0\0\0\0\0\x8a\x09${'\xff'.repeat(8)}\0NN\x88\x89\x87t.`,
    '(S"a\\x41"\nU\x01bT\x01\0\0\0cccollections\nOrderedDict\nt.',
  ]

  test('only PickleErrors', () => {
    let errors = 0
    for (const sample of SAMPLES) {
      const pickle = bytes(sample)
      for (let size = 0; size < pickle.length; size++) expect(outcome(pickle.subarray(0, size))).not.toBe('value')
      for (let at = 0; at < pickle.length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          const changed = pickle.slice()
          changed[at] = byte
          for (const options of [undefined, { mapping: 'exact', strict: false }] as const)
            if (outcome(changed, options) !== 'value') errors++
        }
      }
    }
    expect(errors).toBeGreaterThan(100_000)
  })

  test('and the library still works', () => {
    expect(loads(bytes(`}${str('a')}(C\x01bN\x91s.`))).toEqual({ a: expect.any(FrozenSet) })
    expect(loads<ByteArray>(bytes(`\x96${u64(1)}a.`))).toBeInstanceOf(ByteArray)
  })
})
