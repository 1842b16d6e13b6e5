/** A hostile vector: something to run, and what must come of it. */
import { PickleError } from '../../../src/errors.ts'
import type { LoadOptions } from '../../../src/read/load-options.ts'
import { type Loads, loads } from '../../../src/read/loads.ts'
import { bytes } from '../../pickle-bytes.ts'

export interface Vector {
  readonly name: string
  run(): unknown
  /**
   * `value`; or the code of the error, with `@` and where it is: the offset of the opcode in a pickle, the path in a value that
   * is dumped. Without `@` the error comes from the caller and has no place.
   */
  readonly expected: string
}

/** What is expected, the pickle, and the options if there are any. */
export type Row = readonly [expected: string, pickle: string | Uint8Array, options?: LoadOptions]

/** Vectors that load these pickles. */
export function loadVectors(topic: string, rows: readonly Row[], read: Loads = loads): Vector[] {
  return rows.map(([expected, pickle, options]) => {
    const input = typeof pickle === 'string' ? bytes(pickle) : pickle
    const name = `${topic}: ${JSON.stringify(typeof pickle === 'string' ? pickle.slice(0, 60) : [...input.slice(0, 20)])}`
    return { name, run: () => read(input, options), expected }
  })
}

/** What a vector does, as {@link Vector.expected} says it. Whatever is thrown that is no PickleError is thrown on. */
export function outcomeOf({ run }: Vector): string {
  try {
    run()
    return 'value'
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    const { code, offset = -1, path, where } = error as PickleError & { offset?: number; path?: string; where?: string }
    const place = offset >= 0 ? offset : (path ?? where ?? '')
    return place === '' ? code : `${code}@${place}`
  }
}
