/** The benchmark in its short mode, as a user runs it: it must measure, compare bytes, and write its JSON. No time is judged. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url))
const python = process.env['PICKLE_TS_PYTHON']
const folder = mkdtempSync(join(tmpdir(), 'pickle-ts-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

if (!python) console.warn('skipped: the benchmark; without a CPython there is nothing to compare with')

interface Report {
  readonly comparisons: readonly { readonly op: string; readonly rows: readonly { ratioC: number }[] }[]
  readonly figures: readonly {
    readonly row: string
    readonly op: string
    readonly subject: string
    /** Absent where the subject has no form for the value. */
    readonly ns?: number
    readonly check?: string
    readonly failure?: string
  }[]
}

function bench(...args: string[]): { output: string; report: Report } {
  const json = join(folder, 'report.json')
  const command = [
    RUN,
    '--quick',
    '--rounds',
    '1',
    '--any-machine',
    '--pythons',
    python as string,
    '--json',
    json,
    ...args,
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return { output: stdout, report: JSON.parse(readFileSync(json, 'utf8')) }
}

describe.skipIf(!python)('npm run bench -- --quick', () => {
  test('compares ours with CPython, byte for byte, in both directions', () => {
    const rows = ['plain', 'tree', 'sets', 'oob1k']
    const { output, report } = bench('--rows', rows.join(), '--subjects', 'ours,c')
    for (const op of ['dumps', 'loads']) {
      const ours = report.figures.filter((figure) => figure.subject === 'ours' && figure.op === op)
      expect(ours.map(({ row, check }) => `${row} ${check}`)).toEqual(rows.map((row) => `${row} same`))
      const ratios = report.comparisons.find((comparison) => comparison.op === op)?.rows.map(({ ratioC }) => ratioC)
      expect(ratios).toHaveLength(rows.length)
      expect(ratios?.every((ratio) => ratio > 0 && Number.isFinite(ratio))).toBe(true)
    }
    expect(output).toMatch(/^dumps +ours +\/ C/m)
    expect(output).not.toMatch(/^(DIFF|failed)/m)
  })

  test('measures every peer on what it has a form for', () => {
    const { report } = bench('--rows', 'list,bytes64k', '--only', 'loads')
    const peersOf = (row: string): string[] =>
      report.figures
        .filter((figure) => figure.row === row && (figure.ns ?? 0) > 0 && !/^3\./.test(figure.subject))
        .map(({ subject }) => subject)
        .sort()
    expect(peersOf('list')).toEqual(['clone', 'json', 'msgpackr', 'ours', 'pparser', 'v8'])
    expect(peersOf('bytes64k')).toEqual(['clone', 'copy', 'msgpackr', 'ours', 'pparser', 'v8'])
  })
})
