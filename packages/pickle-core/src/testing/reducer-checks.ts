import type { Plugin } from '../registry/contract.ts'
import { CheckFailure } from './check-failure.ts'
import { checkCoverage } from './coverage.ts'
import { checkCycles } from './cycles.ts'
import { checkDeclaration } from './declaration.ts'
import { checkEqualBytes } from './equal-bytes.ts'
import { checkGiven } from './given.ts'
import { checkHostileArguments } from './hostile-arguments.ts'
import { nameOfRecord } from './hostile-build.ts'
import { checkHostileBytes, type MutationOptions } from './hostile-bytes.ts'
import { checkHostileState } from './hostile-state.ts'
import { checkOutOfBand } from './out-of-band.ts'
import { checkOverlap } from './overlap.ts'
import { checkPurity } from './purity.ts'
import { checkPython, type PythonOptions } from './python-check.ts'
import { checkReadonly } from './readonly.ts'
import { checkReload } from './reload.ts'
import { checkRoundTrip } from './round-trip.ts'
import type { Sample } from './sample.ts'
import { checkSharing } from './sharing.ts'
import { type Protocol, Subject } from './subject.ts'
import { type Template, templatesOf } from './templates.ts'
import { checkZeroCopy } from './zero-copy.ts'

/** What a check looks at. */
export type CheckKind =
  /** Values come back equal, at each protocol, under both mappings, in band and out of band; those of samples, and others that records take. */
  | 'round trip'
  /** One object stays one, two stay two, and views stay the parts of a memory that they were. */
  | 'sharing'
  /** Objects that contain themselves by state or items. */
  | 'cycles'
  /** Readonly memory stays readonly, and never turns writable. */
  | 'readonly'
  /** Memory travels beside the pickle, whatever its size, and is taken wherever it lies. */
  | 'out of band'
  /** No byte of it is copied, in either direction. */
  | 'zero copy'
  /** Equal values give equal bytes. */
  | 'equal bytes'
  /** Reducers give the same each time, and change nothing. */
  | 'purity'
  /** Arguments of other kinds, too few, too many, by other opcodes. */
  | 'hostile arguments'
  /** State and items of other kinds. */
  | 'hostile state'
  /** The samples' own pickles, changed. */
  | 'hostile bytes'
  /** What the samples' pickles use is declared; arguments and state say what they are. */
  | 'declaration'
  /** Every record and reducer is used by a sample. */
  | 'coverage'
  /** The expression of the sample holds in Python. */
  | 'python'

/** One check of the kit. */
export interface ReducerCheck {
  /** Its kind, and the sample or record that it is about. */
  readonly name: string
  readonly kind: CheckKind
  /**
   * Runs it. Gives nothing, or why it was skipped.
   *
   * @throws {@link CheckFailure} if it does not hold.
   */
  run(): Promise<string | undefined>
}

/** What {@link reducerChecks} checks. */
export interface ReducerCheckOptions extends PythonOptions {
  /** The plugin. What it extends is there, too, and is not checked by itself. */
  readonly plugin?: Plugin | undefined
  /** Several plugins, in one codec. */
  readonly plugins?: readonly Plugin[] | undefined
  /** Values that use all of it. */
  readonly samples: readonly Sample[]
  /** The protocols to write. Default: 0 to 5, and `'auto'`. */
  readonly protocols?: readonly (0 | 1 | 2 | 3 | 4 | 5 | 'auto')[] | undefined
  /** The changed pickles: how many for each sample, and which. */
  readonly mutations?: MutationOptions | undefined
  /** Bytes that one hostile load may take. Default 64 MiB; without a way to measure it, nothing is checked. */
  readonly maxMemory?: number | undefined
}

const PROTOCOLS: readonly Protocol[] = [0, 1, 2, 3, 4, 5, 'auto']

/**
 * Checks of a plugin, as a list for any test runner. What fails says what was expected, what was found, and what in the plugin to change.
 * A hang is not caught: the name of the check that the runner times out in says which input it was.
 *
 * @throws {@link CheckFailure} if there is no plugin or no sample.
 * @throws {@link RegistryError} if the plugins do not fit together.
 *
 * @example
 * ```ts
 * import { definePlugin, pyType } from '@pickle-ts/pickle-core'
 * import { reducerChecks } from '@pickle-ts/pickle-core/testing'
 * class Celsius {
 *   readonly degrees: number
 *   constructor(degrees: number) {
 *     this.degrees = degrees
 *   }
 * }
 * const plugin = definePlugin({
 *   id: 'weather',
 *   types: [
 *     pyType({
 *       module: 'weather',
 *       name: 'Celsius',
 *       class: Celsius,
 *       args: ['float|int'],
 *       create: ([degrees], { check }) => new Celsius(check.float(degrees, 'degrees')),
 *       reduce: ({ degrees }) => ({ args: [degrees] }),
 *     }),
 *   ],
 * })
 * const checks = reducerChecks({ plugin, samples: [{ name: 'a warm day', make: () => new Celsius(21.5) }] })
 * for (const { run } of checks) await run()
 * console.log(checks.at(0)?.name) // round trip: a warm day
 * ```
 */
export function reducerChecks(options: ReducerCheckOptions): readonly ReducerCheck[] {
  const { samples, protocols = PROTOCOLS, mutations = {}, maxMemory = 2 ** 26 } = options
  const plugins = options.plugins ?? (options.plugin === undefined ? [] : [options.plugin])
  expectInput(plugins, samples)
  const subject = new Subject(plugins, samples, protocols)
  let known: readonly Template[] | undefined
  const templates = (): readonly Template[] => (known ??= templatesOf(subject))
  const ofSample = (kind: CheckKind, check: (subject: Subject, sample: Sample) => unknown): ReducerCheck[] =>
    samples.map((sample) => checkOf(kind, sample.name, () => check(subject, sample)))
  const ofRecord = (
    kind: CheckKind,
    check: (subject: Subject, template: Template, maxMemory: number) => void,
  ): ReducerCheck[] =>
    subject.plugins.flatMap((plugin) => {
      const own = (plugin.types ?? []).filter((record) => subject.owns(plugin, record))
      return own.map((record) => {
        const find = (): Template => templates().find((one) => one.record === record) as Template
        return checkOf(kind, nameOfRecord(record), () => check(subject, find(), maxMemory))
      })
    })
  const ofAll = (kind: CheckKind, check: (subject: Subject, templates: readonly Template[]) => void): ReducerCheck =>
    checkOf(kind, subject.plugins.map(({ id }) => id).join(', '), () => check(subject, templates()))
  return [
    ...ofSample('round trip', checkRoundTrip),
    ...ofRecord('round trip', (_, template) => {
      checkReload(subject, template)
      checkGiven(subject, template)
    }),
    ...ofSample('sharing', (_, sample) => {
      checkSharing(subject, sample)
      checkOverlap(subject, sample)
    }),
    ...ofRecord('cycles', checkCycles),
    ...ofSample('readonly', checkReadonly),
    ...ofSample('out of band', checkOutOfBand),
    ...ofSample('zero copy', checkZeroCopy),
    ...ofSample('equal bytes', checkEqualBytes),
    ...ofSample('purity', checkPurity),
    ...ofRecord('hostile arguments', checkHostileArguments),
    ...ofRecord('hostile state', checkHostileState),
    ...ofSample('hostile bytes', (_, sample) => checkHostileBytes(subject, sample, mutations, maxMemory)),
    ofAll('declaration', checkDeclaration),
    ofAll('coverage', checkCoverage),
    ...samples
      .filter(({ python }) => python !== undefined)
      .map((sample) => checkOf('python', sample.name, () => checkPython(subject, sample, options))),
  ]
}

function checkOf(kind: CheckKind, about: string, check: () => unknown): ReducerCheck {
  const run = async (): Promise<string | undefined> => {
    const skipped = check()
    return typeof skipped === 'string' ? skipped : undefined
  }
  return { name: `${kind}: ${about}`, kind, run }
}

function expectInput(plugins: readonly Plugin[], samples: readonly Sample[]): void {
  const expected = 'reducerChecks({ plugin, samples: [{ name, make }] })'
  if (plugins.length === 0) {
    throw new CheckFailure('reducerChecks', { expected, found: 'no plugin', change: 'give `plugin`, or `plugins`' })
  }
  if (samples.length === 0) {
    throw new CheckFailure('reducerChecks', {
      expected,
      found: 'no sample',
      change: 'a value for each record, at least',
    })
  }
  for (const { name, value, make } of samples) {
    if ((value === undefined) !== (make === undefined)) continue
    const found = value === undefined ? 'neither' : 'both'
    throw new CheckFailure('reducerChecks', {
      expected: `the sample ${JSON.stringify(name)} has a \`value\` or a \`make\``,
      found,
      change: 'make: () => new Point(1, 2)',
    })
  }
}
