import type { Limits, PickleError } from '@pickle-ts/pickle-core'
import { type GlobalFound, globalsIn } from '@pickle-ts/pickle-core/inspect'

/** What a file asks for. */
export interface Scan {
  /** The classes and functions, each once for every pickle in the file. */
  readonly globals: readonly GlobalFound[]
  /** Why the file cannot be read to its end. What comes after is not in the list, and Python may read on: refuse such a file. */
  readonly error: PickleError | undefined
}

/** Lists what the pickles of a file ask for. Nothing is looked up. A second pickle behind the first is a place to hide in. */
export function scan(bytes: Uint8Array, limits: Partial<Limits>): Scan {
  const globals: GlobalFound[] = []
  for (let start = 0; start < bytes.length; ) {
    const found = globalsIn(bytes, { start, limits })
    globals.push(...found.globals)
    if (found.error !== undefined) return { globals, error: found.error }
    start = found.end
  }
  return { globals, error: undefined }
}
