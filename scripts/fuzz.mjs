// Changes good pickles, and loads what comes of it: `npm run fuzz -- --count 5000000 --seed 7`.
// With `--from` it begins at that number: what failed once can be run again alone. Under instrument/hook.mjs it counts steps, too.

import { parseArgs } from 'node:util'
import { fuzz } from '../packages/pickle-core/test/hostile/fuzz/run.ts'
import { StepMeter } from '../packages/pickle-core/test/hostile/fuzz/step-meter.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_007) },
    count: { type: 'string', default: '5000000' },
    from: { type: 'string', default: '0' },
    time: { type: 'string', default: 'Infinity' },
    json: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const meter = '__steps' in globalThis ? new StepMeter(globalThis.__steps) : undefined
if (!values.json) console.log(`seed ${seed}`)
const report = fuzz({
  seed,
  count: Number(values.count),
  from: Number(values.from),
  time: Number(values.time) * 1000,
  meter,
})
if (values.json) console.log(JSON.stringify({ ...report, steps: meter?.worst }))
else {
  const percent = (part, whole) => `${Math.round((100 * part) / Math.max(1, whole))} %`
  for (const [name, { count, loaded, dumped }] of Object.entries(report.classes)) {
    console.log(
      `${name.padEnd(12)} ${count} loaded ${percent(loaded, count)}, of these dumped ${percent(dumped, loaded)}`,
    )
  }
  console.log(
    Object.entries(report.codes)
      .sort(([, a], [, b]) => b - a)
      .map((entry) => entry.join(' '))
      .join(', '),
  )
  for (const [what, { share, index, steps, bytes }] of Object.entries(meter?.worst ?? {})) {
    console.log(
      `${what}: at most ${share.toFixed(2)} of the bound, ${steps} steps for ${bytes} bytes (--from ${index})`,
    )
  }
  console.log(
    `${report.count} changed pickles: values and PickleErrors, nothing else; ${report.watched} objects of the language unchanged`,
  )
}
