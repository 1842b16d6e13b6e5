import { unpicklingError } from '../errors.ts'
import { CORE_REGISTRY } from '../registry/core-registry.ts'
import { execute } from './execute.ts'
import { inputBytes, type PickleInput } from './input.ts'
import { failOption, type LoadOptions, resolveLoadOptions } from './load-options.ts'
import { LoadCache, Machine } from './machine.ts'
import { PickleScanner, type PickleSource } from './pickle-source.ts'

/** Options of an {@link Unpickler}. `trailing` means nothing here: what follows a pickle is left for the next `load`. */
export interface UnpicklerOptions extends LoadOptions {
  /** `'shared'` keeps the memo from one pickle to the next, as one Pickler writes them. Default: each has its own. */
  readonly memo?: 'own' | 'shared' | undefined
}

/**
 * Reads pickles one after the other, from memory or from a source.
 *
 * All share one iterable of `buffers`. After an error its position is not known, and it reads no more.
 *
 * @throws UnpicklingError, with all its codes; `busy` for a load inside a load, `closed` after one that failed.
 *
 * @example
 * ```ts
 * import { dumps, Unpickler } from '@pickle-ts/pickle-core'
 * const unpickler = new Unpickler(new Uint8Array([...dumps(1), ...dumps(2)]))
 * while (!unpickler.atEnd) console.log(unpickler.load())
 * ```
 */
export class Unpickler {
  readonly #machine: Machine
  readonly #scanner: PickleScanner | undefined
  readonly #keepMemo: boolean
  #state: 'ready' | 'busy' | 'closed' = 'ready'

  constructor(source: PickleInput | PickleSource, options: UnpicklerOptions = {}) {
    const settings = resolveLoadOptions(options, CORE_REGISTRY)
    const { memo } = options
    if (memo !== undefined && memo !== 'own' && memo !== 'shared') failOption('memo must be one of own, shared')
    this.#keepMemo = memo === 'shared'
    if (isSource(source)) {
      this.#scanner = new PickleScanner(source, settings.limits.maxBytes)
      this.#machine = new Machine(settings, new LoadCache(), new Uint8Array(0), 0)
    } else this.#machine = new Machine(settings, new LoadCache(), inputBytes(source), 0)
  }

  /** Where the next pickle begins, in bytes from where the first one did. */
  get offset(): number {
    const { origin, pos } = this.#machine
    return origin + pos
  }

  /** Whether nothing is left. A source is asked for one byte. */
  get atEnd(): boolean {
    this.#failUnlessReady()
    return this.#run(() => this.#scanner?.atEnd ?? this.#machine.pos >= this.#machine.inputEnd)
  }

  /** The value of the next pickle. */
  load<T = unknown>(): T {
    this.#failUnlessReady()
    return this.#run(() => {
      const machine = this.#machine
      if (this.#scanner !== undefined) {
        const bytes = this.#scanner.next()
        machine.setInput(bytes, this.#scanner.origin)
      } else machine.checkInput(machine.pos)
      machine.begin(this.#keepMemo)
      return execute(machine) as T
    })
  }

  /** Forgets the memo; with `memo: 'shared'` that is how a Pickler's `clearMemo` is followed. */
  clearMemo(): void {
    this.#failUnlessReady()
    this.#machine.clearMemo()
  }

  #failUnlessReady(): void {
    if (this.#state !== 'ready') throw unpicklingError(this.#state, undefined, -1)
  }

  #run<T>(work: () => T): T {
    this.#state = 'busy'
    let done = false
    try {
      const result = work()
      done = true
      return result
    } finally {
      this.#state = done ? 'ready' : 'closed'
      if (!done || !this.#keepMemo) this.#machine.clearMemo()
    }
  }
}

function isSource(source: PickleInput | PickleSource): source is PickleSource {
  return typeof source === 'object' && source !== null && !ArrayBuffer.isView(source) && 'read' in source
}
