/** Seeded changes to good pickles, loaded with every combination of options: a value or a PickleError comes of each. */
import { isDeepStrictEqual } from 'node:util'
import { PickleError } from '../../../src/errors.ts'
import type { LoadOptions } from '../../../src/read/load-options.ts'
import { loads } from '../../../src/read/loads.ts'
import { Unpickler } from '../../../src/read/unpickler.ts'
import { dumps } from '../../../src/write/dumps.ts'
import { Intrinsics } from '../intrinsics.ts'
import { Random } from '../random.ts'
import { appLoads } from '../vectors/app.ts'
import { corpus } from './corpus.ts'
import { MUTATIONS, mutate } from './mutations.ts'
import { FRAME, parseOps } from './ops.ts'
import { withoutStacks } from './without-stacks.ts'

/** Measures what a load or a dump takes. */
export interface Meter {
  begin(): void
  end(what: 'loads' | 'dumps', pickle: Uint8Array, index: number): void
}

export interface FuzzOptions {
  readonly seed: number
  /** How many changed pickles. */
  readonly count: number
  /** The number of the first: with the seed it names the pickle. */
  readonly from?: number
  /** Stops after this many milliseconds. */
  readonly time?: number
  /** Called before and after each load and each dump. */
  readonly meter?: Meter
}

export interface FuzzReport {
  readonly count: number
  /** By class: how many, how many of them still loaded, how many of these were dumped. */
  readonly classes: Readonly<Record<string, { count: number; loaded: number; dumped: number }>>
  /** By code of the error. */
  readonly codes: Readonly<Record<string, number>>
  /** How many objects of the language were watched. */
  readonly watched: number
}

/** Something that must not happen, with what makes it happen again. */
class FuzzFailure extends Error {
  constructor(what: string, seed: number, index: number, pickle: Uint8Array, cause?: unknown) {
    const hex = Buffer.from(pickle.subarray(0, 2000)).toString('hex')
    super(`${what}\nagain: npm run fuzz -- --seed ${seed} --from ${index} --count 1\npickle: ${hex}`, { cause })
    this.name = 'FuzzFailure'
  }
}

const BATCH = 1000
const NAMES: readonly string[] = Object.keys(MUTATIONS)

/** Options of a load: half of the time what `loads` has by default, but for one or two. */
function loadOptions(random: Random): LoadOptions {
  return {
    mapping: random.pick(['native', 'exact']),
    dicts: random.pick(['auto', 'auto', 'object', 'map']),
    unknownGlobals: random.chance(0.8) ? 'inert' : 'error',
    strict: random.chance(0.5),
    surrogatePairs: random.pick(['error', 'merge']),
    encoding: random.pick(['ASCII', 'latin1', 'utf-8', 'bytes']),
    errors: random.pick(['strict', 'replace', 'ignore']),
    trailing: random.pick(['error', 'ignore']),
    fixImports: random.chance(0.8),
    buffers: random.chance(0.95) ? undefined : [new Uint8Array(4), new Uint8Array(4)],
    limits: random.chance(0.8) ? undefined : { maxDepth: 20, maxItems: 50, maxStringBytes: 100, maxPluginCalls: 3 },
  }
}

/** Runs them; throws a {@link FuzzFailure} at the first thing that must not happen. */
export function fuzz(options: FuzzOptions): FuzzReport {
  // Most of the time would go into stacks that nobody reads. One pickle alone, run again, has its stack.
  return options.count > 1 ? withoutStacks(() => run(options)) : run(options)
}

function run({ seed, count, from = 0, time = Number.POSITIVE_INFINITY, meter }: FuzzOptions): FuzzReport {
  // Frames are put around what is changed, or left out.
  const pickles = corpus().map((pickle) => parseOps(pickle).filter(({ opcode }) => opcode.code !== FRAME))
  const intrinsics = new Intrinsics()
  const classes = Object.fromEntries(NAMES.map((name) => [name, { count: 0, loaded: 0, dumped: 0 }]))
  const codes: Record<string, number> = {}
  const end = performance.now() + time
  let index = from
  let pickle: Uint8Array = new Uint8Array(0)
  const failure = (what: string, cause?: unknown): never => {
    throw new FuzzFailure(what, seed, index, pickle, cause)
  }
  const note = (cause: unknown, what: string): void => {
    if (!(cause instanceof PickleError)) failure(`${what} threw something else than a PickleError: ${cause}`, cause)
    const { code } = cause as PickleError
    codes[code] = (codes[code] ?? 0) + 1
  }
  for (; index < from + count; index++) {
    if (index % BATCH === 0 && performance.now() > end) break
    const random = new Random(seed, index)
    const name = NAMES[index % NAMES.length] as string
    const stats = classes[name] as (typeof classes)[string]
    pickle = mutate(name, random.pick(pickles), random, random.pick(pickles))
    const options = loadOptions(random)
    stats.count++
    let value: unknown
    let done = false
    meter?.begin()
    try {
      const way = random.below(10)
      if (way === 0) value = new Unpickler(sourceOf(pickle, 1 + random.below(40)), options).load()
      else value = (way < 4 ? appLoads : loads)(pickle, options)
      stats.loaded++
      done = true
    } catch (error) {
      note(error, 'loads')
    }
    meter?.end('loads', pickle, index)
    if (done) {
      meter?.begin()
      try {
        dumps(value, { protocol: random.pick([0, 1, 2, 3, 4, 5, 'auto'] as const) })
        stats.dumped++
      } catch (error) {
        note(error, 'dumps')
      }
      meter?.end('dumps', pickle, index)
    }
    if (index % BATCH === BATCH - 1 || index === from + count - 1) {
      const changes = intrinsics.changes()
      if (changes.length > 0) failure(`changed by one of the last ${BATCH} pickles: ${changes.slice(0, 5).join(', ')}`)
      if (!isUsable()) failure(`a good pickle does not load any more after one of the last ${BATCH}`)
    }
  }
  return { count: index - from, classes, codes, watched: intrinsics.size }
}

/** A source that gives a few bytes at a time. */
function sourceOf(pickle: Uint8Array, step: number): { read(n: number): Uint8Array } {
  let at = 0
  return {
    read: (n) => {
      const start = at
      at = Math.min(pickle.length, at + Math.min(n, step))
      return pickle.subarray(start, at)
    },
  }
}

/** Whether the library still does what it should. */
function isUsable(): boolean {
  const value = { a: [1, -2.5, 2n ** 70n, null, true, 'é'], b: new Map([[1, new Uint8Array([1])]]), c: new Set([1]) }
  return ([0, 2, 4, 5] as const).every((protocol) => isDeepStrictEqual(loads(dumps(value, { protocol })), value))
}
