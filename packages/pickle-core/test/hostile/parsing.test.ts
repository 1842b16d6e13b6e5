/** The stack, the memo, frames and declared lengths. */
import { describe, expect, test } from 'vitest'
import type { PickleError } from '../../src/errors.ts'
import { loads } from '../../src/read/loads.ts'
import { Unpickler } from '../../src/read/unpickler.ts'
import { Tuple } from '../../src/values/tuple.ts'
import { bytes, str, u32, u64 } from '../pickle-bytes.ts'
import { expectCodes, outcome } from './outcome.ts'

describe('stack and marks', () => {
  test('underflow', () => {
    const pickles = [
      '.',
      '0',
      '1',
      '2',
      '(2',
      '(.',
      '\x85.',
      '(\x85.',
      'N\x86.',
      '((\x86.',
      'NN\x87.',
      '](a.',
      'Na.',
      'NNs.',
      '(NNs.',
      'R.',
      'NR.',
      '(NR.',
      'b.',
      'Nb.',
      '\x81.',
      'N\x81.',
      'NN\x92.',
      'N\x93.',
      'Q.',
      '(Q.',
      '\x98.',
      'N(\x94',
      '\x94.',
      'p0\n.',
      'q\x00.',
      'r\0\0\0\0.',
      '(p0\n.',
      'e.',
      'u.',
      '\x90.',
      't.',
      'l.',
      'd.',
      '\x91.',
      'o.',
      '(o.',
      'ibuiltins\nset\n.',
      '(e.',
      '(u.',
      '(\x90.',
      'N0.',
      '(0.',
      '](\x85.',
    ]
    for (const pickle of pickles)
      expect([pickle, ['stack', 'mark']]).toEqual([pickle, expect.arrayContaining([outcome(pickle)])])
  })

  test('POP takes a mark that is on top, as in CPython', () => {
    expect(loads(bytes('N(0.'))).toBeNull()
    expect(loads(bytes('](K\x01(0e.'))).toEqual([1])
    expect(loads(bytes('](0K\x05a.'))).toEqual([5])
    expect(loads(bytes('N](0\x86.'))).toEqual(Tuple.of(null, []))
  })

  test('a mark cannot be stored or duplicated', () => {
    expectCodes('stack', ['(\x940g0\nt.', '(q\x00.', '(2t.'])
  })

  test('odd items', () => {
    expectCodes('odd-items', ['}(Nu.', '(NNNd.', '}(NNNu.', '\x80\x04}\x94(Nu.', `}(${str('a')}u.`])
  })

  test('what is left at STOP', () => {
    expectCodes('stop-stack', ['NN.', '(N.', 'N(N.', '](N.'])
    expect(loads(bytes('NK\x05.'), { strict: false })).toBe(5)
    expect(loads(bytes('N(K\x05.'), { strict: false })).toBe(5)
    expect(outcome('N(.', { strict: false })).toBe('stack')
  })
})

describe('declared lengths', () => {
  const HUGE = [2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]

  test('are compared with the input before anything is allocated', () => {
    const pickles = [
      'B\xff\xff\xff\xffa.',
      'T\xff\xff\xff\xffa.',
      'X\xff\xff\xff\xff.',
      '\x8b\xff\xff\xff\xff.',
      '\x8b\xff\xff\xff\x7fa.',
      '\x8b\0\0\0\x80.',
    ]
    for (const size of HUGE)
      for (const opcode of ['\x8d', '\x8e', '\x96', '\x95']) pickles.push(`${opcode}${u64(size)}N.`)
    const before = process.memoryUsage()
    expectCodes('length', pickles)
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1 << 20)
  })

  test('the same from a source, which is asked for no more than 1 MiB at a time', () => {
    for (const size of HUGE) {
      for (const opcode of ['\x8d', '\x8e', '\x96']) {
        const asked: number[] = []
        const pickle = bytes(`${opcode}${u64(size)}N.`)
        let at = 0
        const read = (n: number): Uint8Array => {
          asked.push(n)
          at += n
          return pickle.subarray(at - n, at)
        }
        const unpickler = new Unpickler({ read }, { limits: { maxBytes: Number.POSITIVE_INFINITY } })
        expect(() => unpickler.load()).toThrow('bytes are left')
        expect(Math.max(...asked)).toBeLessThanOrEqual(1 << 20)
      }
    }
  })
})

describe('memo', () => {
  test('a large index costs nothing', () => {
    const before = process.memoryUsage().rss
    expect(loads(bytes('Nr\xff\xff\xff\x7f.'))).toBeNull()
    expect(loads(bytes('Np9007199254740991\n0g9007199254740991\n.'))).toBeNull()
    expect(loads(bytes('(lr0000I17\na.'))).toEqual([17])
    let sparse = ''
    for (let i = 0; i < 1000; i++) sparse += `Nr${u32(0xffff_ffff - i * 1000)}0`
    expect(loads(bytes(`${sparse}N.`))).toBeNull()
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20)
  })

  test('indexes have one form', () => {
    expectCodes('memo-index', [
      'Np-1\n.',
      'Np99999999999999999999999999\n.',
      'Np 1 \n.',
      'Np+1\n.',
      'Np0x1\n.',
      'Np\n.',
      'Np00\n.',
      'Np1_0\n.',
      'Np9007199254740992\n.',
      'g-1\n.',
      'g1\r\n.',
    ])
    expect(loads(bytes('Np00\n.'), { strict: false })).toBeNull()
    expect(outcome('Np+1\n.', { strict: false })).toBe('memo-index')
  })

  test('what was never set', () => {
    expectCodes('memo-missing', ['g5\n.', 'h\x05.', 'j\0\0\0\x01.', 'Nq\x01h\x00.', 'Nq\x05h\x04.'])
  })

  test('MEMOIZE takes the number of entries, whatever their indexes', () => {
    // pickletools.optimize mixes both: here index 1 is set twice, the second time by MEMOIZE.
    expect(loads(bytes('(Vx\nq\x05Vy\n\x94h\x01t.'))).toEqual(Tuple.of('x', 'y', 'y'))
    expect(loads(bytes('(Vx\nq\x01Vy\n\x94h\x01t.'))).toEqual(Tuple.of('x', 'y', 'y'))
    expect(loads(bytes('(Vx\nq\x01Vy\nq\x00Vz\n\x94h\x02t.'))).toEqual(Tuple.of('x', 'y', 'z', 'z'))
    expect(loads(bytes(`(Vx\nq\x02${str('y')}\x94h\x01h\x02t.`))).toEqual(Tuple.of('x', 'y', 'y', 'x'))
  })

  test('belongs to one pickle', () => {
    const unpickler = new Unpickler(bytes('Vx\nq\x00.h\x00.'))
    expect(unpickler.load()).toBe('x')
    expect(() => unpickler.load()).toThrow('never set')
  })
})

describe('frames', () => {
  const padding = `V${'x'.repeat(131072)}\n0`
  const VECTORS: [string, string][] = [
    [`\x80\x04\x95${u64(7)}B\x14\0\0\0${'A'.repeat(20)}.`, 'frame'],
    [`\x80\x04\x95${u64(30)}N\x95${u64(2)}0N${'.'.repeat(18)}`, 'frame'],
    [`\x80\x04\x95${u64(100)}N.`, 'length'],
    [`\x80\x04\x95${u64(2n ** 63n)}N.`, 'length'],
    [`\x80\x04\x95${u64(5)}cbuiltins\nset\n.`, 'frame'],
    [`\x80\x04\x95${u64(11)}cbuiltins\nset\n.`, 'frame'],
    [`\x80\x04\x95${u64(3)}J\x01\0\0\0.`, 'frame'],
    [`\x80\x04\x95${u64(1)}\x8c\x01a.`, 'frame'],
    [`\x80\x04\x95${u64(2)}\x8c\x01a.`, 'frame'],
    [`\x80\x04\x95${u64(4)}N..N`, 'frame'],
    [`\x80\x04\x95${u64(0)}N.`, 'value'],
    [`\x80\x04\x95${u64(2)}N.`, 'value'],
    [`\x80\x04\x95${u64(1)}N.`, 'value'],
    [`\x80\x04\x95${u64(1)}N\x95${u64(2)}0N.`, 'value'],
    [`${padding}(\x95${u64(2)}B\x07\x01\0\0${'.'.repeat(0x107)}N.`, 'frame'],
    [`\x80\x04\x95${u64(3)}]\x94(K\x01e.`, 'value'],
  ]

  test('are a hard limit for opcodes and arguments', () => {
    for (const [pickle, code] of VECTORS)
      expect([pickle.slice(0, 30), outcome(pickle)]).toEqual([pickle.slice(0, 30), code])
  })

  test('mean the same from a source, however it cuts the bytes', () => {
    for (const [pickle, code] of VECTORS) {
      for (const step of [1, 2, 3, 7, 1000]) {
        const all = bytes(pickle)
        let at = 0
        const read = (n: number): Uint8Array => {
          at += Math.min(n, step)
          return all.subarray(at - Math.min(n, step), at)
        }
        let got = 'value'
        try {
          new Unpickler({ read }, { limits: { maxBytes: Number.POSITIVE_INFINITY } }).load()
        } catch (error) {
          got = (error as PickleError).code
        }
        // What lies after STOP is not read, so a source cannot say that it is missing.
        expect([pickle.slice(0, 30), step, got]).toEqual([pickle.slice(0, 30), step, code])
      }
    }
  })
})
