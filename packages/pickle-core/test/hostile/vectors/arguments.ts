/** Arguments that are cut off, lengths that nothing backs, frames, PROTO. */
import { bytes, global, str, u32, u64 } from '../../pickle-bytes.ts'
import { loadVectors, type Row, type Vector } from './vector.ts'

const HUGE = [2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]

/** An opcode whose argument is one byte short, alone and at the end of a frame. */
const CUT = [
  'K',
  'M\x01',
  'J\x01\x02\x03',
  '\x8a',
  '\x8b\x01\0\0',
  'G1234567',
  'U',
  'T\x01\0\0',
  'X\x01\0\0',
  '\x8c',
  '\x8d\x01\0\0\0\0\0\0',
  'C',
  'B\x01\0\0',
  '\x8e\x01\0\0\0\0\0\0',
  '\x96\x01\0\0\0\0\0\0',
  'h',
  'j\x01\0\0',
  'Nq',
  'Nr\x01\0\0',
  '\x82',
  '\x83\x01',
  '\x84\x01\0\0',
  'I1',
  'L1L',
  'F1.5',
  "S'a'",
  'Va',
  'Np1',
  'g1',
  'Pid',
  'cbuiltins\nset',
  'cbuiltins',
  '(ibuiltins\nset',
  '(ibuiltins',
] as const

/** The offset of the last opcode of these: the others are their operands. */
const OFFSET: Readonly<Record<string, number>> = { N: 1, '(': 1 }

const TRUNCATED: readonly Row[] = CUT.flatMap((pickle): Row[] => {
  const at = OFFSET[pickle[0] as string] ?? 0
  const frame = `\x95${u64(pickle.length)}`
  return [
    [`truncated@${at}`, pickle],
    [`frame@${at + 9}`, `${frame}${pickle}\n\n\n\n\n\n\n\n\n\n.`],
  ]
})

const PROTO_CUT: readonly Row[] = [
  ['truncated@0', '\x80'],
  ['truncated@2', '\x80\x04'],
  ['truncated@2', '\x80\x04\x95\x01\0\0'],
  ['truncated@1', 'N'],
]

/** A length that goes past the input, and past the frame. */
const LENGTHS: readonly Row[] = [
  ...HUGE.flatMap((size) =>
    ['\x8d', '\x8e', '\x96', '\x95'].map((opcode): Row => ['length@0', `${opcode}${u64(size)}N.`]),
  ),
  ...['B', 'T', 'X', '\x8b'].map((opcode): Row => ['length@0', `${opcode}\xff\xff\xff\xff.`]),
  ...['U', 'C', '\x8c', '\x8a'].map((opcode): Row => ['length@0', `${opcode}\x05a.`]),
  ['length@0', '\x8b\xff\xff\xff\x7fa.'],
  ['length@0', '\x8b\0\0\0\x80.'],
  ...['U\x05', 'C\x05', '\x8c\x05', '\x8a\x05', `B${u32(5)}`, `T${u32(5)}`, `X${u32(5)}`, `\x8b${u32(5)}`].map(
    (start): Row => ['frame@9', `\x95${u64(start.length + 4)}${start}abcdefgh.`],
  ),
  ...['\x8d', '\x8e', '\x96'].map((opcode): Row => ['frame@9', `\x95${u64(13)}${opcode}${u64(5)}abcdefgh.`]),
]

const padding = `V${'x'.repeat(131072)}\n0`

export const FRAMES: readonly Row[] = [
  ['frame@11', `\x80\x04\x95${u64(7)}B\x14\0\0\0${'A'.repeat(20)}.`],
  ['frame@12', `\x80\x04\x95${u64(30)}N\x95${u64(2)}0N${'.'.repeat(18)}`],
  ['length@2', `\x80\x04\x95${u64(100)}N.`],
  ['length@2', `\x80\x04\x95${u64(2n ** 63n)}N.`],
  ['frame@11', `\x80\x04\x95${u64(5)}cbuiltins\nset\n.`],
  ['frame@11', `\x80\x04\x95${u64(11)}cbuiltins\nset\n.`],
  ['frame@11', `\x80\x04\x95${u64(3)}J\x01\0\0\0.`],
  ['frame@11', `\x80\x04\x95${u64(1)}\x8c\x01a.`],
  ['frame@11', `\x80\x04\x95${u64(2)}\x8c\x01a.`],
  ['frame@12', `\x80\x04\x95${u64(4)}N..N`],
  ['value', `\x80\x04\x95${u64(0)}N.`],
  ['value', `\x80\x04\x95${u64(2)}N.`],
  ['value', `\x80\x04\x95${u64(1)}N.`],
  ['value', `\x80\x04\x95${u64(1)}N\x95${u64(2)}0N.`],
  // A file that CPython's C unpickler and its disassembler read differently until 3.13.15.
  ['frame@131085', `${padding}(\x95${u64(2)}B\x07\x01\0\0${'.'.repeat(0x107)}N.`],
  ['value', `\x80\x04\x95${u64(3)}]\x94(K\x01e.`],
  ['value', `\x80\x04\x95${u64(0)}\x95${u64(0)}N.`],
  ['frame@11', `\x80\x04\x95${u64(9)}\x95${u64(0)}N.`],
  ['frame@11', `\x80\x04\x95${u64(9)}\x95${u64(1)}N.`],
]

const NOT_STRICT = { strict: false } as const
const frames: readonly Row[] = [
  ...FRAMES,
  ['trailing@13', `\x80\x04\x95${u64(4)}N..N`, NOT_STRICT],
  ['trailing@13', `\x80\x04\x95${u64(3)}N..`, NOT_STRICT],
  ['frame@11', `\x80\x04\x95${u64(7)}B\x14\0\0\0${'A'.repeat(20)}.`, NOT_STRICT],
]

const PROTO: readonly Row[] = [
  ...[0, 1, 2, 3, 4, 5].map((proto): Row => ['value', `\x80${String.fromCharCode(proto)}N.`]),
  ['protocol@0', '\x80\x06N.'],
  ['protocol@0', '\x80\xffN.'],
  ['protocol@0', '\x80\xffN.', NOT_STRICT],
  ['proto-position@2', '\x80\x02\x80\x05N.'],
  ['proto-position@1', 'N\x80\x02.'],
  ['value', '\x80\x02\x80\x05N.', NOT_STRICT],
  ['value', 'N\x80\x02.', NOT_STRICT],
  ['proto-position@14', `${str('os')}${str('path.sep')}\x80\x04\x93.`],
]

/** Opcodes by the protocol that has them first, and where in these bytes the opcode lies. */
const NEWER: readonly (readonly [since: number, pickle: string, at: number])[] = [
  [3, 'B\0\0\0\0', 0],
  [3, 'C\0', 0],
  [4, '\x8c\0', 0],
  [4, `\x8d${u64(0)}`, 0],
  [4, `\x8e${u64(0)}`, 0],
  [4, '\x8f', 0],
  [4, 'cbuiltins\nset\n)R(\x90', 17],
  [4, '(\x91', 1],
  [4, 'cm\nC\n)}\x92', 7],
  [4, 'Vbuiltins\nVset\n\x93', 15],
  [4, 'N\x94', 1],
  [4, `\x95${u64(0)}N`, 0],
  [5, `\x96${u64(0)}`, 0],
  [5, '\x97', 0],
  [5, '\x97\x98', 0],
  [5, 'N\x98', 1],
]

const OLDER: readonly Row[] = NEWER.map(([since, pickle, at]) => [
  `opcode-protocol@${at + 2}`,
  `\x80${String.fromCharCode(since - 1)}${pickle}.`,
  {
    buffers: pickle.includes('\x97') ? [new Uint8Array(1)] : [],
    ...(pickle.includes('cm\n') ? { findClass: () => ({ module: 'm', name: 'C', create: () => 1 }) } : {}),
  },
])

const LIMITS: readonly Row[] = [
  ['limit@0', `X${u32(300)}${'a'.repeat(300)}.`, { limits: { maxStringBytes: 299 } }],
  ['limit@0', `\x8c\x0a${'a'.repeat(10)}.`, { limits: { maxStringBytes: 9 } }],
  ['value', `\x8c\x0a${'a'.repeat(10)}.`, { limits: { maxStringBytes: 10 } }],
  ['limit@0', `V${'a'.repeat(300)}\n.`, { limits: { maxStringBytes: 299 } }],
  ['limit@0', `T${u32(300)}${'a'.repeat(300)}.`, { limits: { maxStringBytes: 299 } }],
  ['limit@0', `U\x0a${'a'.repeat(10)}.`, { limits: { maxStringBytes: 9 } }],
  ['limit@0', `\x8a\x09${'\x01'.repeat(9)}.`, { limits: { maxIntBytes: 8 } }],
  ['limit@0', `\x8b${u32(65537)}${'\x01'.repeat(65537)}.`],
  ['value', `\x8b${u32(65536)}${'\x01'.repeat(65536)}.`],
  ['limit@0', `I${'1'.repeat(4301)}\n.`],
  ['limit@0', `L-${'1'.repeat(4301)}L\n.`],
  ['value', `L-${'1'.repeat(4300)}L\n.`],
]

export const ARGUMENT_VECTORS: readonly Vector[] = [
  ...loadVectors('cut', [...TRUNCATED, ...PROTO_CUT]),
  ...loadVectors('lengths', LENGTHS),
  ...loadVectors('frames', frames),
  ...loadVectors('PROTO', [...PROTO, ...OLDER]),
  ...loadVectors('limits', LIMITS),
  ...loadVectors('global of a newer PROTO', [['value', bytes(`\x80\x04${global('builtins', 'set')}.`)]]),
]
