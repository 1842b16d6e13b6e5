/** One object stays one, and two stay two. */
import { reduceEx } from '../values/reduce-ex.ts'
import { CheckFailure } from './check-failure.ts'
import { type HeldMemory, memoryHeld } from './memory-held.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, MAPPINGS, type Subject, sampleText, sampleValue } from './subject.ts'

export function checkSharing(subject: Subject, sample: Sample): void {
  const what = `sharing of ${sampleText(sample)}`
  for (const form of subject.forms) {
    const value = sampleValue(sample)
    if (sample.memory !== 'any') expectSharedMemory(subject, value, form, what)
    expectOwnMemory(subject, sample, value, form, what)
    // Of what is no object of the plugin, the codec answers for identity.
    if (!isOfPlugin(subject, value)) continue
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

/** Two values with memory of their own each, written together: so they are afterwards. */
function expectOwnMemory(subject: Subject, sample: Sample, value: unknown, form: Form, what: string): void {
  const memories = (one: unknown): readonly ArrayBufferLike[] => memoryHeld(one).map(({ memory }) => memory)
  const other = sample.make === undefined ? value : sampleValue(sample)
  const [mine, theirs] = [memories(value), memories(other)]
  if (mine.length === 0 || mine.some((memory) => theirs.includes(memory))) return
  for (const [mapping, [first, second]] of pairs(subject, [value, other], form, what)) {
    const found = memoryHeld(first)
    const shared = found.find(({ memory }) => memories(second).includes(memory))
    if (shared === undefined) continue
    throw new CheckFailure(`${what}, ${formText(form)}, mapping '${mapping}'`, {
      expected: 'two values with memory of their own load so',
      found: `${shared.place} of both is one memory: what is written to one shows in the other`,
      change: '`create` keeps no memory between calls; it takes what it is given, or makes new memory for each object',
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

/** Two views whose bytes overlap: in band, where the memory is made anew, they are views on one memory again. */
function expectSharedMemory(subject: Subject, value: unknown, form: Form, what: string): void {
  const held = memoryHeld(value)
  if (form.outOfBand || form.protocol !== 'auto' || held.length < 2) return
  const loaded = memoryHeld(subject.read(subject.write(value, form, what), 'native', form, what))
  const memoryAt = (place: string): ArrayBufferLike | undefined => loaded.find((one) => one.place === place)?.memory
  for (const [index, one] of held.entries()) {
    const other = held.slice(index + 1).find((next) => isOverlapping(one, next))
    if (other === undefined || memoryAt(one.place) === memoryAt(other.place)) continue
    throw new CheckFailure(`${what}, ${formText(form)}`, {
      expected: `${one.place} and ${other.place} are views on one memory, and load as such`,
      found: 'two pieces of memory: a change through one no longer shows in the other',
      change:
        'ask for the buffer, which the views then share, and give with it where in it the view lies:\n' +
        'const { buffer, offset } = ctx.shareView(o.data.buffer, o.data.byteOffset, o.data.byteLength)\n' +
        "return { args: [buffer, offset, o.data.length] }. Where it does not matter, the sample says memory: 'any'",
    })
  }
}

function isOverlapping(a: HeldMemory, b: HeldMemory): boolean {
  return (
    a.memory === b.memory && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  )
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
