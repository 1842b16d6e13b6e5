// Writes packages/pickle-core/test/rows.data.ts: the bytes of the core rows, by the reference CPython (3.11), and which rows
// other CPythons write otherwise. Needs Node 24 (it imports TypeScript):
//
//   node --conditions=@pickle-ts/source scripts/generate-rows.mjs <python3.11> [other pythons...]
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Python } from '../packages/pickle-core/test/python.ts'
import { ALL, ROWS } from '../packages/pickle-core/test/rows.ts'

const [reference, ...others] = process.argv.slice(2)
if (reference === undefined) throw new Error('give the path of a Python 3.11, and of other Pythons')

const python = await Python.start(reference)
if (python.version[0] !== 3 || python.version[1] !== 11) throw new Error('the reference is CPython 3.11')

/** Protocols 2 and above without the two bytes of PROTO, so that equal ones stand together. */
const body = (pickle, protocol) => Buffer.from(protocol < 2 ? pickle : pickle.subarray(2))

/** P0, P01, P23, P4_: an underscore means "and above", as in og-rek's tests. */
const rangeName = (first, last) => (last === 5 && first < 5 ? `P${first}_` : `P${ALL.slice(first, last + 1).join('')}`)

function literal(bytes) {
  let text = ''
  for (const byte of bytes) {
    if (byte === 0x27 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`
    else if (byte === 0x0a) text += '\\n'
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte)
    else text += `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `'${text}'`
}

const lines = []
for (const row of ROWS.filter(({ core }) => core)) {
  const bodies = (await python.dumps(row.expr, ALL)).map(({ pickle }, protocol) => body(pickle, protocol))
  const ranges = []
  for (let first = 0; first < 6; ) {
    let last = first
    // PROTO begins at protocol 2, so a range does not go over that border.
    while (last < 5 && last !== 1 && bodies[last + 1].equals(bodies[first])) last++
    ranges.push(`${rangeName(first, last)}: ${literal(bodies[first])}`)
    first = last + 1
  }
  lines.push(`  ${literal(Buffer.from(row.expr))}: { ${ranges.join(', ')} },`)
}

const differences = []
for (const command of others) {
  const other = await Python.start(command)
  const version = other.version.slice(0, 2).join('.')
  if (version === '3.11') continue
  const rows = []
  // The order of a set of strings is the hashes', which differ by version.
  for (const row of ROWS.filter(({ except }) => except['hash-order'] === undefined)) {
    const [ours, theirs] = await Promise.all([python.dumps(row.expr, ALL), other.dumps(row.expr, ALL)])
    const protocols = ALL.filter((p) => {
      if ('error' in ours[p] || 'error' in theirs[p]) return !('error' in ours[p] && 'error' in theirs[p])
      return !Buffer.from(ours[p].pickle).equals(theirs[p].pickle)
    })
    if (protocols.length > 0) rows.push(`    ${literal(Buffer.from(row.expr))}: [${protocols.join(', ')}],`)
  }
  if (rows.length > 0) differences.push([version, rows])
  other.close()
}
python.close()
differences.sort(([a], [b]) => Number(a.slice(2)) - Number(b.slice(2)))

const target = fileURLToPath(new URL('../packages/pickle-core/test/rows.data.ts', import.meta.url))
writeFileSync(
  target,
  `/**
 * Made by \`scripts/generate-rows.mjs\` with CPython ${python.version.slice(0, 2).join('.')}; not typed by hand.
 *
 * Bytes of the core rows by protocol: P0 is protocol 0, P4_ is 4 and above. From protocol 2 on without PROTO, which differs.
 */
export const CORE_BYTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${lines.join('\n')}
}

/** Rows that other CPythons write otherwise than 3.11 does, and at which protocols. */
export const VERSION_DIFFERENCES: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
${differences.map(([version, rows]) => `  '${version}': {\n${rows.join('\n')}\n  },`).join('\n')}
}
`,
)
execFileSync(fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url)), ['format', '--write', target], {
  stdio: 'inherit',
})
