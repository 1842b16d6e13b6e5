/**
 * The rows: a Python expression and the value that it is here. Each row is compared in both directions, at every protocol.
 *
 *     row('list', '[1, 2]', [1n, 2n])
 *
 * The second value is the exact mapping's (every int a bigint, every float a Float, every dict a PyDict); the native one
 * follows from it (`native.ts`). A function makes the value when it is needed: big values, and those that hold themselves.
 * Rows of `core` also have their bytes in `rows.data.ts`, which `scripts/generate-rows.ts` writes with a real Python.
 *
 * Equal constants in one expression are one object in Python. So are equal strings here. `let(lambda x: ..., value)` in an
 * expression names a value that is used twice.
 */
import {
  ByteArray,
  Complex,
  Ellipsis,
  Float,
  FrozenSet,
  GlobalRef,
  NotImplemented,
  PickleBuffer,
  PyDict,
  PySet,
  Range,
  Slice,
  Tuple,
} from '@pickle-ts/pickle-core'

/** Why a row is not compared in one way. The test counts each. */
export const EXCEPTIONS = {
  'hash-order':
    'a set of str or bytes has the order of Python hashes: what was read is written back equal, a literal here has its own order',
  'equal-strings': 'two str objects that are equal are one string here, so the second is a memo reference',
  'python2-names':
    'below protocol 3, names of Python 3 that were one in Python 2 are read as one; what is written is the same',
  'nan-text': 'protocol 0 writes every NaN as `nan`, so its bits are gone',
  'late-key':
    "at protocol 0 each key is a batch: a dict that starts with a str key is an object, and another key needs dicts: 'map'",
  'cpython-differs': "CPython's own dumps(loads(x)) is not x, so ours need not be",
  merged:
    'the native mapping merges 1.0 with 1, and JavaScript puts integer-like keys first, so it is not written back as it was',
} as const

export type Exception = keyof typeof EXCEPTIONS

/** An expression, its value here, and how they are compared. */
export interface Row {
  readonly type: string
  readonly name: string
  readonly expr: string
  readonly value: () => unknown
  /** Whether the bytes stand in `rows.data.ts`. */
  readonly core: boolean
  /** At which protocols the row is excused, and why. */
  readonly except: Readonly<Partial<Record<Exception, readonly number[]>>>
}

export const ALL: readonly number[] = [0, 1, 2, 3, 4, 5]

type Options = { readonly name?: string; readonly core?: boolean; readonly except?: Row['except'] }

export const ROWS: Row[] = []

function row(
  type: string,
  expr: string,
  value: unknown,
  { name = expr, core = false, except = {} }: Options = {},
): void {
  const make = typeof value === 'function' ? (value as () => unknown) : () => value
  ROWS.push({ type, name: name.length > 90 ? `${name.slice(0, 87)}...` : name, expr, value: make, core, except })
}

const core: Options = { core: true }

const f = (value: number, nanBits?: bigint): Float => new Float(value, nanBits)
const t = (...items: unknown[]): Tuple => Tuple.of(...items)
const d = (...entries: [unknown, unknown][]): PyDict => new PyDict(entries)
const s = (...items: unknown[]): PySet => new PySet(items)
const fs = (...items: unknown[]): FrozenSet => new FrozenSet(items)
const b = (latin1: string): Uint8Array => Uint8Array.from(latin1, (c) => c.charCodeAt(0))
const ba = (latin1: string): ByteArray => ByteArray.from(latin1, (c) => c.charCodeAt(0)) as ByteArray
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte)
const upTo = (n: number): bigint[] => Array.from({ length: n }, (_, i) => BigInt(i))
/** `let` of the expressions, here. */
const using = <V, R>(value: V, make: (value: V) => R): (() => R) => {
  return () => make(value)
}

/** The sizes at which a container's opcodes change: no item, one, 2 and 3 (TUPLE2, TUPLE3), a batch of 1000 and its neighbours. */
const SIZES = [0, 1, 2, 3, 4, 999, 1000, 1001, 2000, 2001]
/** The lengths at which the opcode of a byte string changes (1, 2 or 4 bytes of length, in a frame or not). */
const LENGTHS = [0, 1, 255, 256, 65535, 65536]

// --- None, bool ---
row('None', 'None', null, core)
row('bool', 'True', true, core)
row('bool', 'False', false, core)

// --- int ---
row('int', '5', 5n, core)
row('int', '-1', -1n, core)
row('int', '1 << 40', 1n << 40n, core)
for (const n of [0n, 1n, 127n, 128n, -128n, -129n, 255n, 256n, 65535n, 65536n]) row('int', `${n}`, n)
for (const bits of [31n, 32n, 63n, 64n]) {
  row('int', `(1 << ${bits}) - 1`, (1n << bits) - 1n)
  row('int', `1 << ${bits}`, 1n << bits)
}
row('int', '-(1 << 31)', -(1n << 31n))
row('int', '-(1 << 31) - 1', -(1n << 31n) - 1n)
row('int', '(1 << 53) + 1', (1n << 53n) + 1n)
row('int', '-(1 << 63)', -(1n << 63n))
row('int', '-(1 << 63) - 1', -(1n << 63n) - 1n)
row('int', '(1 << 2039) - 1', (1n << 2039n) - 1n) // 255 bytes: the last LONG1
row('int', '1 << 2039', 1n << 2039n) // 256 bytes: the first LONG4
row('int', '-(1 << 2039)', -(1n << 2039n))
row('int', '-10 ** 4200', -(10n ** 4200n))

// --- float ---
row('float', '1.5', f(1.5), core)
row('float', '-0.0', f(-0), core)
row('float', "float('inf')", f(Infinity), core)
row('float', "float('nan')", f(NaN), core)
const FLOATS = `0.0 1.0 -1.0 0.1 -2.5e-07 3.141592653589793 0.0001 1e-05 100000.0 1e15 1e16 123456789012345680.0 9007199254740993.0
  1e22 1e23 1e100 1.5e300 1.7976931348623157e308 2.2250738585072014e-308 5e-324`
for (const text of FLOATS.split(/\s+/)) row('float', text, f(Number(text)))
row('float', "float('-inf')", f(-Infinity))
row('float', '1 / 3', f(1 / 3))
const otherNans = { except: { 'nan-text': [0] } } as const
row('float', "struct.unpack('>d', bytes.fromhex('7ff8000000000001'))[0]", f(NaN, 0x7ff8_0000_0000_0001n), otherNans)
row('float', "struct.unpack('>d', bytes.fromhex('fff8000000000000'))[0]", f(NaN, 0xfff8_0000_0000_0000n), otherNans)

// --- str ---
row('str', "'abc'", 'abc', core)
row('str', "''", '', core)
row('str', "'caf\\xe9 \\u20ac \\U0001f600'", 'caf\xe9 \u20ac \u{1f600}', core)
row('str', "'a\\nb\\\\c\\0d\\re\\x1af'", 'a\nb\\c\0d\re\x1af', core)
row('str', "'\\ud800'", '\ud800', core)
for (const length of LENGTHS.slice(1)) row('str', `'a' * ${length}`, 'a'.repeat(length))
// The length that counts is the length in UTF-8.
for (const length of [127, 128, 32767, 32768]) row('str', `'\\xe9' * ${length}`, '\xe9'.repeat(length))
row('str', "'\\u20ac' * 85", '\u20ac'.repeat(85))
row('str', "'\\u20ac' * 86", '\u20ac'.repeat(86))
row('str', "'\\U0001f600' * 64", '\u{1f600}'.repeat(64))
row('str', "''.join(map(chr, range(256)))", () => String.fromCharCode(...Array(256).keys()))
row('str', "'\\x7f\\x80\\x9f\\xa0\\xff\\u0100'", '\x7f\x80\x9f\xa0\xff\u0100')
row('str', "'\\xff'", '\xff')
row('str', "'\\0'", '\0')
row('str', "'\\n'", '\n')
row('str', "'\\\\u20ac'", '\\u20ac')
row('str', "'\\ufeff\\uffff'", '\ufeff\uffff')
row('str', "'\\U0010ffff'", '\u{10ffff}')
row('str', "'a\\udc80b\\ud83d'", 'a\udc80b\ud83d')
row('str', "'\\ude00\\ud83d'", '\ude00\ud83d')
row('str', `'"\\''`, `"'`)

// --- bytes ---
row('bytes', "b'abc'", b('abc'), core)
row('bytes', "b''", b(''), core)
row('bytes', "b'\\0\\n\\\\\\x80\\xff'", b('\0\n\\\x80\xff'), core)
for (const length of LENGTHS.slice(1)) row('bytes', `b'a' * ${length}`, () => filled(length, 0x61))
row('bytes', "b'\\xff' * 128", () => filled(128, 0xff))
row('bytes', "b'\\xff' * 70000", () => filled(70000, 0xff))
row('bytes', 'bytes(range(256))', () => Uint8Array.from(Array(256).keys()))
row('bytes', "b'\\r\\n\\x1a'", b('\r\n\x1a'))
row('bytes', "b'\\0'", b('\0'))
row('bytes', "b'\\xe9'", b('\xe9'))
row('bytes', "b'\\\\u0041'", b('\\u0041'))

// --- bytearray ---
row('bytearray', "bytearray(b'abc')", ba('abc'), core)
row('bytearray', 'bytearray()', ba(''), core)
for (const length of LENGTHS.slice(1)) row('bytearray', `bytearray(${length})`, () => new ByteArray(length))
row('bytearray', "bytearray(b'\\xff' * 70000)", () => new ByteArray(70000).fill(0xff))
row('bytearray', 'bytearray(range(256))', () => ByteArray.from(Array(256).keys()))
row('bytearray', "bytearray(b'\\n')", ba('\n'))

// --- list ---
row('list', '[]', [], core)
row('list', '[1]', [1n], core)
row('list', "[1, 'a', None]", [1n, 'a', null], core)
for (const size of SIZES.slice(2)) row('list', `list(range(${size}))`, () => upTo(size))
row('list', '[[], [[]], [[[]]]]', () => [[], [[]], [[[]]]])
row(
  'list',
  'let(lambda x: [x, x], [])',
  using([], (x) => [x, x]),
  core,
)
row(
  'list',
  'let(lambda x: [x, [x], (x,)], [1])',
  using([1n], (x) => [x, [x], t(x)]),
)
row(
  'list',
  'cyclic_list()',
  () => {
    const items: unknown[] = []
    items.push(items)
    return items
  },
  core,
)
row('list', 'two_lists()', () => {
  const x: unknown[] = []
  const y: unknown[] = [x]
  x.push(y)
  return [x, y]
})
row('list', 'list_and_dict()', () => {
  const items: unknown[] = []
  items.push(d(['items', items]))
  return items
})
row('list', 'deep_list(400)', () => {
  let value: unknown[] = []
  for (let i = 0; i < 400; i++) value = [value]
  return value
})
row('list', "['spam', 'spam', 'eggs', 'spam']", ['spam', 'spam', 'eggs', 'spam'], core)
row('list', "['', '', b'', b'']", () => using(b(''), (x) => ['', '', x, x])())
row(
  'list',
  "[b'xy', b'xy', 'xy']",
  using(b('xy'), (x) => [x, x, 'xy']),
)
// CPython keeps one object for each string of one character up to U+00FF.
row(
  'list',
  "let(lambda x: [x, b'a', x, b'a'], chr(97))",
  using(b('a'), (x) => ['a', x, 'a', x]),
)
row('list', '[bytes([1, 2, 3]), bytes([1, 2, 3])]', () => [b('\x01\x02\x03'), b('\x01\x02\x03')])
row('list', "['x%d' % i for i in range(300)] * 2", () => [...Array(600).keys()].map((i) => `x${i % 300}`), {
  name: '300 strings, each twice: memo indexes above 255',
})
// Frames: payloads around 64 KiB, and what goes beside the frames.
for (const length of [65521, 65522, 65523, 65524, 65525]) {
  row('list', `['a' * ${length}, 1, 'b']`, () => ['a'.repeat(length), 1n, 'b'], {
    name: `a frame around 64 KiB: ${length}`,
  })
}

// --- tuple ---
row('tuple', '()', t(), core)
row('tuple', '(1,)', t(1n), core)
row('tuple', '(1, 2)', t(1n, 2n), core)
row('tuple', '(1, 2, 3)', t(1n, 2n, 3n), core)
row('tuple', '(1, 2, 3, 4)', t(1n, 2n, 3n, 4n), core)
for (const size of SIZES.slice(5)) row('tuple', `tuple(range(${size}))`, () => t(...upTo(size)))
row('tuple', '((), ((),), ((), ()))', () => t(t(), t(t()), t(t(), t())))
row(
  'tuple',
  '((1, 2), (1, 2))',
  using(t(1n, 2n), (x) => t(x, x)),
)
row(
  'tuple',
  'let(lambda x: (x, [x], x), (3, 4))',
  using(t(3n, 4n), (x) => t(x, [x], x)),
)
row(
  'tuple',
  'tuple_through_list()',
  () => {
    const items: unknown[] = []
    const pair = t(items, 1n)
    items.push(pair)
    return pair
  },
  core,
)
row(
  'tuple',
  'long_tuple_through_list()',
  () => {
    const items: unknown[] = []
    const long = t(items, 1n, 2n, 3n)
    items.push(long)
    return long
  },
  core,
)
row('tuple', 'tuple_through_dict()', () => {
  const table = d()
  const pair = t(table)
  table.set('pair', pair)
  return pair
})
row(
  'tuple',
  "('x' * 65536, 'y', b'z' * 65536, bytearray(65536))",
  () => {
    return t('x'.repeat(65536), 'y', filled(65536, 0x7a), new ByteArray(65536))
  },
  { name: 'large values beside the frames' },
)
row('tuple', "let(lambda x: (x, x), 'large' * 20000)", () => t('large'.repeat(20000), 'large'.repeat(20000)))
row(
  'tuple',
  "let(lambda x: (x, x), b'large' * 20000)",
  using(b('large'.repeat(20000)), (x) => t(x, x)),
)
row('tuple', '(None, True, 0, 0.5, "s", b"b", [], {}, (1,))', () =>
  t(null, true, 0n, f(0.5), 's', b('b'), [], d(), t(1n)),
)

// --- dict ---
row('dict', '{}', d(), core)
row('dict', "{'a': 1}", d(['a', 1n]), core)
row('dict', "{'a': 1, 'b': [2]}", d(['a', 1n], ['b', [2n]]), core)
for (const size of SIZES.slice(2))
  row('dict', `{i: None for i in range(${size})}`, () => d(...upTo(size).map((i): [bigint, null] => [i, null])))
row('dict', "{'k%d' % i: i for i in range(1001)}", () => d(...upTo(1001).map((i): [string, bigint] => [`k${i}`, i])))
row('dict', "{1: 'int', 'a': 'str'}", d([1n, 'int'], ['a', 'str']))
row('dict', "{'a': 'str', 1: 'int'}", d(['a', 'str'], [1n, 'int']), { except: { 'late-key': [0] } })
row(
  'dict',
  '{None: 0, (1, 2): 1, b"k": 2, 1.5: 3, False: 4}',
  d([null, 0n], [t(1n, 2n), 1n], [b('k'), 2n], [f(1.5), 3n], [false, 4n]),
)
row('dict', '{True: 1, 2: True}', d([true, 1n], [2n, true]))
row('dict', "{'__proto__': 1, 'constructor': 2}", d(['__proto__', 1n], ['constructor', 2n]))
row(
  'dict',
  "{'constructor': 1, 'toString': 2, 'length': 3, 'then': 4}",
  d(['constructor', 1n], ['toString', 2n], ['length', 3n], ['then', 4n]),
)
row('dict', "{'b': 1, '10': 2, '9': 3}", d(['b', 1n], ['10', 2n], ['9', 3n]))
row('dict', "{'': {'': {}}}", d(['', d(['', d()])]))
row(
  'dict',
  'cyclic_dict()',
  () => {
    const table = d()
    return table.set('me', table)
  },
  core,
)
// The key stands between the dict and its first item, with a mark of its own.
row('dict', '{(1, 2): 3}', d([t(1n, 2n), 3n]))
row('dict', '[{frozenset([1]): {(1, 2, 3, 4): {}}}]', () => [d([fs(1n), d([t(1n, 2n, 3n, 4n), d()])])])
// A reference to what is around the dict, before its first key is set.
row('dict', 'let(lambda x: [x.append(0), x.append({1: x, 2: x}), x][2], [])', () => {
  const items: unknown[] = [0n]
  items.push(d([1n, items], [2n, items]))
  return items
})
row(
  'dict',
  'let(lambda x: {1: x, 2: x}, {})',
  using(d(), (x) => d([1n, x], [2n, x])),
)
row('dict', "[{'id': i, 'name': 'n%d' % i} for i in range(50)]", () =>
  upTo(50).map((i) => d(['id', i], ['name', `n${i}`])),
)
row('dict', "{'x' * 65536: 'y' * 70000}", () => d(['x'.repeat(65536), 'y'.repeat(70000)]))
row('dict', '{frozenset([1]): 1, frozenset(): 2}', d([fs(1n), 1n], [fs(), 2n]))
row('dict', '{range(3): 1, 2j: 2, ...: 3}', d([new Range(0n, 3n, 1n), 1n], [new Complex(0, 2), 2n], [Ellipsis, 3n]))

// --- set ---
row('set', 'set()', s(), core)
row('set', '{1}', s(1n), core)
row('set', '{1, 2, 3}', s(1n, 2n, 3n), core)
for (const size of SIZES.slice(4)) row('set', `set(range(${size}))`, () => s(...upTo(size)))
row('set', "{'a'}", s('a'))
row('set', "{'a', 'b', 'c', 'd', 'e'}", s('a', 'b', 'c', 'd', 'e'), { except: { 'hash-order': ALL } })
row('set', "{b'a', b'b', b'c'}", s(b('a'), b('b'), b('c')), { except: { 'hash-order': ALL } })
row('set', '{(1, 2)}', s(t(1n, 2n)))
row('set', '{frozenset([1, 2])}', s(fs(1n, 2n)))
row('set', '{None}', s(null))
row('set', '{0.5}', s(f(0.5)))
row('set', '{1 << 70}', s(1n << 70n))
row(
  'set',
  'let(lambda x: [x, x], {1})',
  using(s(1n), (x) => [x, x]),
)

// --- frozenset ---
row('frozenset', 'frozenset()', fs(), core)
row('frozenset', 'frozenset([1])', fs(1n), core)
row('frozenset', 'frozenset([1, 2, 3])', fs(1n, 2n, 3n), core)
for (const size of SIZES.slice(4)) row('frozenset', `frozenset(range(${size}))`, () => fs(...upTo(size)))
row('frozenset', "frozenset('abcdef')", fs('a', 'b', 'c', 'd', 'e', 'f'), { except: { 'hash-order': ALL } })
row('frozenset', 'frozenset([frozenset([frozenset()])])', fs(fs(fs())))
row(
  'frozenset',
  'let(lambda x: [x, (x,), x], frozenset([7]))',
  using(fs(7n), (x) => [x, t(x), x]),
)
row('frozenset', 'frozenset([(1, 2)])', fs(t(1n, 2n)))

// --- complex, range, slice, and the values of which there is one ---
row('complex', '1 + 2j', new Complex(1, 2), core)
row('complex', 'complex(-0.0, 0.0)', new Complex(-0, 0))
row('complex', 'complex(0.0, -0.0)', new Complex(0, -0))
row('complex', 'complex(1e300, -5e-324)', new Complex(1e300, -5e-324))
row('complex', "complex(float('inf'), float('-inf'))", new Complex(Infinity, -Infinity))
row('complex', "complex(0.1, float('nan'))", new Complex(0.1, NaN))
row(
  'complex',
  'let(lambda x: [x, x], 3j)',
  using(new Complex(0, 3), (x) => [x, x]),
)
row('range', 'range(5)', new Range(0n, 5n, 1n), core)
row('range', 'range(0)', new Range(0n, 0n, 1n))
row('range', 'range(1, 10, 2)', new Range(1n, 10n, 2n))
row('range', 'range(10, 0, -1)', new Range(10n, 0n, -1n))
row('range', 'range(-(1 << 80), 1 << 80, 1 << 40)', new Range(-(1n << 80n), 1n << 80n, 1n << 40n))
row(
  'range',
  'let(lambda x: [x, x], range(3))',
  using(new Range(0n, 3n, 1n), (x) => [x, x]),
)
row('slice', 'slice(1, 2, 3)', new Slice(1n, 2n, 3n), core)
row('slice', 'slice(None)', new Slice(null, null, null))
row('slice', "slice('a', 'b')", new Slice('a', 'b', null))
row('slice', 'slice((1,), [2], {3: 4})', new Slice(t(1n), [2n], d([3n, 4n])))
row(
  'slice',
  'let(lambda x: [x, x], slice(5))',
  using(new Slice(null, 5n, null), (x) => [x, x]),
)
row('ellipsis', '...', Ellipsis, core)
row('ellipsis', '[..., ...]', [Ellipsis, Ellipsis])
row('NotImplemented', 'NotImplemented', NotImplemented, core)
row('NotImplemented', '(NotImplemented, NotImplemented)', t(NotImplemented, NotImplemented))

// --- globals ---
/** A class or function: the expression says where Python finds it. */
function globalRow(module: string, name: string, options?: Options): void {
  const expr = module === 'builtins' ? name : `__import__('${module}', None, None, ['*']).${name}`
  row('global', expr, new GlobalRef(module, name), { name: `${module}.${name}`, ...options })
}
globalRow('builtins', 'int', core)
globalRow('builtins', 'str')
globalRow('builtins', 'range')
globalRow('builtins', 'bytes')
globalRow('builtins', 'len')
globalRow('builtins', 'ValueError')
globalRow('builtins', 'OSError')
globalRow('builtins', 'BlockingIOError', { except: { 'python2-names': [0, 1, 2] } })
globalRow('builtins', 'zip')
globalRow('collections', 'OrderedDict', core)
globalRow('collections', 'UserDict')
// The module's name and the type's are two objects in Python, for types that are written in C.
globalRow('datetime', 'datetime', { except: { 'equal-strings': [4, 5] } })
globalRow('functools', 'partial')
globalRow('_functools', 'reduce', { except: { 'python2-names': [0, 1, 2] } })
globalRow('itertools', 'filterfalse')
globalRow('urllib.parse', 'quote')
globalRow('_pickle', 'Pickler', { except: { 'python2-names': [0, 1, 2] } })
globalRow('shapes', 'Outer.Inner', core)
globalRow('shapes', 'Outer.method')
globalRow('shapes', 'Extended')
globalRow('shapes', 'Extended2')
globalRow('shapes', 'Extended4')
row('global', '[int, int, str, int]', () => {
  const [int, str] = [new GlobalRef('builtins', 'int'), new GlobalRef('builtins', 'str')]
  return [int, int, str, int]
})
row('global', '(shapes.Outer.Inner, shapes.Outer, shapes.Outer.Inner)', () => {
  const inner = new GlobalRef('shapes', 'Outer.Inner')
  return t(inner, new GlobalRef('shapes', 'Outer'), inner)
})

// --- many small values, above the size of a frame ---
row('large', 'list(range(60000))', () => upTo(60000), { name: '60000 ints: 180 kB' })
row('large', '[i * 0.5 for i in range(25000)]', () => [...Array(25000).keys()].map((i) => f(i / 2)), {
  name: '25000 floats: 225 kB',
})
row('large', "[('k%d' % i, [i]) for i in range(12000)]", () => upTo(12000).map((i) => t(`k${i}`, [i])), {
  name: '12000 pairs: 230 kB',
})
row(
  'large',
  "{'key %d' % i: {'n': i, 's': str(i) + 's'} for i in range(6000)}",
  () => {
    return d(...upTo(6000).map((i): [string, PyDict] => [`key ${i}`, d(['n', i], ['s', `${i}s`])]))
  },
  { name: '6000 records: 240 kB' },
)
row(
  'large',
  "[b'\\0' * 1000 for i in range(200)]",
  () => {
    return using(filled(1000, 0), (x) => Array(200).fill(x))()
  },
  { name: 'one bytes object 200 times' },
)
row('large', '[bytes([i]) * 1000 for i in range(200)]', () => [...Array(200).keys()].map((i) => filled(1000, i)), {
  name: '200 bytes objects: 200 kB',
})
row(
  'large',
  "['%04d' % i * 250 for i in range(300)]",
  () => [...Array(300).keys()].map((i) => String(i).padStart(4, '0').repeat(250)),
  { name: '300 strings of 1000 characters' },
)

// --- what is written otherwise, on purpose ---
row('list', "[''.join(['a', 'b']), ''.join(['a', 'b'])]", ['ab', 'ab'], { except: { 'equal-strings': ALL } })
row('dict', "{'k': 'v' + str(1), 'l': 'v' + str(1)}", d(['k', 'v1'], ['l', 'v1']), { except: { 'equal-strings': ALL } })

/** Rows of PickleBuffer: protocol 5 only, in band and out of band. `inBand` is what the in-band form loads as. */
export interface BufferRow {
  readonly name: string
  readonly expr: string
  readonly value: () => unknown
  readonly inBand: () => unknown
}

export const BUFFER_ROWS: readonly BufferRow[] = [
  bufferRow(
    "PickleBuffer(b'abc')",
    () => readonlyBuffer(b('abc')),
    () => b('abc'),
  ),
  bufferRow(
    "PickleBuffer(bytearray(b'abc'))",
    () => new PickleBuffer(b('abc')),
    () => ba('abc'),
  ),
  bufferRow(
    "PickleBuffer(b'')",
    () => readonlyBuffer(b('')),
    () => b(''),
  ),
  bufferRow(
    'PickleBuffer(bytearray())',
    () => new PickleBuffer(b('')),
    () => ba(''),
  ),
  bufferRow(
    "PickleBuffer(b'x' * 256)",
    () => readonlyBuffer(filled(256, 0x78)),
    () => filled(256, 0x78),
  ),
  bufferRow(
    'PickleBuffer(bytearray(65536))',
    () => new PickleBuffer(new Uint8Array(65536)),
    () => new ByteArray(65536),
  ),
  bufferRow(
    'PickleBuffer(bytes(65536))',
    () => readonlyBuffer(new Uint8Array(65536)),
    () => new Uint8Array(65536),
  ),
  bufferRow(
    "PickleBuffer(array.array('d', [1.0, 2.0]))",
    () => new PickleBuffer(new Float64Array([1, 2])),
    () => new ByteArray(new Float64Array([1, 2]).buffer),
  ),
  bufferRow(
    "PickleBuffer(memoryview(b'abcdef')[2:4])",
    () => readonlyBuffer(b('cd')),
    () => b('cd'),
  ),
  bufferRow(
    "[PickleBuffer(b'a'), 'between', PickleBuffer(bytearray(b'b'))]",
    () => [readonlyBuffer(b('a')), 'between', new PickleBuffer(b('b'))],
    () => [b('a'), 'between', ba('b')],
  ),
  bufferRow(
    '{"k": PickleBuffer(bytearray(3)), "l": [PickleBuffer(bytearray(4))]}',
    () => d(['k', new PickleBuffer(new Uint8Array(3))], ['l', [new PickleBuffer(new Uint8Array(4))]]),
    () => d(['k', new ByteArray(3)], ['l', [new ByteArray(4)]]),
  ),
]

function bufferRow(expr: string, value: () => unknown, inBand: () => unknown): BufferRow {
  return { name: expr, expr, value, inBand }
}

function readonlyBuffer(memory: Uint8Array): PickleBuffer {
  return new PickleBuffer(memory, { readonly: true })
}
