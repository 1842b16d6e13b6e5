// The time that this thread has had a core, in ns. On a busy machine that is a fraction of the time that has passed, and it is the part
// that tells something about the code.

const cell = new Int32Array(new SharedArrayBuffer(4))

export function cpuTime() {
  // Linux adds up a thread's time at each tick, 4 ms apart, and when the thread sleeps: so it sleeps for a moment.
  Atomics.wait(cell, 0, 0, 0.02)
  const { user, system } = process.threadCpuUsage()
  return 1000 * (user + system)
}
