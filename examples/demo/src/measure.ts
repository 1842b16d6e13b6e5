import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
export const collectGarbage = runInNewContext('gc') as () => void

/** What one call cost. */
export interface Measured<T> {
  readonly result: T
  /** The median of all runs. */
  readonly milliseconds: number
  /**
   * By how much the memory of all ArrayBuffers grew in the call, as Node counts it. The code under test has no say in
   * it: a copy of a buffer needs memory, and shows.
   */
  readonly allocated: number
}

const RUNS = 5

/** Calls a pure function a few times, each time after a garbage collection. */
export function measure<T>(call: () => T): Measured<T> {
  const times: number[] = []
  let allocated = 0
  let result: T
  do {
    result = undefined as T // The memory of the run before can go.
    collectGarbage()
    const before = arrayBufferBytes()
    const start = performance.now()
    result = call()
    times.push(performance.now() - start)
    allocated = Math.max(allocated, arrayBufferBytes() - before)
  } while (times.length < RUNS)
  return { result, milliseconds: median(times), allocated }
}

export function arrayBufferBytes(): number {
  return process.memoryUsage().arrayBuffers
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}
