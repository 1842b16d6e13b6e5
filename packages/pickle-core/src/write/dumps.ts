import { CORE_REGISTRY } from '../registry/core-registry.ts'
import type { LookUp } from '../registry/look-up.ts'
import type { DumpOptions } from './dump-options.ts'
import { PickleWriter } from './pickle-writer.ts'

/** Writes a value as a pickle. */
export type Dumps = (value: unknown, options?: DumpOptions) => Uint8Array

const NO_OPTIONS: DumpOptions = {}

/**
 * A `dumps` function for one registry. It keeps one idle writer, because buffers and tables cost more than a small dump;
 * a dump that runs inside another one, from a reducer, gets a writer of its own.
 */
export function createDumps(registry: LookUp): Dumps {
  let idle: PickleWriter | undefined
  return (value, options = NO_OPTIONS) => {
    const writer = idle ?? new PickleWriter(registry)
    idle = undefined
    writer.configure(options)
    try {
      return writer.dump(value)
    } finally {
      // Nothing of this dump is kept: neither its values nor its callbacks.
      writer.clearMemo()
      writer.releaseOptions()
      idle = writer
    }
  }
}

/**
 * Writes a value as a pickle, self-contained unless `bufferCallback` takes buffers out of it.
 *
 * @throws {@link PicklingError} with the path of what cannot be written; {@link ReducerError} where a reducer threw.
 */
export const dumps: Dumps = /* @__PURE__ */ createDumps(CORE_REGISTRY)
