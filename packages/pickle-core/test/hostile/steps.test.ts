/**
 * Work is bounded: a load takes at most 64 steps for each byte of its input, and 10,000. Steps are counted, not timed: every round of
 * a loop and every call, in an instrumented copy of the sources, and what the language's own functions copy and search.
 */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Worst } from './fuzz/step-meter.ts'

const ROOT = path.resolve(import.meta.dirname, '../../../..')

/** Runs a script on the counting copy; gives the lines that it prints. */
function counting(script: string, ...args: readonly string[]): string[] {
  const hook = path.join(ROOT, 'scripts/instrument/hook.mjs')
  const options = ['--no-warnings', '--max-old-space-size=1024', '--conditions=@pickle-ts/source', '--import', hook]
  const env = { ...process.env, PICKLE_TS_INSTRUMENT: 'steps' }
  const output = execFileSync(process.execPath, [...options, path.join(ROOT, script), ...args], {
    env,
    encoding: 'utf8',
  })
  return output.trim().split('\n')
}

function fuzzed(...args: readonly string[]): Worst {
  const [line] = counting('scripts/fuzz.mjs', '--json', '--seed', '11', ...args)
  return (JSON.parse(line as string) as { steps: { loads: Worst } }).steps.loads
}

describe('steps of a load', { timeout: 120_000 }, () => {
  test('of changed pickles', () => {
    let worst = fuzzed('--count', '30000')
    console.log(
      `changed pickles: at most ${worst.share.toFixed(2)} of the bound (${worst.steps} steps, ${worst.bytes} bytes)`,
    )
    expect(worst.steps).toBeGreaterThan(1000)
    // What comes out slow may pay for what the one before it left: it is run again alone.
    if (worst.share > 1) worst = fuzzed('--from', String(worst.index), '--count', '1')
    expect(worst.share).toBeLessThanOrEqual(1)
  })

  test('of bombs', () => {
    const results = counting('packages/pickle-core/test/hostile/bombs/count-steps.ts').map(
      (line) => JSON.parse(line) as { name: string; outcome: string; bytes: number; steps: number; share: number },
    )
    const worst = results.toSorted((a, b) => b.share - a.share).slice(0, 3)
    console.log(
      worst.map(({ name, bytes, share }) => `${name} (${bytes} bytes): ${share.toFixed(2)} of the bound`).join('; '),
    )
    expect(results.length).toBeGreaterThan(400)
    expect(results.filter(({ outcome }) => outcome === 'value').length).toBeGreaterThan(200)
    expect(results.filter(({ share }) => share > 1)).toEqual([])
  })
})
