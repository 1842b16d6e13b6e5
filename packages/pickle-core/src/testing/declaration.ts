/** The declaration is complete: what the samples' own pickles use is declared, and what is declared says what it takes. */
import { isPickleError, type PickleErrorCode } from '../errors.ts'
import { CORE } from '../registry/core-plugin.ts'
import { ByteArray } from '../values/byte-array.ts'
import { Float } from '../values/float.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { PyDict } from '../values/py-dict.ts'
import { PySet } from '../values/py-set.ts'
import { Tuple } from '../values/tuple.ts'
import { CheckFailure } from './check-failure.ts'
import { withArticle } from './difference.ts'
import { nameOfRecord } from './hostile-build.ts'
import { Observer, type Reduced } from './observe.ts'
import { formText, MAPPINGS, type Subject, sampleText, sampleValue } from './subject.ts'
import type { Template } from './templates.ts'

/** Codes that say: the pickle uses what the plugin does not declare. */
const UNDECLARED: readonly PickleErrorCode[] = [
  ...([
    'global-not-allowed',
    'construct-not-allowed',
    'args',
    'kwargs',
    'state',
    'target',
    'ext-unregistered',
  ] as const),
]

export function checkDeclaration(subject: Subject, templates: readonly Template[]): void {
  const observer = new Observer(subject.plugins)
  for (const sample of subject.samples) {
    for (const form of subject.forms) {
      const what = `declaration, ${sampleText(sample)}`
      observer.clear()
      const written = subject.writeBy(observer.pickle, sampleValue(sample), form, what)
      for (const reduced of observer.reduced) expectReader(subject, reduced, `${what}, ${formText(form)}`)
      for (const mapping of MAPPINGS) {
        try {
          subject.read(written, mapping, form, what)
        } catch (error) {
          const cause = error instanceof CheckFailure ? error.cause : error
          // Whatever else goes wrong is for the round trip to tell.
          if (isPickleError(cause) && UNDECLARED.includes(cause.code)) throw error
        }
      }
    }
  }
  for (const template of templates) expectChecked(template)
}

/** What a class is written as must be read by a record of the plugin, else it comes back as something else. */
function expectReader({ pickle }: Subject, { object, reduction }: Reduced, where: string): void {
  if (typeof reduction === 'string' || typeof reduction === 'symbol') return
  const ref = reduction instanceof GlobalRef ? reduction : reduction.callable
  const isHelper = ref.module === 'copyreg' && !(reduction instanceof GlobalRef)
  const target = isHelper ? reduction.args[0] : ref
  if (!(target instanceof GlobalRef)) return
  const { module, name } = target
  const entry = pickle.registry.findType(module, name)
  if (entry !== undefined && entry.plugin !== CORE) return
  throw new CheckFailure(where, {
    expected: `what ${withArticle(object.constructor.name)} is written as, ${module}.${name}, is read by a record of the plugin`,
    found:
      entry === undefined ? 'no record owns that global' : 'the codec owns that global, and makes a plain value of it',
    change: `own a global in the plugin: pyType({ module: '…', name: '…', class: ${object.constructor.name}, create: … })`,
  })
}

/** A record that says nothing of its arguments takes anything. */
function expectChecked({ record, plugin, built }: Template): void {
  if (built === undefined || (record.opcodes?.length ?? 1) === 0) return
  const name = nameOfRecord(record)
  if (record.args === undefined) {
    throw new CheckFailure(`declaration of ${name} in ${plugin.id}`, {
      expected: 'the record says what its arguments are, so that nothing else reaches `create`',
      found: '`args` is missing: it takes any number of anything',
      change:
        `what a sample gives: args: [${built.args.map((arg) => `'${kindOf(arg)}'`).join(', ')}]\n` +
        "To take anything on purpose, say so: args: { min: 0, max: 8, rest: 'any' }",
    })
  }
  if (record.setState === undefined || record.state !== undefined) return
  throw new CheckFailure(`declaration of ${name} in ${plugin.id}`, {
    expected: 'the record says what its state is, so that nothing else reaches `setState`',
    found: '`state` is missing: it takes anything',
    change: `${built.hasState ? `what a sample gives: state: '${kindOf(built.state)}'` : "say it: state: 'dict'"}. To take anything on purpose: state: 'any'`,
  })
}

/** The declared kind of a value, as the exact mapping reads it. */
function kindOf(value: unknown): string {
  if (value === null) return 'none'
  if (value instanceof PickleBuffer || value instanceof Uint8Array)
    return value instanceof ByteArray ? 'bytearray' : 'buffer'
  if (value instanceof Float || typeof value === 'number') return 'float'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof PyDict) return 'dict'
  if (value instanceof PySet) return 'set'
  if (value instanceof GlobalRef || typeof value === 'function') return 'global'
  if (Array.isArray(value)) return 'list'
  return { bigint: 'int', boolean: 'bool', string: 'str' }[typeof value as string] ?? 'any'
}
