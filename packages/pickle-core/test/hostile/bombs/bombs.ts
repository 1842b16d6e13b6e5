/**
 * Pickles that ask for far more than their bytes: in work, in memory, in depth. Each is made for a size `n`, and grows with it
 * by a few bytes a unit.
 */
import type { LoadOptions } from '../../../src/read/load-options.ts'
import { str, u32, u64 } from '../../pickle-bytes.ts'

export interface Bomb {
  readonly name: string
  make(n: number): string
  readonly options?: LoadOptions
  /** A size at which the bomb is about 100 kB; it is run at this one, and at a tenth. */
  readonly n: number
}

const INERT: LoadOptions = { unknownGlobals: 'inert' }
const EXACT: LoadOptions = { ...INERT, mapping: 'exact' }
const MAP: LoadOptions = { ...INERT, dicts: 'map' }
const DEEP = { limits: { maxDepth: 2_000_000 } }

/** The same in each mapping. */
function both(name: string, n: number, make: (n: number) => string, more: LoadOptions = {}): Bomb[] {
  return [
    { name: `${name}, native`, n, make, options: { ...MAP, ...more } },
    { name: `${name}, exact`, n, make, options: { ...EXACT, ...more } },
  ]
}

const repeat = (text: string, n: number): string => text.repeat(Math.max(0, Math.floor(n)))
const long = (size: number, fill: string): string => `\x8b${u32(Math.floor(size))}${repeat(fill, size)}`
const each = (n: number, make: (i: number) => string): string =>
  Array.from({ length: Math.floor(n) }, (_, i) => make(i)).join('')

/** Something large that is got from the memo and used again and again. */
const AGAIN: readonly Bomb[] = (
  [
    ['a large bytes', (n) => `B${u32(n)}${repeat('x', n)}`],
    ['a large int', (n) => long(Math.min(n, 65_536), '\x71')],
    ['a large str', (n) => `X${u32(n)}${repeat('x', n)}`],
    ['a global with a long name', (n) => `c${repeat('m', n)}\nC\n`],
    ['a global with a name', (n) => `c${repeat('m', Math.min(n, 16_000))}\nC\n`],
    ['a large range', (n) => `cbuiltins\nrange\n(${long(n / 3, '\x01')}${long(n / 3, '\x71')}${long(n / 6, '\x33')}tR`],
    ['a large tuple', (n) => `(${repeat('N', n)}t`],
    ['a large frozenset', (n) => `(${each(n / 5, (i) => `J${u32(i)}`)}\x91`],
    ['a tuple of a large bytes', (n) => `B${u32(n)}${repeat('x', n)}\x85`],
  ] as readonly [string, (n: number) => string][]
).flatMap(([name, make]) => [
  ...both(`${name} as keys of one dict`, 50_000, (n) => `${make(n)}q\x000}(${repeat('h\x00N', n / 3)}u.`),
  ...both(`${name} as keys of many dicts`, 50_000, (n) => `${make(n)}q\x000](${repeat('}h\x00Ns', n / 5)}e.`),
  ...both(`${name} in new tuples as keys`, 50_000, (n) => `${make(n)}q\x000}(${repeat('h\x00\x85N', n / 4)}u.`),
  ...both(`${name} in new frozensets`, 50_000, (n) => `${make(n)}q\x000](${repeat('(h\x00\x91', n / 4)}e.`),
])

const CALLS: readonly Bomb[] = (
  [
    ['bytearray', (n) => `B${u32(n)}${repeat('x', n)}\x85`],
    ['set', (n) => `](${each(n / 5, (i) => `J${u32(i)}`)}e\x85`],
    ['frozenset', (n) => `](${each(n / 5, (i) => `J${u32(i)}`)}e\x85`],
    ['set of a tuple', (n) => `(${each(n / 5, (i) => `J${u32(i)}`)}t\x85`],
    ['complex', (n) => `${long(n / 2, '\x71')}${long(n / 2, '\x71')}\x86`],
    ['slice', (n) => `(${repeat('N', n)}t`],
    ['dict', (n) => `(${repeat('N', n)}t`],
    ['no arguments for set', (n) => `(${repeat('N', n)}t`],
  ] as readonly [string, (n: number) => string][]
).flatMap(([name, args]) =>
  both(`calls of ${name}`, 50_000, (n) => {
    const global = name.startsWith('set') || name.endsWith(' set') ? 'set' : name
    return `cbuiltins\n${global}\nq\x000${args(n)}q\x010](${repeat('h\x00h\x01R', n / 5)}e.`
  }),
)

const FORMS: readonly Bomb[] = [
  ...both(
    '_codecs.encode',
    50_000,
    (n) =>
      `c_codecs\nencode\nq\x000X${u32(n)}${repeat('x', n)}X\x06\0\0\0latin1\x86q\x010](${repeat('h\x00h\x01R', n / 5)}e.`,
  ),
  ...both(
    'bytearray of a str',
    50_000,
    (n) =>
      `cbuiltins\nbytearray\nq\x000X${u32(n)}${repeat('x', n)}X\x06\0\0\0latin1\x86q\x010](${repeat('h\x00h\x01R', n / 5)}e.`,
  ),
  ...both(
    'copyreg.__newobj__',
    50_000,
    (n) => `ccopyreg\n__newobj__\nq\x000(cm\nC\n${repeat('N', n)}tq\x010](${repeat('h\x00h\x01R', n / 5)}e.`,
  ),
  ...both(
    'NEWOBJ_EX',
    50_000,
    (n) =>
      `cm\nC\nq\x000}(${each(n / 8, (i) => `${str(i.toString(36).padStart(5, '0'))}N`)}uq\x010](${repeat('h\x00)h\x01\x92', n / 6)}e.`,
  ),
  ...both(
    'copyreg.__newobj_ex__',
    50_000,
    (n) =>
      `ccopyreg\n__newobj_ex__\nq\x000(cm\nC\n)}(${each(n / 8, (i) => `${str(i.toString(36).padStart(5, '0'))}N`)}utq\x010](${repeat('h\x00h\x01R', n / 5)}e.`,
  ),
  ...both('NEWOBJ', 50_000, (n) => `cm\nC\nq\x000(${repeat('N', n)}tq\x010](${repeat('h\x00h\x01\x81', n / 5)}e.`),
  ...both('REDUCE', 50_000, (n) => `cm\nC\nq\x000(${repeat('N', n)}tq\x010](${repeat('h\x00h\x01R', n / 5)}e.`),
  ...both(
    'functools.partial',
    50_000,
    (n) =>
      `cfunctools\npartial\nq\x000cbuiltins\ngetattr\ncm\nC\nq\x01X\x07\0\0\0__new__\x86Rq\x020(h\x02(h\x01${repeat('N', n)}t}Ntq\x030](${repeat('h\x00h\x02\x85Rh\x03b)R', n / 10)}e.`,
  ),
  ...both('state setters', 20_000, (n) => `cm\nput\nq\x000](${repeat('cm\nC\n)Rq\x01h\x00h\x01N\x86R0', n / 5)}e.`),
  ...both(
    'getattr',
    30_000,
    (n) =>
      `cbuiltins\ngetattr\nq\x000cm\n${repeat('C', n)}\nX\x01\0\0\0xq\x01\x86q\x020](${repeat('h\x00h\x02R', n / 5)}e.`,
  ),
  ...both('BUILD again', 50_000, (n) => `cm\nC\n)R${repeat('Nb', n)}.`),
  ...both(
    'recursive arguments',
    20_000,
    (n) => `cm\nC\nq\x00](${repeat('N', n)}eq\x01\x85Rq\x020](${repeat('h\x00h\x01\x85R', n / 6)}e.`,
  ),
]

const COLLISIONS: readonly Bomb[] = [
  ...both(
    'ints that differ above 64 bits',
    7000,
    (n) => `}(${each(n, (i) => `\x8a\x0c${repeat('\0', 8)}${u32(i + 1)}N`)}u.`,
  ),
  ...both(
    'multiples of 2 ** 61 - 1',
    8000,
    (n) => `}(${each(n, (i) => `\x8a\x09${u64(((BigInt(i) + 1n) * (2n ** 61n - 1n)) & (2n ** 64n - 1n))}\0N`)}u.`,
  ),
  ...both(
    'ints that are spaced by 2 ** 20',
    4000,
    (n) => `}(${each(n, (i) => `J${u32(((i - 2000) << 20) >>> 0)}N`)}u.`,
  ),
  ...both('floats', 8000, (n) => `}(${each(n, (i) => `G\x41${u64(BigInt(i) << 32n).slice(0, 7)}N`)}u.`),
  ...both('ints as strings', 8000, (n) => `}(${each(n, (i) => `${str(String(i))}N`)}u.`),
  { name: 'ints as strings, plain object', n: 8000, make: (n) => `}(${each(n, (i) => `${str(String(i))}N`)}u.` },
  ...both('tuples', 8000, (n) => `}(${each(n, (i) => `J${u32(i << 12)}K\x00\x86N`)}u.`),
  ...both('one of many batches', 8000, (n) => `}${each(n, (i) => `(J${u32(i)}Nu`)}.`),
  ...both('batches with a tuple first', 8000, (n) => `}()Nu${each(n, (i) => `(J${u32(i)}Nu`)}.`),
  { name: 'batches of a plain object', n: 8000, make: (n) => `}${each(n, (i) => `(${str(i.toString(36))}NVb\nNu`)}.` },
  ...both(
    'long strings of one length',
    5,
    (n) => `}(${each(n, (i) => `X${u32(20_000)}${repeat('x', 19_990)}${String(i).padStart(10, '0')}N`)}u.`,
  ),
  ...both(
    'long bytes of one length',
    5,
    (n) => `}(${each(n, (i) => `B${u32(20_000)}${repeat('x', 19_990)}${String(i).padStart(10, '0')}N`)}u.`,
  ),
]

const SHARED: readonly Bomb[] = [
  ...both('a key of 2 ** n leaves by DUP', 5000, (n) => `}N${repeat('2\x86', n)}Ns.`, DEEP),
  ...both('a frozenset of 2 ** n leaves', 5000, (n) => `}(N\x91${repeat('q\x000(h\x00h\x00\x85\x91', n)}Ns.`, DEEP),
  ...both(
    'billion laughs by memo',
    2000,
    (n) => `](${each(n, (i) => `](${i === 0 ? 'N' : repeat(`j${u32(i - 1)}`, 8)}er${u32(i)}`)}e.`,
    DEEP,
  ),
  ...both('billion laughs by DUP', 20_000, (n) => `N${repeat('2\x86', n)}.`, DEEP),
  ...both('a list of itself', 50_000, (n) => `]q\x00(${repeat('h\x00', n)}e.`),
  ...both('a list of itself, by APPEND', 30_000, (n) => `]q\x00${repeat('h\x00a', n)}.`),
  ...both(
    'a string again and again',
    50_000,
    (n) => `X${u32(1000)}${repeat('x', 1000)}q\x000](${repeat('h\x00', n)}e.`,
  ),
  ...both('many gets of a pending list', 30_000, (n) => `](](${repeat('](', 10)}${repeat('N', n)}${repeat('e', 12)}.`),
  ...both(
    'gets of pending dicts',
    6000,
    (n) => `${each(n, (i) => `}r${u32(i)}(`)}${each(n, (i) => `j${u32(i)}`)}1${repeat('0', n - 1)}.`,
  ),
]

const DEPTH: readonly Bomb[] = (
  [
    ['lists', (n) => `${repeat('](', n)}${repeat('e', n)}.`],
    ['lists by APPEND', (n) => `${repeat(']', n)}${repeat('a', n - 1)}.`],
    ['tuples', (n) => `)${repeat('\x85', n)}.`],
    ['tuples by MARK', (n) => `${repeat('(', n)}${repeat('t', n)}.`],
    ['dicts', (n) => `${repeat('}(N', n - 1)}}${repeat('u', n - 1)}.`],
    ['frozensets', (n) => `${repeat('(', n)}${repeat('\x91', n)}.`],
    ['arguments of objects', (n) => `cm\nC\nq\x000cm\nC\n)R${repeat('q\x010h\x00h\x01\x85R', n - 1)}.`],
    ['states of objects', (n) => `cm\nC\nq\x000cm\nC\n)R${repeat('q\x010h\x00)Rh\x01b', n)}.`],
    ['tuples as a key', (n) => `}N${repeat('\x85', n)}Ns.`],
  ] as readonly [string, (n: number) => string][]
).flatMap(([name, make]) => [
  ...both(`deep ${name}`, 30_000, make),
  ...both(`deep ${name}, allowed`, 30_000, make, DEEP),
])

const FLOODS: readonly Bomb[] = [
  ...both('MARK', 100_000, (n) => `${repeat('(', n)}.`),
  ...both('DUP', 100_000, (n) => `N${repeat('2', n)}.`),
  ...both('POP of a mark', 50_000, (n) => `${repeat('(0', n)}N.`),
  ...both('EMPTY_DICT', 50_000, (n) => `(${repeat('}', n)}l.`),
  ...both('PROTO', 50_000, (n) => `${repeat('\x80\x02', n)}N.`, { strict: false }),
  ...both('empty frames', 10_000, (n) => `${repeat(`\x95${u64(0)}`, n)}N.`),
  ...both('MEMOIZE', 100_000, (n) => `N${repeat('\x94', n)}.`),
  ...both('LONG_BINPUT far apart', 20_000, (n) => `N${each(n, (i) => `r${u32(0xffff_ffff - i * 7)}`)}.`),
  ...both('PUT far apart', 10_000, (n) => `N${each(n, (i) => `p${9_007_199_254_740_991 - i}\n`)}.`),
  ...both('short lines', 50_000, (n) => `(${repeat('I1\n', n)}t.`),
  ...both('long ints in text', 20, (n) => `(${repeat(`I${repeat('7', 4300)}\n`, n)}t.`),
  ...both('persistent ids', 50_000, (n) => `(${repeat('NQ', n)}t.`),
  ...both('extension codes', 50_000, (n) => `(${repeat('\x82\x05', n)}t.`),
  ...both('globals', 10_000, (n) => `(${each(n, (i) => `cm${i}\nC\n`)}t.`),
  ...both('long runs that never end', 10_000, (n) => `](${repeat('G12345678', n)}`),
  ...both('batches of runs', 1000, (n) => `]${repeat(`(${repeat('G12345678', 33)}e`, n)}.`),
  ...both('runs over the limit', 1000, (n) => `]${repeat(`(${repeat('G12345678', 33)}e`, n)}.`, {
    limits: { maxItems: 100 },
  }),
  ...both('escapes', 20_000, (n) => `V${repeat('\\u0041', n)}\n.`),
  ...both('surrogates', 30_000, (n) => `X${u32(n * 3)}${repeat('\xed\xa0\x80', n)}.`),
  ...both('strings far apart', 200, (n) => `(${repeat(`B${u32(600)}${repeat('x', 600)}0\x8c\x01a`, n)}t.`),
]

/** Work and memory. */
export const BOMBS: readonly Bomb[] = [...AGAIN, ...CALLS, ...FORMS, ...COLLISIONS, ...SHARED, ...DEPTH, ...FLOODS]
