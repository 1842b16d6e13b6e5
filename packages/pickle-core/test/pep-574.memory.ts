/**
 * Runs on its own, with `--expose-gc`, and prints how much array buffer memory each way of writing and reading takes, in units
 * of the payload. `pep-574.test.ts` reads the numbers.
 */
import { dumps, loads, PickleBuffer } from '@pickle-ts/pickle-core'

const SIZE = 32 * 1024 * 1024
const collect = (globalThis as { gc?: () => void }).gc as () => void

/** Growth while `work` runs, garbage included, and what stays of it. */
function grown(work: () => unknown): { readonly during: number; readonly kept: number } {
  collect()
  const before = process.memoryUsage().arrayBuffers
  const result = work()
  const during = process.memoryUsage().arrayBuffers - before
  collect()
  const kept = process.memoryUsage().arrayBuffers - before
  // The result is alive until here.
  if (result === undefined) throw new Error('no result')
  return { during: during / SIZE, kept: kept / SIZE }
}

const memory = new Uint8Array(SIZE).fill(7)
const buffers: PickleBuffer[] = []
const outOfBand = dumps([new PickleBuffer(memory)], { bufferCallback: buffers })
const inBand = dumps([new PickleBuffer(memory)])

console.log(
  JSON.stringify({
    outOfBandDumps: grown(() => dumps([new PickleBuffer(memory)], { bufferCallback: [] })),
    outOfBandLoads: grown(() => loads(outOfBand, { buffers })),
    inBandDumps: grown(() => dumps([new PickleBuffer(memory)])),
    inBandLoads: grown(() => loads(inBand)),
    // Both are kept, so that no collection hides the copy.
    protocol4Dumps: grown(() => {
      const copy = Uint8Array.from(memory)
      return [copy, dumps([copy], { protocol: 4 })]
    }),
  }),
)
