/**
 * Pickles that nobody wrote in good faith. Whatever the bytes: a value, or an UnpicklingError; in bounded time and memory; and
 * nothing outside the result is changed.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { PickleError, type UnpicklingErrorCode } from '../src/errors.ts'
import type { LoadOptions } from '../src/read/load-options.ts'
import { createLoads, loads } from '../src/read/loads.ts'
import { Unpickler } from '../src/read/unpickler.ts'
import type { TypeRecord } from '../src/registry/contract.ts'
import { createRegistry } from '../src/registry/registry.ts'
import { ByteArray } from '../src/values/byte-array.ts'
import { FrozenSet } from '../src/values/frozen-set.ts'
import { GlobalRef } from '../src/values/global-ref.ts'
import { PickleBuffer } from '../src/values/pickle-buffer.ts'
import type { PyDict } from '../src/values/py-dict.ts'
import { Tuple } from '../src/values/tuple.ts'
import { bytes, global, str, u32, u64 } from './pickle-bytes.ts'

/** The code of the error that a load throws, or `value` for none; anything but a PickleError fails the test. */
function outcome(pickle: string | Uint8Array, options?: LoadOptions): string {
  try {
    loads(typeof pickle === 'string' ? bytes(pickle) : pickle, options)
    return 'value'
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    return error.code
  }
}

/** What the built-in prototypes and the global object hold, before and after each test. */
const INTRINSICS = [Object, Array, Map, Set, Function, String, Number, Uint8Array, Error, Promise, RegExp]
const snapshot = (): string =>
  JSON.stringify([
    ...INTRINSICS.flatMap((type) => [type, type.prototype]).map((object) => Reflect.ownKeys(object).map(String)),
    Reflect.ownKeys(globalThis).map(String),
    Object.getPrototypeOf(Object.prototype),
  ])
const CLEAN = snapshot()
afterEach(() => expect(snapshot()).toBe(CLEAN))

function expectCodes(code: UnpicklingErrorCode, pickles: readonly string[], options?: LoadOptions): void {
  for (const pickle of pickles)
    expect([JSON.stringify(pickle), outcome(pickle, options)]).toEqual([JSON.stringify(pickle), code])
}

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

describe('types', () => {
  test('the vectors', () => {
    expectCodes('stack-global-type', [
      `\x80\x04K\x01${str('a')}\x93.`,
      `${str('a')}K\x01\x93.`,
      'C\x02osC\x06system\x93.',
    ])
    expectCodes('reduce-args', ['cbuiltins\nset\n]R.', 'cbuiltins\nset\nNR.', 'cbuiltins\nset\n}R.'])
    expectCodes('unhashable', [
      '}]Ns.',
      '\x80\x04\x8f(]\x90.',
      '}}Ns.',
      '\x8f(\x8f\x90.',
      '(]\x91.',
      '}]\x85Ns.',
      '}\x96\0\0\0\0\0\0\0\0Ns.',
    ])
    expectCodes('target', [']NNs.', '}Na.', '\x80\x04](N\x90.', '\x80\x05K\x01\x98.', '](NNu.', '}(Ne.', '}(N\x90.'])
    expectCodes('build-target', ['K\x01Nb.'])
    expectCodes('callee', [`${str('os')})R.`, 'N)R.', ')))R.', 'K\x01)\x81.', 'N)}\x92.', '(No.', ']]R.'])
  })

  test('the cross product of 13 targets and 8 opcodes: only what belongs together works', () => {
    const TARGETS: Record<string, string> = {
      None: 'N',
      int: 'K\x01',
      str: str('a'),
      bytes: 'C\x01a',
      bytearray: `\x96${u64(1)}a`,
      tuple: ')',
      list: ']',
      dict: '}',
      set: '\x8f',
      frozenset: '(\x91',
      global: 'cbuiltins\nset\n',
      complex: `cbuiltins\ncomplex\n(F1.0\nF2.0\ntR`,
      buffer: '\x97',
    }
    const OPCODES: Record<string, string> = {
      APPEND: 'K\x01a',
      APPENDS: '(K\x01e',
      SETITEM: 'K\x01K\x02s',
      SETITEMS: '(K\x01K\x02u',
      ADDITEMS: '(K\x01\x90',
      BUILD: '}b',
      'APPENDS of nothing': '(e',
      'SETITEMS of nothing': '(u',
    }
    const GOOD = [
      'list APPEND',
      'list APPENDS',
      'list APPENDS of nothing',
      'dict SETITEM',
      'dict SETITEMS',
      'dict SETITEMS of nothing',
      'set ADDITEMS',
    ]
    for (const [target, make] of Object.entries(TARGETS)) {
      for (const [opcode, act] of Object.entries(OPCODES)) {
        const memory = Uint8Array.of(1, 2, 3)
        for (const between of ['', 'q\x00', 'q\x000h\x00', '20']) {
          const got = outcome(`${make}${between}${act}.`, target === 'buffer' ? { buffers: [memory] } : {})
          const expected = GOOD.includes(`${target} ${opcode}`)
            ? 'value'
            : opcode === 'BUILD'
              ? 'build-target'
              : 'target'
          // A dict that was met before its first key is a plain object already.
          const late =
            target === 'dict' &&
            (between === 'q\x000h\x00' || between === '20') &&
            opcode.startsWith('SETITEM') &&
            !opcode.includes('nothing')
          expect([target, opcode, between, got]).toEqual([target, opcode, between, late ? 'dict-key' : expected])
        }
        expect(memory).toEqual(Uint8Array.of(1, 2, 3))
      }
    }
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

describe('strings', () => {
  test('surrogates', () => {
    expect(loads(bytes('X\x03\0\0\0\xed\xa0\x80.'))).toBe('\ud800')
    expectCodes('surrogate-pair', ['X\x06\0\0\0\xed\xa0\xbd\xed\xb8\x80.', 'V\\ud83d\\ude00\n.'])
    expect(loads(bytes('X\x06\0\0\0\xed\xa0\xbd\xed\xb8\x80.'), { surrogatePairs: 'merge' })).toBe('\u{1f600}')
    expect(loads(bytes('V\\ud83d\\ude00\n.'), { surrogatePairs: 'merge' })).toBe('\u{1f600}')
    expect(loads(bytes('X\x06\0\0\0\xed\xb8\x80\xed\xa0\xbd.'))).toBe('\ude00\ud83d')
    const long = 'a'.repeat(300)
    expect(loads(bytes(`X\x2f\x01\0\0${long}\xed\xa0\x80.`))).toBe(`${long}\ud800`)
  })

  test('invalid UTF-8', () => {
    for (const bad of [
      '\xc0\xaf',
      '\xe2',
      '\xf4\x90\x80\x80',
      '\x80',
      '\xc3',
      '\xe0\x80\x80',
      '\xf0\x80\x80\x80',
      '\xff',
      '\xe2\x82',
      'a\xc3b',
      '\xf5\x80\x80\x80',
    ]) {
      for (const text of [bad, `${'x'.repeat(250)}${bad}`, `${bad}${'x'.repeat(250)}`]) {
        expect([bad, outcome(`X${u32(text.length)}${text}.`)]).toEqual([bad, 'utf8'])
      }
    }
  })

  test('a byte order mark is a character', () => {
    expect(loads(bytes('X\x04\0\0\0\xef\xbb\xbfa.'))).toBe('\ufeffa')
    expect(loads(bytes(`X${u32(303)}\xef\xbb\xbf${'a'.repeat(300)}.`))).toBe(`\ufeff${'a'.repeat(300)}`)
  })

  test('UNICODE escapes', () => {
    expect(loads(bytes('V\\ud800\n.'))).toBe('\ud800')
    expect(loads(bytes('V\xe9\n.'))).toBe('\xe9')
    expect(loads(bytes('V\\\\u0041\\u0041\\n\n.'))).toBe('\\\\u0041A\\n')
    expect(loads(bytes('V\\\n.'))).toBe('\\')
    expect(loads(bytes('V\\U0001f600\n.'))).toBe('\u{1f600}')
    expectCodes('escape', ['V\\U00110000\n.', 'V\\u12\n.', 'V\\u\n.', 'V\\u12g4\n.', 'V\\Uffffffff\n.', 'V\\u 041\n.'])
  })

  test('STRING quotes and escapes', () => {
    expect(loads(bytes("S'\\101'\n."))).toBe('A')
    expect(loads(bytes("S'\\u1234'\n."))).toBe('\\u1234')
    expect(loads(bytes('S"a\\\'\\"\\\\\\n\\t\\r\\x41\\a\\b\\f\\v"\n.'))).toBe('a\'"\\\n\t\rA\x07\b\f\v')
    expectCodes('escape', ["S'\\xz'\n.", "S'\\x'\n.", "S'\\x4'\n.", "S'\\'\n.", "S'\\777'\n."])
    expectCodes('quoting', ['Sa\n.', "S'a\n.", "Sa'\n.", 'S\'a"\n.', "S'\n.", 'S\n.', 'S"\n.', "S' \n.", "S''a\n."])
  })

  test('the encoding of Python 2', () => {
    for (const pickle of ['U\x01\x80.', 'T\x01\0\0\0\x80.', "S'\\x80'\n."]) {
      expect(outcome(pickle)).toBe('encoding')
      expect(loads(bytes(pickle), { encoding: 'latin1' })).toBe('\x80')
      expect(loads(bytes(pickle), { encoding: 'bytes' })).toEqual(Uint8Array.of(0x80))
      expect(outcome(pickle, { encoding: 'utf-8' })).toBe('encoding')
      expect(loads(bytes(pickle), { errors: 'replace' })).toBe('\ufffd')
      expect(loads(bytes(pickle), { errors: 'ignore' })).toBe('')
      expect(loads(bytes(pickle), { encoding: 'utf-8', errors: 'replace' })).toBe('\ufffd')
      expect(loads(bytes(pickle), { encoding: 'utf-8', errors: 'ignore' })).toBe('')
    }
    expect(loads(bytes('U\x02\xc3\xa9.'), { encoding: 'utf-8' })).toBe('\xe9')
    // As Python: a surrogate is three invalid bytes, and each longest valid start counts once.
    expect(loads(bytes('U\x05\xed\xa0\x80\xe2\x82.'), { encoding: 'utf-8', errors: 'replace' })).toBe(
      '\ufffd\ufffd\ufffd\ufffd',
    )
  })
})

describe('numbers', () => {
  test('LONG1', () => {
    const cases: [string, number | bigint][] = [
      ['\x8a\x00.', 0],
      ['\x8a\x04\x01\0\0\0.', 1],
      ['\x8a\x01\xff.', -1],
      ['\x8a\x01\x80.', -128],
      ['\x8a\x02\x80\x00.', 128],
      ['\x8a\x07\0\0\0\0\0\0\x20.', 2n ** 53n],
      ['\x8a\x07\xff\xff\xff\xff\xff\xff\x1f.', 2 ** 53 - 1],
      ['\x8a\x07\x01\0\0\0\0\0\xe0.', -(2 ** 53 - 1)],
      ['\x8a\x06\0\0\0\0\0\x80.', -(2 ** 47)],
      ['\x8a\x08\0\0\0\0\0\0\0\x80.', -(2n ** 63n)],
      ['\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\0.', 2n ** 64n - 1n],
      ['\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\xff.', -1],
      ['\x8b\x0a\0\0\0\0\0\0\0\0\0\0\0\0\x01.', 2n ** 72n],
    ]
    for (const [pickle, value] of cases) {
      expect(loads(bytes(pickle))).toBe(value)
      expect(loads(bytes(pickle), { mapping: 'exact' })).toBe(BigInt(value))
    }
  })

  test('floats keep their bits', () => {
    expect(loads(bytes('G\x80\0\0\0\0\0\0\0.'))).toBe(-0)
    expect(loads(bytes('G\x7f\xf8\0\0\0\0\0\0.'))).toBe(Number.NaN)
    expect(loads(bytes('G\x7f\xf8\0\0\0\0\0\x01.'), { mapping: 'exact' })).toMatchObject({
      nanBits: 0x7ff8_0000_0000_0001n,
    })
  })

  test('text: what a pickler writes, and nothing else', () => {
    const good: [string, unknown][] = [
      ['I00\n', false],
      ['I01\n', true],
      ['I0\n', 0],
      ['I5\n', 5],
      ['I-5\n', -5],
      ['I9007199254740993\n', 9007199254740993n],
      ['L5L\n', 5],
      ['L5\n', 5],
      ['L-12345678901234567890L\n', -12345678901234567890n],
      ['F1.5\n', 1.5],
      ['F1\n', 1],
      ['F1.\n', 1],
      ['F.5\n', 0.5],
      ['F-0.0\n', -0],
      ['F1e300\n', 1e300],
      ['F1.5e-07\n', 1.5e-7],
      ['F1E+5\n', 1e5],
      ['Finf\n', Infinity],
      ['F-inf\n', -Infinity],
      ['Fnan\n', NaN],
      ['F1e-400\n', 0],
    ]
    for (const [line, value] of good) expect(loads(bytes(`${line}.`))).toBe(value)
    const bad = [
      'I0x10',
      'L0xffL',
      'I0o17',
      'I010',
      'I001',
      'I 1',
      'I+0',
      'I1_000',
      'I 12 ',
      'I+5',
      'I1\0junk',
      'F1.5\0x',
      'F 1.5 ',
      'F1_0.5',
      'F1e400',
      'I5\r',
      'I',
      'I-',
      'L',
      'LL',
      'L5LL',
      'I1.5',
      'I1e3',
      'I-0',
      'F',
      'F.',
      'F-',
      'Fe5',
      'F1e',
      'F1e+',
      'F0x1p3',
      'FInfinity',
      'F-nan',
      'Finfinity',
      'F1.5.5',
      'F+1',
      'FNaN',
      'I٣'.replace('٣', '\xd9\xa3'),
    ]
    expectCodes(
      'number',
      bad.map((line) => `${line}\n.`),
    )
  })

  test('strict: false reads leading zeros and carriage returns besides', () => {
    const options = { strict: false }
    expect(loads(bytes('I010\n.'), options)).toBe(10)
    expect(loads(bytes('I5\r\n.'), options)).toBe(5)
    expect(loads(bytes('L05L\r\n.'), options)).toBe(5)
    expect(loads(bytes('F1.5\r\n.'), options)).toBe(1.5)
    expect(loads(bytes('I01\r\n.'), options)).toBe(true)
    expect(Object.is(loads(bytes('I-0\n.'), options), 0)).toBe(true)
    expectCodes(
      'number',
      ['I0x10\n.', 'L0xffL\n.', 'I1_000\n.', 'I 12 \n.', 'I+5\n.', 'I1\0junk\n.', 'F 1.5 \n.', 'F1e400\n.'],
      options,
    )
  })

  test('a line has an end', () => {
    expectCodes('truncated', ['I5', 'L5L', 'F1.5', 'Sabc', 'Vabc', 'Np1', 'g1', 'Pid', 'ca\nb', '(ia\nb'])
  })
})

describe('keys', () => {
  const exact = { mapping: 'exact' } as const
  const entries = (pickle: string, options?: LoadOptions): unknown[] => [
    ...loads<Iterable<unknown>>(bytes(pickle), { dicts: 'map', ...options }),
  ]
  const BOTH: LoadOptions[] = [{}, exact]

  test('what Python calls equal is one key; the first stays, the value is overwritten', () => {
    expect(entries('}(\x88K\x01K\x01K\x02G?\xf0\0\0\0\0\0\0K\x03u.')).toEqual([[true, 3]])
    expect(entries('}(\x88K\x01K\x01K\x02G?\xf0\0\0\0\0\0\0K\x03u.', exact)).toEqual([[true, 3n]])
    expect(entries('}(K\x01K\x01\x88K\x02u.')).toEqual([[1, 2]])
    expect(entries('}(K\x00K\x01\x89K\x02u.')).toEqual([[0, 2]])
    expect(entries('}(K\x01K\x01u(\x88K\x02u.')).toEqual([[1, 2]])
    for (const options of BOTH) {
      expect(entries('}(C\x01aK\x01C\x01aK\x02u.', options)).toHaveLength(1)
      expect(entries('}(K\x01\x85K\x01K\x01\x85K\x02u.', options)).toHaveLength(1)
      expect(entries('}(K\x01\x85K\x01\x88\x85K\x02u.', options)).toHaveLength(1)
      expect(entries(`}(${str('a')}K\x01C\x01aK\x02u.`, options)).toHaveLength(2)
      expect(entries('}(K\x01\x85K\x01u(K\x01\x85K\x02u.', options)).toHaveLength(1)
      expect(entries('}(cbuiltins\nset\nNcbuiltins\nset\nNu.', options)).toHaveLength(1)
      expect(entries('}((K\x01K\x02\x91K\x01(K\x02K\x01\x91K\x02u.', options)).toHaveLength(1)
      // 2 ** 53 as an int, then as a float.
      expect(entries('}(\x8a\x07\0\0\0\0\0\0\x20NGC@\0\0\0\0\0\0Nu.', options)).toHaveLength(1)
      expect(entries('}(GC@\0\0\0\0\0\0N\x8a\x07\0\0\0\0\0\0\x20Nu.', options)).toHaveLength(1)
      // complex(1, 0) == 1, whichever comes first.
      expect(entries('}(cbuiltins\ncomplex\n(F1.0\nF0.0\ntRNK\x01Nu.', options)).toHaveLength(1)
      expect(entries('}(K\x01Ncbuiltins\ncomplex\n(F1.0\nF0.0\ntRNu.', options)).toHaveLength(1)
    }
    expect(entries('}(G\x80\0\0\0\0\0\0\0NK\x00Nu.', exact)).toMatchObject([[{ value: -0 }, null]])
  })

  test('sets, too', () => {
    for (const options of BOTH) {
      expect(entries('\x8f(\x88K\x01\x90.', options)).toEqual([true])
      expect(entries('\x8f(K\x01\x85\x88\x85\x90.', options)).toHaveLength(1)
      expect(entries('\x8f(K\x02\x90.', options)).toHaveLength(1)
      expect(entries('\x8f(K\x01\x90(\x88\x90.', options)).toHaveLength(1)
      expect(entries('(K\x01\x88\x91.', options)).toHaveLength(1)
    }
  })

  test('two NaN are two keys, or an error', () => {
    const nan = 'G\x7f\xf8\0\0\0\0\0\0'
    expect(entries(`}(${nan}N${nan}Nu.`, exact)).toHaveLength(2)
    expect(entries(`}(${nan}NK\x01Nu.`)).toHaveLength(2)
    expectCodes('native-key', [
      `}(${nan}N${nan}Nu.`,
      `}(${nan}Nu(${nan}Nu.`,
      `}(K\x01\x85N${nan}N${nan}Nu.`,
      `\x8f(${nan}${nan}\x90.`,
    ])
  })

  test('a tuple that is deep, or shares its parts, is hashed in linear time', () => {
    for (const options of BOTH) {
      const big = { ...options, limits: { maxDepth: 2_000_000 } }
      expect(loads<PyDict>(bytes(`}N${'\x85'.repeat(200_000)}Ns.`), big).size).toBe(1)
      expect(loads<PyDict>(bytes(`}N${'2\x86'.repeat(200)}Ns.`), { ...big, limits: { maxDepth: 1000 } }).size).toBe(1)
      expect(outcome(`}N${'\x85'.repeat(200_000)}Ns.`, options)).toBe('depth')
    }
  })

  test('a dict or set that a session goes on with still knows its keys', () => {
    const first = bytes('}q\x00(\x88X\x01\0\0\0aq\x01K\x01\x85X\x01\0\0\0bu.')
    const second = bytes('h\x00(K\x01N\x88\x85Nu.')
    const unpickler = new Unpickler(new Uint8Array([...first, ...second]), { memo: 'shared' })
    const map = unpickler.load<Map<unknown, unknown>>()
    expect(unpickler.load()).toBe(map)
    expect([...map]).toEqual([
      [true, null],
      [Tuple.of(1), null],
    ])
  })

  test('wide ints as keys are fast, or refused', () => {
    const wide = Array.from({ length: 40_000 }, (_, i) => `\x8a\x0c${'\0'.repeat(8)}${u32(i + 1)}N`).join('')
    const pickle = bytes(`}(${wide}u.`)
    expect(outcome(pickle)).toBe('native-key')
    expect(loads<PyDict>(pickle, exact).size).toBe(40_000)
    expect(entries(`}(${wide.slice(0, 15 * 500)}u.`)).toHaveLength(500)
  })

  test('ints as strings are linear', () => {
    const keys = Array.from({ length: 131_072 }, (_, i) => `${str(String(i))}N`).join('')
    expect(Object.keys(loads<object>(bytes(`}(${keys}u.`)))).toHaveLength(131_072)
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
    const bad: unknown[] = [
      null,
      5,
      { mapping: 'x' },
      { dicts: 1 },
      { encoding: 'koi8-r' },
      { errors: 'x' },
      { strict: 1 },
      { fixImports: 'no' },
      { persistentLoad: 5 },
      { findClass: {} },
      { registry: {} },
      { limits: 5 },
      { limits: { maxDeepth: 5 } },
      { limits: { maxDepth: -1 } },
      { limits: { maxDepth: '5' } },
      { limits: { maxDepth: Number.NaN } },
      { trailing: 'x' },
      { surrogatePairs: 'x' },
    ]
    for (const options of bad) expect([options, outcome('N.', options as LoadOptions)]).toEqual([options, 'option'])
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
