/** Types of targets, strings, numbers and keys. */
import { describe, expect, test } from 'vitest'
import type { LoadOptions } from '../../src/read/load-options.ts'
import { loads } from '../../src/read/loads.ts'
import { Unpickler } from '../../src/read/unpickler.ts'
import type { PyDict } from '../../src/values/py-dict.ts'
import { Tuple } from '../../src/values/tuple.ts'
import { bytes, str, u32, u64 } from '../pickle-bytes.ts'
import { expectCodes, outcome } from './outcome.ts'
import { BAD_NUMBERS, BAD_UTF8 } from './vectors/text.ts'

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
    for (const bad of BAD_UTF8) {
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
    expectCodes(
      'number',
      BAD_NUMBERS.map((line) => `${line}\n.`),
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
