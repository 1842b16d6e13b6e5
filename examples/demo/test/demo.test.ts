import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const python = process.env['PICKLE_TS_PYTHON']

interface Run {
  readonly status: number | null
  readonly output: string
  readonly verdicts: string
  /** The cells of the tables' lines, by title and protocol. */
  cells(title: string, protocol: string): string[]
}

function runDemo(...args: string[]): Run {
  const command = ['--conditions=@pickle-ts/source', '--no-warnings', MAIN, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  const cells = (title: string, protocol: string): string[] => {
    const lines = stdout.slice(stdout.indexOf(title)).split('\n')
    const line = lines.find((text) => text.startsWith(`  ${protocol}  `)) ?? ''
    return line.trim().split(/ {2,}/)
  }
  return { status, output: stdout, verdicts: stderr, cells }
}

function bytesIn(cell: string | undefined): number {
  const [amount = '', unit = ''] = (cell ?? '').split(' ')
  return Number(amount) * ({ B: 1, kB: 1e3, MB: 1e6 }[unit] ?? Number.NaN)
}

const ALLOCATED = 5
const SAME_MEMORY = 6

describe.skipIf(!python)('with Python (skipped where there is none)', () => {
  const size = 2 * 2 ** 20
  const run = python ? runDemo('--megabytes', '2') : undefined

  test('Python judges all three forms, and finds all as it should be', () => {
    expect(run?.verdicts.match(/all \d+ checks hold/g)).toHaveLength(3)
    expect(run?.output).toContain('All is as it should be.')
    expect(run?.status).toBe(0)
  })

  test.each(['loads', 'dumps'])('%s out of band allocates nothing for the buffers and shares them', (direction) => {
    const cells = run?.cells(`: ${direction}`, '5 out of band')
    expect(bytesIn(cells?.[ALLOCATED])).toBeLessThan(size / 10)
    expect(cells?.[SAME_MEMORY]).toBe('yes')
  })

  test.each(['4', '5 in band'])('dumps in protocol %s copies the buffers into the stream', (protocol) => {
    const cells = run?.cells(': dumps', protocol)
    expect(bytesIn(cells?.[ALLOCATED])).toBeGreaterThan(size)
    expect(cells?.[SAME_MEMORY]).toBe('no')
  })

  test.each([
    ['5 transferred', 'moved away'],
    ['5 shared', 'changed too'],
  ])('to a thread, %s: nothing is copied, and the memory was %s', (protocol, state) => {
    const cells = run?.cells('worker thread', protocol)
    expect(bytesIn(cells?.[3])).toBeLessThan(size / 10)
    expect(cells?.[4]).toBe(state)
    expect(cells?.[5]).toBe('yes')
  })

  test('the output fits 80 columns', () => {
    for (const line of `${run?.output}${run?.verdicts}`.split('\n').slice(1))
      expect(line.length).toBeLessThanOrEqual(80)
  })
})

test('without Python the golden files stand in, and the demo says so', () => {
  const run = runDemo('--no-python')
  expect(run.output).toContain('golden files that CPython wrote')
  expect(run.output).toContain('no Python is used')
  expect(run.output).toContain('All is as it should be.')
  expect(run.cells(': loads', '5 out of band')[SAME_MEMORY]).toBe('yes')
  expect(run.status).toBe(0)
})
