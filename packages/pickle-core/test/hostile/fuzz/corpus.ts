/** Good pickles to start from: the rows of the table, the golden files that are small, and a few that use the rest of the opcodes. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { bytes, global, str, u64 } from '../../pickle-bytes.ts'
import { CORE_BYTES } from '../../rows.data.ts'

/** Golden files: what real picklers wrote. */
const GOLDEN: string = path.resolve(import.meta.dirname, '../../../../../fixtures/golden')

/** The golden files, name and bytes, in the order of their names. */
export function goldenFiles(): readonly (readonly [name: string, pickle: Uint8Array])[] {
  return globSync('**/*.pkl', { cwd: GOLDEN })
    .sort()
    .map((name) => [name, new Uint8Array(readFileSync(path.join(GOLDEN, name)))])
}

/** What no row has: objects of classes, both kinds of Python 2 classes, the text opcodes, deep and shared things. */
const EXTRA: readonly string[] = [
  `\x80\x04}\x94(${str('name')}\x94${str('Ann')}\x94${str('tags')}\x94]\x94(${str('x')}\x94h\x01K\x05M\x01\x02J\x01\x02\x03\x04eu.`,
  '(dp0\nVname\np1\nVAnn\np2\nsVtags\np3\n(lp4\nI5\naF1.5\naL5L\naI01\nas.',
  '\x80\x02}q\x00(X\x01\0\0\0aq\x01K\x01\x85q\x02X\x01\0\0\0bq\x03cbuiltins\nset\nq\x04]q\x05(K\x01K\x02e\x85q\x06Rq\x07u.',
  `\x80\x05(C\x03abc\x96${u64(2)}xy\x8f\x94(K\x01K\x02\x90(K\x03\x91G?\xf8\0\0\0\0\0\0\x8a\x09${'\xff'.repeat(8)}\0NN\x88\x89\x87t.`,
  '(S"a\\x41"\nU\x01bT\x01\0\0\0cg0\np0\nt.'.replace('g0\np0\n', 'Vd\np0\ng0\n'),
  '\x80\x02cm\nC\nq\x00)\x81q\x01}q\x02(X\x01\0\0\0xq\x03K\x01X\x01\0\0\0yq\x04K\x02ub.',
  '\x80\x02cm\nC\nq\x00(K\x01K\x02X\x01\0\0\0sq\x01tq\x02Rq\x03(K\x01K\x02e(X\x01\0\0\0kq\x04K\x05u}q\x05X\x01\0\0\0aq\x06h\x03sb.',
  '(im\nOld\np0\n(dp1\nVx\np2\nI1\nsVself\np3\ng0\nsb.',
  '(cm\nOld\nK\x01K\x02oq\x00}q\x01U\x01aK\x03sb.',
  `\x80\x04\x8c\x01m\x94\x8c\x01C\x94\x93\x94)}\x94${str('k')}\x94K\x07s\x92\x94.`,
  '\x80\x02]q\x00(cm\nC\nq\x01)Rq\x02cm\nput\nq\x03h\x02K\x05\x86R0h\x02h\x02e.',
  'ccopy_reg\n_reconstructor\np0\n(cm\nOld\np1\nc__builtin__\nobject\np2\nNtp3\nRp4\n(dp5\nVa\np6\nI1\nsb.',
  '\x80\x02cfunctools\npartial\nq\x00cm\nC.__new__\nq\x01\x85Rq\x02(h\x01cm\nC\nq\x03\x85}NtbK\x01\x86.'
    .replace('cm\nC.__new__\nq\x01', 'cbuiltins\ngetattr\nq\x04cm\nC\nq\x05X\x07\0\0\0__new__q\x06\x86Rq\x01')
    .replace('\x85}NtbK\x01\x86.', '\x85}Ntb)RK\x01\x86.'),
  `\x80\x04]\x94(]\x94(h\x00h\x01e}\x94(${str('a')}\x94h\x02${str('b')}\x94h\x00u(h\x01h\x02th\x01e.`,
  `\x80\x04}\x94(K\x01${str('one')}\x94K\x02\x85\x94${str('t')}\x94C\x01b\x94${str('b')}\x94(K\x03\x91\x94Nu.`,
  `\x80\x05]\x94(\x96${u64(3)}abc\x94${global('builtins', 'complex')}\x94G?\xf0\0\0\0\0\0\0G@\0\0\0\0\0\0\0\x86\x94R\x94e.`,
  `\x80\x04](${'K\x01K\x02\x86'.repeat(40)}e.`,
  `\x80\x04](${'G?\xf8\0\0\0\0\0\0'.repeat(60)}e.`,
  `\x80\x04${str('word')}\x940](${'h\x00'.repeat(80)}e(${'h\x00'.repeat(40)}e.`,
  `\x80\x04${']\x94('.repeat(12)}${'e'.repeat(12)}.`,
  `\x80\x04(${'}\x94(\x8c\x01a\x94NK\x01Nu'.repeat(6)}t.`,
  '\x80\x02\x82\x01q\x00\x83\x01\x01\x84\x01\0\x01\0\x87.',
  '\x80\x02X\x02\0\0\0idq\x00QK\x05\x85Q\x86.',
  'Pid\np0\n.',
]

/** All of them up to this size, each once. */
export function corpus(maxBytes = 1500): readonly Uint8Array[] {
  const rows = Object.values(CORE_BYTES).flatMap((byProtocol) =>
    Object.entries(byProtocol).map(([key, row]) =>
      /^P[01]/.test(key) ? bytes(row) : bytes(key.includes('5') ? '\x80\x05' : '\x80\x04', row),
    ),
  )
  const all = [...rows, ...EXTRA.map((pickle) => bytes(pickle)), ...goldenFiles().map(([, pickle]) => pickle)]
  const seen = new Map(all.map((pickle) => [String.fromCharCode(...pickle.subarray(0, 5000)), pickle]))
  return [...seen.values()].filter(({ length }) => length <= maxBytes)
}
