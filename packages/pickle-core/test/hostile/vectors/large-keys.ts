/** Keys and arguments that are large, and used again and again at a few bytes each. */
import { u32 } from '../../pickle-bytes.ts'
import { loadVectors, type Row, type Vector } from './vector.ts'

const EXACT = { mapping: 'exact' } as const
const MAP = { dicts: 'map' } as const
/** Limits that leave little beyond what the input is worth. */
const FEW = { limits: { maxItems: 20_000, maxIntBytes: 40_000 } } as const

const SIZE = 30_000
const BYTES = `B${u32(SIZE)}${'x'.repeat(SIZE)}`
const TEXT = `X${u32(SIZE)}${'x'.repeat(SIZE)}`
const INT = `\x8b${u32(SIZE)}${'\x71'.repeat(SIZE)}`
const LIST = `](${'K\x01'.repeat(SIZE / 2)}e`
const NAMES = `}(${Array.from({ length: 2000 }, (_, i) => `X\x08\0\0\0name${1000 + i}N`).join('')}u`
const LATIN1 = 'X\x06\0\0\0latin1'

/** One argument for so many calls; the last one is too much: 32 units for each byte of input, and a few. */
function calls(callee: string, args: string, count: number, options = {}): Row {
  const start = `c${callee}\nq\x000${args}q\x010](`
  return [
    `limit@${start.length + count * 5 - 1}`,
    `${start}${'h\x00h\x01R'.repeat(count + 10)}e.`,
    { ...FEW, ...options },
  ]
}

/** The same for partials that are given their arguments by BUILD. */
const PARTIAL = `cfunctools\npartial\nq\x000cbuiltins\ngetattr\ncm\nC\nq\x01X\x07\0\0\0__new__\x86Rq\x020(h\x02(h\x01${'N'.repeat(SIZE / 2)}t}Ntq\x030](`

const COPIES: readonly Row[] = [
  [
    `limit@${PARTIAL.length + 4 * 11 + 8}`,
    `${PARTIAL}${'h\x00h\x02\x85Rh\x03b)R'.repeat(15)}e.`,
    { ...FEW, unknownGlobals: 'inert' },
  ],
  calls('builtins\nbytearray', `${BYTES}\x85`, 33),
  calls('builtins\nset', `${LIST}\x85`, 9),
  calls('builtins\nset', `${LIST}\x85`, 9, EXACT),
  calls('builtins\nfrozenset', `${LIST}\x85`, 9),
  calls('_codecs\nencode', `${TEXT}${LATIN1}\x86`, 33),
  calls('builtins\nbytearray', `${TEXT}${LATIN1}\x86`, 33),
  calls('copyreg\n__newobj__', `(cm\nC\n${'N'.repeat(SIZE / 2)}t`, 5, { unknownGlobals: 'inert' }),
  calls('copyreg\n__newobj_ex__', `cm\nC\n)${NAMES}\x87`, 57, { unknownGlobals: 'inert' }),
]

/** Keys of native containers that V8 would compare with one another. */
function longKeys(count: number, more: string): string {
  return Array.from({ length: count }, (_, i) => `X${u32(16_384)}${'x'.repeat(16_380)}${1000 + i}${more}`).join('')
}
const LONG = 16_384 + 5
const LONG_KEYS: readonly Row[] = [
  ['value', `}(${longKeys(256, 'N')}u.`],
  [`native-key@${257 * (LONG + 1) + 2}`, `}(${longKeys(257, 'N')}u.`],
  [`native-key@${257 * (LONG + 1) + 2}`, `}(${longKeys(257, 'N')}u.`, MAP],
  [`native-key@${257 * (LONG + 1) + 8}`, `}(Va\nNu(${longKeys(257, 'N')}u.`],
  [`native-key@${257 * LONG + 2}`, `\x8f(${longKeys(257, '')}\x90.`],
  ['value', `}(${longKeys(300, 'N')}u.`, EXACT],
  ['value', `\x8f(${longKeys(300, '')}\x90.`, EXACT],
]

/** Ints, strings and ranges that have no identity that could be remembered, as keys in exact containers. */
const WORK: readonly Row[] = [
  ['value', `${INT}q\x000}(${'h\x00N'.repeat(10)}u.`, { ...EXACT, ...FEW }],
  [`limit@${INT.length + 5 + 3000}`, `${INT}q\x000}(${'h\x00N'.repeat(1000)}u.`, { ...EXACT, ...FEW }],
  [`limit@${INT.length + 5 + 3000}`, `${TEXT}q\x000}(${'h\x00N'.repeat(1000)}u.`, { ...EXACT, ...FEW }],
  [`limit@${INT.length + 5 + 2000}`, `${INT}q\x000\x8f(${'h\x00'.repeat(1000)}\x90.`, { ...EXACT, ...FEW }],
  [`limit@${INT.length + 4 + 2000}`, `${INT}q\x000(${'h\x00'.repeat(1000)}\x91.`, { ...EXACT, ...FEW }],
  [`limit@${INT.length + 5 + 4000}`, `${INT}q\x000}(${'h\x00\x85N'.repeat(1000)}u.`, { ...MAP, ...FEW }],
  // Bytes are remembered, so they may be used as often as one likes.
  ['value', `${BYTES}q\x000}(${'h\x00N'.repeat(1000)}u.`, { ...EXACT, ...FEW }],
]

export const LARGE_KEY_VECTORS: readonly Vector[] = [
  ...loadVectors('copies', COPIES),
  ...loadVectors('long keys', LONG_KEYS),
  ...loadVectors('work of large keys', WORK),
  // A name that the engine does not hash is nobody's, and is not kept either.
  ...loadVectors('names', [
    ['global-not-allowed@0', `c${'m'.repeat(16_384)}\nC\n.`, { unknownGlobals: 'inert' }],
    ['global-not-allowed@0', `cm\n${'C'.repeat(16_384)}\n.`, { unknownGlobals: 'inert' }],
    ['value', `c${'m'.repeat(16_383)}\nC\n.`, { unknownGlobals: 'inert' }],
  ]),
]
