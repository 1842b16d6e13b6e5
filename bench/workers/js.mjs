// One fresh Node process: measures one subject on one row in one direction, and prints a line of JSON.
import { twinOf } from '../lib/data.mjs'
import { measure, sink } from '../lib/measure.mjs'
import { openSubject } from '../lib/open.mjs'
import { build, Unsupported } from '../lib/values.mjs'
import { ROWS } from '../rows.mjs'

const spec = JSON.parse(process.argv[2])

async function time() {
  const row = ROWS.find((r) => r.name === spec.row)
  const subject = await openSubject(spec.subject, spec.entry)
  const text = twinOf(row.data)
  const value = build(text, subject.kit)
  // The check runs after the clock: it may use code that the measured loop does not.
  const check = () => (spec.check ? subject.check(row, spec.op, value) : undefined)
  if (spec.op === 'loads') {
    const input = subject.input(row, value)
    const load = subject.loader(row)
    return { ...measure(() => load(input), spec), check: check() }
  }
  const dump = subject.dumper(row)
  const call = row.mode === 'fresh' ? dump : () => dump(value)
  const setup = row.mode === 'fresh' ? () => build(text, subject.kit) : undefined
  const figures = measure(call, { ...spec, setup })
  return { ...figures, size: sink.last.length, check: check() }
}

/** Bytes that the loaded values hold: the heap and array buffers, after garbage collection. */
async function kept() {
  const subject = await openSubject(spec.subject, spec.entry)
  const row = { name: spec.data, data: spec.data, mode: spec.exact ? 'exact' : 'value' }
  let value = build(twinOf(spec.data), subject.kit)
  const input = subject.input(row, value)
  value = undefined
  const load = subject.loader(row)
  const used = () => {
    globalThis.gc()
    globalThis.gc()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  for (let i = 0; i < 20; i++) sink.last = load(input)
  sink.last = undefined
  const values = new Array(spec.times).fill(undefined)
  const before = used()
  for (let i = 0; i < spec.times; i++) values[i] = load(input)
  const after = used()
  sink.last = values
  return { kept: (after - before) / spec.times }
}

try {
  console.log(JSON.stringify(spec.op === 'kept' ? await kept() : await time()))
} catch (error) {
  if (!(error instanceof Unsupported)) throw error
  console.log(JSON.stringify({ unsupported: error.message }))
}
