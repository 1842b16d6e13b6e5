/** Random graphs, each of which CPython and TypeScript hand to each other. */
import { expect, test } from 'vitest'
import { Coverage } from './differential/coverage.ts'
import { fromPython } from './differential/from-python.ts'
import { openPython } from './open-python.ts'

const python = await openPython()
test('x', async () => {
  const tally = { outcomes: new Coverage(), coverage: new Coverage(), failures: [] as { seed: number; what: string }[] }
  const t = performance.now()
  await fromPython(python!, 0, Number(process.env['N'] ?? 1000), 250, tally)
  for (const n of (tally.outcomes as any).names()) console.log(tally.outcomes.get(n), n)
  console.log(performance.now() - t, 'ms', tally.outcomes, tally.failures.length)
  for (const f of tally.failures.slice(0, 12)) console.log(f.seed, f.what.slice(0, 1500))
  ;(await import('node:fs')).writeFileSync('/tmp/fail.json', JSON.stringify(tally.failures))
  expect(1).toBe(1)
}, 600000)
