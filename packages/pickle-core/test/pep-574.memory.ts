/**
 * Runs on its own, with `--expose-gc`, and prints how much array buffer memory each way of writing and reading takes, in units
 * of the payload. `pep-574.test.ts` reads the numbers.
 */
import { dumps, loads, PickleBuffer } from '@pickle-ts/pickle-core'

const SIZE = 32 * 1024 * 1024
const gc = (globalThis as { gc?: () => void }).gc as () => void

/** The array buffer memory in use. It is given back in the background, so this waits until it no longer changes. */
async function settled(): Promise<number> {
  let last = -1
  for (let same = 0; same < 3; ) {
    gc()
    await new Promise((resolve) => setTimeout(resolve, 5))
    const now = process.memoryUsage().arrayBuffers
    same = now === last ? same + 1 : 0
    last = now
  }
  return last
}

/** Growth while `work` runs, garbage included, and what stays of it. */
async function grown(work: () => unknown): Promise<{ readonly during: number; readonly kept: number }> {
  const before = await settled()
  const result = work()
  const during = process.memoryUsage().arrayBuffers - before
  const kept = (await settled()) - before
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
    outOfBandDumps: await grown(() => dumps([new PickleBuffer(memory)], { bufferCallback: [] })),
    outOfBandLoads: await grown(() => loads(outOfBand, { buffers })),
    inBandDumps: await grown(() => dumps([new PickleBuffer(memory)])),
    inBandLoads: await grown(() => loads(inBand)),
    // Both are kept, so that no collection hides the copy.
    protocol4Dumps: await grown(() => {
      const copy = Uint8Array.from(memory)
      return [copy, dumps([copy], { protocol: 4 })]
    }),
  }),
)
