/** Keys, items, depth, and the limits of what one pickle may hold. */
import { str, u32, u64 } from '../../pickle-bytes.ts'
import { loadVectors, type Row, type Vector } from './vector.ts'

const EXACT = { mapping: 'exact' } as const
const MAP = { dicts: 'map' } as const
const NAN = 'G\x7f\xf8\0\0\0\0\0\0'

const KEYS: readonly Row[] = [
  ...['}]Ns.', '}}Ns.', '}(]Nu.', '(]Nd.', '}]\x85Ns.', '}\x8fNs.', `}\x96${u64(0)}Ns.`].flatMap((pickle): Row[] => [
    [`unhashable@${pickle.length - 2}`, pickle],
    [`unhashable@${pickle.length - 2}`, pickle, EXACT],
    [`unhashable@${pickle.length - 2}`, pickle, MAP],
  ]),
  ...['\x8f(]\x90.', '\x8f(\x8f\x90.', '(]\x91.', '\x8f(]\x85\x90.', '\x8f(NK\x01)]\x90.'].flatMap((pickle): Row[] => [
    [`unhashable@${pickle.length - 2}`, pickle],
    [`unhashable@${pickle.length - 2}`, pickle, EXACT],
  ]),
  ['native-key@22', `}(${NAN}N${NAN}Nu.`],
  ['value', `}(${NAN}N${NAN}Nu.`, EXACT],
  ['native-key@24', `}(${NAN}Nu(${NAN}Nu.`],
  ['native-key@26', `}(K\x01\x85N${NAN}N${NAN}Nu.`],
  ['native-key@20', `\x8f(${NAN}${NAN}\x90.`],
  ['value', `\x8f(${NAN}${NAN}\x90.`, EXACT],
  [
    'native-key@15377',
    `}(${Array.from({ length: 1025 }, (_, i) => `\x8a\x0c${'\0'.repeat(8)}${u32(i + 1)}N`).join('')}u.`,
  ],
  ['value', `}(${Array.from({ length: 1024 }, (_, i) => `\x8a\x0c${'\0'.repeat(8)}${u32(i + 1)}N`).join('')}u.`],
  ['value', `}${str('__proto__')}Ns.`],
  ['dict-key@13', `}${str('__proto__')}Ns.`, { dicts: 'object' }],
  ['dict-key@14', `}(${str('__proto__')}Nu.`, { dicts: 'object' }],
  ['dict-key@5', '}(K\x01Nu.', { dicts: 'object' }],
  ['dict-key@4', '(K\x01Nd.', { dicts: 'object' }],
  ['dict-key@8', `}${str('a')}NsNNs.`],
  ['dict-key@11', `}(${str('a')}Nu(K\x01Nu.`],
  ['dict-key@20', `}(${str('a')}Nu(${str('__proto__')}Nu.`],
  ['dict-key@7', '}q\x00h\x00NNs.'],
  ['dict-key@4', '}2NNs.'],
]

const DEPTH: readonly Row[] = [
  ['depth@1', '].', { limits: { maxDepth: 0 } }],
  ['depth@30003', `${']('.repeat(10_001)}${'e'.repeat(10_001)}.`],
  ['value', `${']('.repeat(10_000)}${'e'.repeat(10_000)}.`],
  ['depth@10001', `)${'\x85'.repeat(10_000)}.`],
  ['value', `)${'\x85'.repeat(9_999)}.`],
  ['depth@9', '](]]aK\x01ae.', { limits: { maxDepth: 2 } }],
  ['value', '](]]aK\x01ae.', { limits: { maxDepth: 3 } }],
  // What was walked once counts again with the depth that it has, where it is met again further down.
  ['depth@18', `](]]]aaq\x00]]]h\x00aaae.`, { limits: { maxDepth: 5 } }],
  ['value', `](]]]aaq\x00]]]h\x00aaae.`, { limits: { maxDepth: 7 } }],
  ['depth@20004', `}N${'\x85'.repeat(20_000)}Ns.`],
  ['value', `}N${'2\x86'.repeat(200)}Ns.`],
  ['value', `}N${'2\x86'.repeat(200)}Ns.`, EXACT],
]

/** What makes a value, and how many items it puts into containers. */
const COUNTED: readonly (readonly [make: string, items: number])[] = [
  ['N\x85', 1],
  ['NN\x86', 2],
  ['NNN\x87', 3],
  [']Na', 1],
  ['](NNe', 2],
  ['](NNe(NNe', 4],
  ['}NNs', 1],
  ['}(NNu', 1],
  ['}(NNK\x01Nu(K\x02Nu', 3],
  ['\x8f(N\x90', 1],
  ['\x8f(NK\x01\x90', 2],
  ['(N\x91', 1],
  ['(NNt', 2],
  ['(NNl', 2],
  ['(NNd', 1],
]

const ITEMS: readonly Row[] = [
  ...COUNTED.flatMap(([make, items]): Row[] => [
    ['value', `${`${make}0`.repeat(9)}N.`, { limits: { maxItems: items * 9 } }],
    [
      // The items of the last value are counted by its last opcode, or, of several batches, one before.
      `limit@${make.length * 10 + 9 - 1}`,
      `${`${make}0`.repeat(10)}N.`,
      { limits: { maxItems: items * 10 - 1 } },
    ],
  ]),
  ['limit@1002', `](${'N'.repeat(1001)}e.`, { limits: { maxItems: 1000 } }],
  ['limit@1001', `N${'2'.repeat(100_000)}.`, { limits: { maxItems: 1000 } }],
  ['limit@1012', `\x80\x04\x95${u64(100_002)}N${'2'.repeat(100_000)}.`, { limits: { maxItems: 1000 } }],
  // Long runs are counted by another way.
  ['value', `](${'G12345678'.repeat(100)}e.`, { limits: { maxItems: 100 } }],
  ['limit@902', `](${'G12345678'.repeat(101)}e.`, { limits: { maxItems: 100 } }],
  ['limit@1084', `](${'G12345678'.repeat(60)}e(${'G12345678'.repeat(60)}e.`, { limits: { maxItems: 100 } }],
  ['value', `Va\nq\x000](${'h\x00'.repeat(100)}e.`, { limits: { maxItems: 100 } }],
  ['limit@208', `Va\nq\x000](${'h\x00'.repeat(101)}e.`, { limits: { maxItems: 100 } }],
]

/** The ints from 0, by BININT2. */
function ints(count: number, after = ''): string {
  return Array.from({ length: count }, (_, i) => `M${u32(i).slice(0, 2)}${after}`).join('')
}

/** What exceeds 25,000 entries in one Map, Set or walk: too much only for an engine whose bound that is. */
const MANY = 25_001
const ENTRIES: readonly Row[] = [
  [`limit@${MANY * 4 + 2}`, `}(${ints(MANY, 'N')}u.`, MAP],
  [`limit@${MANY * 4 + 2}`, `}(${ints(MANY, 'N')}u.`, EXACT],
  ['value', `}(${ints(MANY - 1, 'N')}u.`, EXACT],
  [`limit@${MANY * 3 + 2}`, `\x8f(${ints(MANY)}\x90.`],
  [`limit@${MANY * 3 + 2}`, `\x8f(${ints(MANY)}\x90.`, EXACT],
  [`limit@${MANY * 3 + 1}`, `(${ints(MANY)}\x91.`],
  [`limit@${MANY + 28}`, `](]q\x00${'h\x00'.repeat(10)}(${']'.repeat(MANY)}le.`, { limits: { maxDepth: 10 } }],
]

export const ENTRY_VECTORS: readonly Vector[] = loadVectors('entries of one Map', ENTRIES)

export const CONTAINER_VECTORS: readonly Vector[] = [
  ...loadVectors('keys', KEYS),
  ...loadVectors('depth', DEPTH),
  ...loadVectors('items', ITEMS),
]
