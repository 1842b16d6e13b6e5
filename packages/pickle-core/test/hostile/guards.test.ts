/** Every guard that the sources hold is reached by a vector; `npm run guards` also removes each of them. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const instrument = path.resolve(import.meta.dirname, '../../../../scripts/instrument')

test('every guard is reached', { timeout: 60_000 }, () => {
  const output = execFileSync(
    process.execPath,
    [
      '--no-warnings',
      '--conditions=@pickle-ts/source',
      '--import',
      path.join(instrument, 'hook.mjs'),
      path.join(instrument, 'run-vectors.mjs'),
    ],
    { env: { ...process.env, PICKLE_TS_INSTRUMENT: 'guards' }, encoding: 'utf8', maxBuffer: 1 << 26 },
  )
  const lines = output
    .trim()
    .split('\n')
    .map((line): { broken?: string; reached?: { where: string; vectors: number }[] } => JSON.parse(line))
  expect(lines.flatMap(({ broken }) => broken ?? [])).toEqual([])
  const reached = lines.flatMap((line) => line.reached ?? [])
  console.log(`${reached.length} guards in the sources`)
  expect(reached.length).toBeGreaterThan(290)
  expect(reached.filter(({ vectors }) => vectors === 0)).toEqual([])
})
