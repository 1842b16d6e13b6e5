/** The benchmarks in their short modes, as a user runs them: they must measure, compare bytes, and write their JSON. No time is judged. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url))
const PAIRS = fileURLToPath(new URL('../pairs.mjs', import.meta.url))
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

// Many processes: on a busy machine that takes longer than usual.
const timeout = 120_000

describe.skipIf(!python)('npm run bench -- --quick', { timeout }, () => {
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

/** The ratios of one arm, as `--json` writes them. */
interface Line {
  readonly row: string
  readonly op: string
  readonly arm: string
  readonly ratios: readonly number[]
}

function pairs(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PAIRS, ...args], { encoding: 'utf8' })
}

describe('npm run pairs', { timeout }, () => {
  // The workers themselves compare bytes with CPython's, and see that a view is possible and none is there.
  test.skipIf(!python).each([['--arms'], ['--one-process', '--arms']])(
    'measures each arm beside the base: %s',
    (...options) => {
      const json = join(folder, 'pairs.json')
      const { status, stdout, stderr } = pairs(
        '--quick',
        '--pairs',
        '1',
        '--json',
        json,
        ...options,
        'plugins,callback',
      )
      expect(stderr).toBe('')
      expect(status).toBe(0)
      expect(stdout).toContain('Too short to judge.')
      const lines = JSON.parse(readFileSync(json, 'utf8')) as Line[]
      const arms = ['plain dumps plugins', 'plain dumps callback', 'tree dumps plugins', 'tree dumps callback']
      const names = lines.map(({ row, op, arm }) => `${row} ${op} ${arm}`)
      expect(names).toEqual([...arms, 'plain loads plugins', 'tree loads plugins'])
      for (const { ratios } of lines) {
        expect(ratios).toHaveLength(1)
        expect(ratios.every((ratio) => ratio > 0 && Number.isFinite(ratio))).toBe(true)
      }
    },
  )

  test.each([
    ['plugins', 1.029, 'ok', 0],
    ['plugins', 1.031, 'FAIL', 1],
    ['plugins', 0.9, 'ok', 0],
    ['again', 1.029, 'ok', 0],
    ['again', 0.96, 'NOISE', 1],
    ['again', 1.04, 'NOISE', 1],
  ])('a median of %s of %d is %s: exit %d', (arm, median, verdict, code) => {
    const json = join(folder, 'judged.json')
    // The median counts, and neither the mean nor the ends do.
    const ratios = [...Array(7).fill(0.5), median, ...Array(7).fill(9)]
    writeFileSync(json, JSON.stringify([{ row: 'plain', op: 'dumps', arm, ratios }]))
    const { status, stdout } = pairs('--from', json)
    expect(stdout).toMatch(
      new RegExp(`^plain +dumps +${arm} +${median.toFixed(3)} +0\\.500 to 9\\.000 +${verdict}$`, 'm'),
    )
    expect(status).toBe(code)
  })

  test('says what it does not know', () => {
    expect(pairs('--arms', 'none')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no arm 'none'. Arms: again"),
    })
    expect(pairs('--rows', 'sets').stderr).toBe("pairs: row 'sets' is for npm run bench alone\n")
  })
})
