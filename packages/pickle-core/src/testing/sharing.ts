/** One object stays one, and two stay two. */
import { reduceEx } from '../values/reduce-ex.ts'
import { CheckFailure } from './check-failure.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, MAPPINGS, type Subject, sampleText, sampleValue } from './subject.ts'

export function checkSharing(subject: Subject, sample: Sample): void {
  const what = `sharing of ${sampleText(sample)}`
  for (const form of subject.forms) {
    const value = sampleValue(sample)
    // Of what is no object of the plugin, the codec answers for identity.
    if (!isOfPlugin(subject, value)) return
    expectOne(subject, value, form, what)
    expectTwo(subject, sample, value, form, what)
    for (const [key, part] of Object.entries(value)) {
      if (isOfPlugin(subject, part)) expectSharedPart(subject, value, key, part, form, what)
    }
  }
}

/** The same object twice in a list. */
function expectOne(subject: Subject, value: object, form: Form, what: string): void {
  for (const [mapping, [first, second]] of pairs(subject, [value, value], form, what)) {
    if (typeof first !== 'object' || first === second) continue
    throw new CheckFailure(`${what}, ${formText(form)}, mapping '${mapping}'`, {
      expected: 'an object that stands in a list twice loads as one object',
      found: 'two objects',
      change: 'let the record of the class make the object; the codec shares it by itself',
    })
  }
}

/** Two equal objects in a list. */
function expectTwo(subject: Subject, sample: Sample, value: object, form: Form, what: string): void {
  const other = sample.make === undefined ? undefined : sampleValue(sample)
  // Where the sample itself is one and the same each time, as a constant is, its twin may be, too.
  if (other === undefined || other === value) return
  for (const [mapping, [first, second]] of pairs(subject, [value, other], form, what)) {
    if (typeof first !== 'object' || first === null || first !== second) continue
    throw new CheckFailure(`${what}, ${formText(form)}, mapping '${mapping}'`, {
      expected: 'two objects that are equal load as two objects',
      found: 'one object in both places: a change to one would change the other',
      change:
        '`create` must return a new object for each call, not one that it kept.\n' +
        'A plugin keeps nothing between calls: records are shared by all loads',
    })
  }
}

/** A part that is an object of the plugin itself: also met outside of its owner it is one object. */
function expectSharedPart(subject: Subject, value: object, key: string, part: unknown, form: Form, what: string): void {
  for (const [mapping, [owner, twin]] of pairs(subject, [value, part], form, what)) {
    if (typeof owner !== 'object' || owner === null || (owner as Record<string, unknown>)[key] === twin) continue
    throw new CheckFailure(`${what}, ${formText(form)}, mapping '${mapping}'`, {
      expected: `the object in the field ${key} stays one object with the same one beside its owner`,
      found: 'two objects',
      change: `hand on the object itself in \`reduce\`, not a copy of it: args: [o.${key}]; and keep what \`create\` gets`,
    })
  }
}

function* pairs(
  subject: Subject,
  list: readonly unknown[],
  form: Form,
  what: string,
): Generator<readonly [string, readonly unknown[]]> {
  const written = subject.write(list, form, what)
  for (const mapping of MAPPINGS) yield [mapping, subject.read(written, mapping, form, what) as unknown[]]
}

function isOfPlugin({ pickle }: Subject, part: unknown): part is object {
  if (typeof part !== 'object' || part === null) return false
  return reduceEx in part || pickle.registry.findWriter(Object.getPrototypeOf(part)) !== undefined
}
