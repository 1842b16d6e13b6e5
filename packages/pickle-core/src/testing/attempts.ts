/** Loads of what nobody trusts: each ends in a value or a PickleError, in bounded memory, and changes nothing else. */
import { isPickleError } from '../errors.ts'
import { bytesRepr } from '../inspect/python-repr.ts'
import type { LoadOptions } from '../read/load-options.ts'
import { isAccident } from './accident.ts'
import { CheckFailure } from './check-failure.ts'
import { snapshotOf, withArticle } from './difference.ts'
import { memoryInUse } from './host.ts'
import { Intrinsics } from './intrinsics.ts'
import { Prototypes } from './prototypes.ts'
import type { Sample } from './sample.ts'
import { type Form, MAPPINGS, type Subject, sampleText, sampleValue } from './subject.ts'

const AUTO: Form = { protocol: 'auto', outOfBand: false }

/** What an attempt is, for its message. */
interface Attempt {
  /** What was done, and to what. */
  readonly what: string
  /** The class whose object must come out, if one does. */
  readonly type?: (abstract new (...args: never[]) => unknown) | undefined
  /** What in the plugin to change; made only where it is needed. */
  change(): string
}

/** A pickle that loads, and what it is then. */
interface Good {
  readonly sample: Sample
  readonly pickle: Uint8Array
  readonly before: readonly string[]
}

export class Attempts {
  /** How many loads there were. */
  count = 0
  readonly #subject: Subject
  readonly #maxMemory: number
  readonly #intrinsics: Intrinsics = new Intrinsics()
  readonly #prototypes: Prototypes
  readonly #good: readonly Good[]

  /** @param maxMemory bytes that one load may take. */
  constructor(subject: Subject, maxMemory: number) {
    this.#subject = subject
    this.#maxMemory = maxMemory
    this.#prototypes = new Prototypes(subject.plugins)
    this.#good = goodPickles(subject)
  }

  /** Loads it under both mappings. */
  load(pickle: Uint8Array, attempt: Attempt, options: LoadOptions = {}): void {
    for (const mapping of MAPPINGS)
      this.#loadOnce(pickle, { ...attempt, what: `${attempt.what}, mapping '${mapping}'` }, { ...options, mapping })
  }

  #loadOnce(pickle: Uint8Array, { what, type, change: changeOf }: Attempt, options: LoadOptions): void {
    this.count++
    const fail = (expected: string, found: string, advice: string, cause?: unknown): never => {
      const input = `the input: ${literal(pickle)}${options.buffers === undefined ? '' : ', and buffers'}`
      throw new CheckFailure(what, { expected, found: `${found}\n${input}`, change: advice, cause })
    }
    const before = memoryInUse()
    let value: unknown
    let error: unknown
    try {
      value = this.#subject.pickle.loads(pickle, options)
    } catch (thrown) {
      error = thrown
    }
    const used = memoryInUse() - before
    const added = this.#prototypes.restore()
    if (added !== undefined) {
      fail('no input changes a prototype', added, `${PROTOTYPE_CHANGE}\n${changeOf()}`)
    }
    if (used > this.#maxMemory) {
      this.#subject.isGreedy = true
      fail(
        `a load of ${pickle.length} bytes takes at most ${mib(this.#maxMemory)}`,
        `it took ${mib(used)}`,
        `a number in a file is no reason to allocate: compare it with the bytes that are there, or ctx.budget.spend(n) first.\n${changeOf()}`,
      )
    }
    if (error !== undefined) this.#judge(error, changeOf, fail)
    else if (type !== undefined && typeof value === 'object' && value !== null && !(value instanceof type)) {
      fail(`what loads is ${withArticle(type.name)}`, 'it has another prototype', `${PROTOTYPE_CHANGE}\n${changeOf()}`)
    }
  }

  #judge(
    error: unknown,
    changeOf: () => string,
    fail: (expected: string, found: string, advice: string, cause: unknown) => never,
  ): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    if (!isPickleError(error)) {
      fail('a value, or a PickleError', text, changeOf(), error)
      return
    }
    // What a plugin throws arrives as the cause, and may have one itself.
    for (let { cause } = error; cause instanceof Error; cause = cause.cause) {
      if (!isAccident(cause)) continue
      fail('an error of the plugin or of the codec, which says what is wrong with the input', text, changeOf(), error)
    }
  }

  /** After all of them: the language is as it was, and good pickles load. */
  finish(what: string): void {
    const [changed] = this.#intrinsics.changes()
    if (changed !== undefined) {
      throw new CheckFailure(what, {
        expected: 'no input changes the language',
        found: `${changed} is not as it was`,
        change: PROTOTYPE_CHANGE,
      })
    }
    for (const { sample, pickle, before } of this.#good) {
      const where = `${what}, and then ${sampleText(sample)}`
      const found = firstChange(
        before,
        snapshotOf(this.#subject.read({ pickle, buffers: undefined }, 'native', AUTO, where)),
      )
      if (found === undefined) continue
      throw new CheckFailure(where, {
        expected: 'a good pickle loads as before',
        found,
        change: 'a plugin keeps nothing between calls: what a failed load left behind is in the way of the next',
      })
    }
  }
}

/** Good pickles, and what they load as; those that do not load are for the round trip to tell. */
function goodPickles(subject: Subject): Good[] {
  return subject.samples.flatMap((sample) => {
    try {
      const { pickle } = subject.write(sampleValue(sample), AUTO, '')
      return [{ sample, pickle, before: snapshotOf(subject.pickle.loads(pickle)) }]
    } catch {
      return []
    }
  })
}

function firstChange(before: readonly string[], after: readonly string[]): string | undefined {
  const index = before.findIndex((line, i) => line !== after[i])
  return index < 0 ? undefined : `${after[index]}, where ${before[index]}`
}

const PROTOTYPE_CHANGE =
  "never write to o[key] with a key out of a file: name the fields, o.x = ctx.check.float(state.get('x'), 'x'), or use a Map"

/** A pickle, to be pasted into Python. */
function literal(pickle: Uint8Array): string {
  const shown = pickle.subarray(0, 1_000)
  return `${bytesRepr(shown, false)}${shown.length < pickle.length ? ` and ${pickle.length - shown.length} more bytes` : ''}`
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`
}
