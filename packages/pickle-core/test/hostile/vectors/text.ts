/** Strings, numbers and memo indexes that no pickler writes. */
import { str, u32 } from '../../pickle-bytes.ts'
import { loadVectors, type Row, type Vector } from './vector.ts'

const NOT_STRICT = { strict: false } as const

/** Bytes that are no UTF-8. */
export const BAD_UTF8: readonly string[] = [
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
]

const UTF8 = BAD_UTF8.flatMap((bad): Row[] =>
  [bad, `${'x'.repeat(250)}${bad}`, `${bad}${'x'.repeat(250)}`].map((text) => [
    'utf8@0',
    `X${u32(text.length)}${text}.`,
  ]),
)

const STRINGS: readonly Row[] = [
  ['value', 'X\x03\0\0\0\xed\xa0\x80.'],
  ['value', 'X\x06\0\0\0\xed\xb8\x80\xed\xa0\xbd.'],
  ['value', 'X\x04\0\0\0\xef\xbb\xbfa.'],
  ['surrogate-pair@0', 'X\x06\0\0\0\xed\xa0\xbd\xed\xb8\x80.'],
  ['value', 'X\x06\0\0\0\xed\xa0\xbd\xed\xb8\x80.', { surrogatePairs: 'merge' }],
  ['surrogate-pair@0', 'V\\ud83d\\ude00\n.'],
  ['value', 'V\\ud83d\\ude00\n.', { surrogatePairs: 'merge' }],
  ['surrogate-pair@0', `X${u32(256)}${'x'.repeat(250)}\xed\xa0\xbd\xed\xb8\x80.`],
  ['value', 'V\\ud800\n.'],
  ['value', 'V\xe9\n.'],
  ['value', 'V\\U0001f600\n.'],
  ['value', 'V\\\n.'],
  ...['V\\U00110000\n.', 'V\\u12\n.', 'V\\u\n.', 'V\\u12g4\n.', 'V\\Uffffffff\n.', 'V\\u 041\n.'].map(
    (pickle): Row => ['escape@0', pickle],
  ),
  ['value', "S'\\101'\n."],
  ['value', "S'\\u1234'\n."],
  ...["S'\\xz'\n.", "S'\\x'\n.", "S'\\x4'\n.", "S'\\'\n.", "S'\\777'\n."].map((pickle): Row => ['escape@0', pickle]),
  // `test_badly_quoted_string`.
  ...[
    'S\n.',
    "S'\n.",
    'S"\n.',
    "S' \n.",
    "S'a\n.",
    "Sa'\n.",
    'S\'a"\n.',
    'S"a\'\n.',
    "S''a\n.",
    "S ''\n.",
    "S'' \n.",
    'S "" \n.',
    'Sa\n.',
    "S'\r\n.",
  ].map((pickle): Row => ['quoting@0', pickle]),
  ...['U\x01\x80.', 'T\x01\0\0\0\x80.', "S'\\x80'\n."].flatMap((pickle): Row[] => [
    ['encoding@0', pickle],
    ['encoding@0', pickle, { encoding: 'utf-8' }],
    ['value', pickle, { encoding: 'latin1' }],
    ['value', pickle, { encoding: 'bytes' }],
    ['value', pickle, { errors: 'replace' }],
    ['value', pickle, { encoding: 'utf-8', errors: 'ignore' }],
  ]),
]

/** Lines of INT, LONG and FLOAT that no pickler writes. */
export const BAD_NUMBERS: readonly string[] = [
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
  'I\xd9\xa3',
  'I2147483648JUNK',
  'L1LJUNK',
]

const NUMBERS: readonly Row[] = [
  ...BAD_NUMBERS.map((line): Row => ['number@0', `${line}\n.`]),
  ...['I0x10', 'L0xffL', 'I1_000', 'I 12 ', 'I+5', 'I1\0junk', 'F 1.5 ', 'F1e400'].map(
    (line): Row => ['number@0', `${line}\n.`, NOT_STRICT],
  ),
  ...['I010', 'I5\r', 'L05L\r', 'F1.5\r', 'I01\r', 'I-0'].map((line): Row => ['value', `${line}\n.`, NOT_STRICT]),
  ...['I00', 'I01', 'I-5', 'L5', 'L-12345678901234567890L', 'F1.', 'F.5', 'F-inf', 'Fnan', 'F1e-400'].map(
    (line): Row => ['value', `${line}\n.`],
  ),
]

const MEMO: readonly Row[] = [
  ...[
    'Np-1\n.',
    'Np99999999999999999999999999\n.',
    'Np 1 \n.',
    'Np+1\n.',
    'Np0x1\n.',
    'Np\n.',
    'Np00\n.',
    'Np1_0\n.',
    'Np9007199254740992\n.',
  ].map((pickle): Row => ['memo-index@1', pickle]),
  ...['g-1\n.', 'g1\r\n.', 'g\n.', 'g01\n.'].map((pickle): Row => ['memo-index@0', pickle]),
  ['value', 'Np00\n.', NOT_STRICT],
  ['memo-index@1', 'Np+1\n.', NOT_STRICT],
  ...['g5\n.', 'h\x05.', 'j\0\0\0\x01.', 'g0\np0\n.'].map((pickle): Row => ['memo-missing@0', pickle]),
  ['memo-missing@3', 'Nq\x01h\x00.'],
  ['memo-missing@3', 'Nq\x05h\x04.'],
  ['memo-missing@6', '\x80\x04}\x94K\x01h\x05s.'],
  ['value', 'Nr\xff\xff\xff\x7f.'],
  ['value', 'Np9007199254740991\n0g9007199254740991\n.'],
  ['value', '(lr0000I17\na.'],
]

const NAMES: readonly Row[] = [
  ['name@0', 'c\nset\n.'],
  ['name@0', 'cbuiltins\n\n.'],
  ['name@1', '(i\nset\n.'],
  ['name@1', '(ibuiltins\n\n.'],
  ['utf8@0', 'c\xff\nset\n.'],
  ['utf8@0', 'cbuiltins\n\xff\n.'],
  ['name@0', 'Pa\xe9\n.', { persistentLoad: (pid) => pid }],
  ['value', 'Pa\n.', { persistentLoad: (pid) => pid }],
  ['stack-global-type@5', `K\x01${str('a')}\x93.`],
]

export const TEXT_VECTORS: readonly Vector[] = [
  ...loadVectors('UTF-8', UTF8),
  ...loadVectors('strings', STRINGS),
  ...loadVectors('numbers', NUMBERS),
  ...loadVectors('memo', MEMO),
  ...loadVectors('names', NAMES),
]
