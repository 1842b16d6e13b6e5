import { CORE_REGISTRY } from '../registry/core-registry.ts'
import type { DumpOptions } from './dump-options.ts'
import { PickleWriter } from './pickle-writer.ts'

/** Takes the bytes of each pickle, as a file does. */
export interface PickleSink {
  write(chunk: Uint8Array): unknown
}

/**
 * Writes several pickles with one memo: what an earlier dump wrote is only referred to by a later one, so an Unpickler with
 * `memo: 'shared'` must read them in order. Each dump is an independent pickle after {@link clearMemo}.
 *
 * @example
 * ```ts
 * import { Pickler, Unpickler } from '@pickle-ts/pickle-core'
 * const chunks: Uint8Array[] = []
 * const pickler = new Pickler({ write: (chunk) => chunks.push(chunk) })
 * const shared = ['large']
 * pickler.dump(shared)
 * pickler.dump([shared]) // a reference
 * ```
 */
export class Pickler {
  readonly #writer: PickleWriter
  readonly #sink: PickleSink | undefined

  /** @throws {@link PicklingError} `option`. */
  constructor(sink?: PickleSink, options: DumpOptions = {}) {
    this.#writer = new PickleWriter(CORE_REGISTRY, true)
    this.#writer.configure(options)
    this.#sink = sink
  }

  /**
   * Writes a value; the bytes go to the sink, if there is one, when the dump is complete, and are returned.
   *
   * @throws {@link PicklingError}, {@link ReducerError}; after one, `closed` until {@link clearMemo}.
   */
  dump(value: unknown): Uint8Array {
    const pickle = this.#writer.dump(value)
    this.#sink?.write(pickle)
    return pickle
  }

  /**
   * Forgets what was written: the next pickle stands alone.
   *
   * @throws {@link PicklingError} `busy` in the middle of a dump.
   */
  clearMemo(): void {
    this.#writer.clearMemo()
  }
}
