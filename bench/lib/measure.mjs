// The timing loop for JavaScript. workers/cpython.py has the same loop in Python: change both.

/** The last result is kept here, so that no call can be thought to be unused. */
export const sink = { last: undefined, spin: undefined }

/** V8 takes about 10 calls of a row of 20,000 records to settle, however long they last. CPython takes none. */
const WARM_CALLS = 15

/**
 * Calls `call` until the JIT is warm, then takes samples. A sample is a batch of calls that
 * takes 2 ms or more; its figure is the time of one call. With `setup`, a sample is one call,
 * and `setup` runs before it, outside the clock.
 * @param {(argument: unknown) => unknown} call
 * @param {{ warmMs: number, measureMs: number, setup?: () => unknown }} options
 */
export function measure(call, { warmMs, measureMs, setup }) {
  const timeOf = (count) => {
    const argument = setup?.()
    const start = process.hrtime.bigint()
    for (let i = 0; i < count; i++) sink.last = call(argument)
    return Number(process.hrtime.bigint() - start)
  }

  let batch = 1
  const warmEnd = performance.now() + warmMs
  for (let i = 0; i < WARM_CALLS || performance.now() < warmEnd; i++) {
    const ns = timeOf(batch)
    if (setup === undefined && ns < 2e6) batch = Math.min(batch * 2, Math.ceil((batch * 2.2e6) / Math.max(ns, 1)))
  }

  const before = spin()
  const samples = []
  let total = 0
  const end = performance.now() + measureMs
  while (samples.length < 9 || performance.now() < end) {
    const ns = timeOf(batch)
    samples.push(ns / batch)
    total += ns
  }
  const disturbance = Math.max(before, spin())
  samples.sort((a, b) => a - b)
  const calls = samples.length * batch
  return { median: samples[samples.length >> 1], least: samples[0], mean: total / calls, calls, spin: disturbance }
}

/** The time of a fixed piece of work, in ns. When it takes longer than usual, somebody else is using the machine. */
function spin() {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 6; i++) least = Math.min(least, spinOnce())
  return least
}

function spinOnce() {
  const start = process.hrtime.bigint()
  const cells = new Int32Array(1024)
  let hash = 1
  for (let i = 0; i < 600_000; i++) {
    hash = Math.imul(hash ^ i, 0x9e3779b1)
    cells[hash & 1023] += hash >>> 7
  }
  sink.spin = cells
  return Number(process.hrtime.bigint() - start)
}
