// One fresh Node process of `npm run pairs`: warms one or more arms of a row, and measures a turn of one of them when it is told to.
// A turn is a fixed number of calls, after a garbage collection.
import { openArm } from '../lib/arms.mjs'
import { cpuTime } from '../lib/cpu-time.mjs'
import { pickleOf, twinOf } from '../lib/data.mjs'
import { sink } from '../lib/measure.mjs'
import { build } from '../lib/values.mjs'
import { selectRows } from '../rows.mjs'

const { row: name, op, arms: ids, warmMs, warmCalls } = JSON.parse(process.argv[2])
const [row] = selectRows(name)
const arms = []
for (const id of ids) {
  const { kit, dump, load, check } = await openArm(id, row)
  // Objects of its own: a codec must not find what another one has left in them.
  const value = build(twinOf(row.data), kit)
  const input = pickleOf(row.data)
  arms.push({ id, call: op === 'dumps' ? () => dump(value) : () => load(input), check: () => check(value) })
}

/** CPU time of one call in ns, of `calls` calls in a row. */
function turn({ call }, calls) {
  globalThis.gc()
  const start = cpuTime()
  for (let i = 0; i < calls; i++) sink.last = call()
  return (cpuTime() - start) / calls
}

/** All arms by turns, so that none is measured while V8 still knows only the others. Gives the least time of a call, of batches of 1 ms. */
function warm() {
  const begin = cpuTime()
  let least = Number.POSITIVE_INFINITY
  let batch = 1
  for (let done = 0; done < warmCalls || cpuTime() - begin < warmMs * 1e6 * arms.length; done += batch) {
    for (const { call } of arms) {
      const start = cpuTime()
      for (let i = 0; i < batch; i++) sink.last = call()
      const took = cpuTime() - start
      if (took < 1e6) batch *= 2
      else least = Math.min(least, took / batch)
    }
  }
  return least
}

process.on('message', ({ what, arm: id, calls }) => {
  const arm = arms.find((it) => it.id === id)
  if (what === 'turn') process.send({ ns: turn(arm, calls) })
  if (what === 'check') {
    for (const it of arms) it.check()
    process.send({ checked: true })
  }
})
process.send({ ns: warm() })
