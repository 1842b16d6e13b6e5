// Runs one row of our code for some seconds and nothing else, for Node's profilers:
//
//     node --cpu-prof --cpu-prof-dir=/tmp/prof bench/profile.mjs records dumps 5
//     node --prof bench/profile.mjs plain loads
//
// A fourth argument names another subject (see --list). Make the data once with `npm run bench -- --list`.
import { twinOf } from './lib/data.mjs'
import { measure } from './lib/measure.mjs'
import { openSubject } from './lib/open.mjs'
import { time } from './lib/table.mjs'
import { build } from './lib/values.mjs'
import { selectRows } from './rows.mjs'

const [name, op, seconds = '5', id = 'ours'] = process.argv.slice(2)
if (name === undefined || (op !== 'dumps' && op !== 'loads')) {
  console.error('node profile.mjs ROW dumps|loads [seconds] [subject]')
  process.exit(1)
}
const [row] = selectRows(name)
const subject = await openSubject(id)
const text = twinOf(row.data)
const value = build(text, subject.kit)
const options = { warmMs: 300, measureMs: Number(seconds) * 1000 }
const { median, least, mean, calls } = op === 'dumps' ? profileDumps() : profileLoads()
console.log(`${row.name} ${op} ${id}: median ${time(median)}, least ${time(least)}, mean ${time(mean)}, ${calls} calls`)

function profileDumps() {
  const dump = subject.dumper(row)
  if (row.mode !== 'fresh') return measure(() => dump(value), options)
  return measure(dump, { ...options, setup: () => build(text, subject.kit) })
}

function profileLoads() {
  const load = subject.loader(row)
  const input = subject.input(row, value)
  return measure(() => load(input), options)
}
