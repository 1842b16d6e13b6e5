/** A value comes back equal, in every form and under both mappings. */
import { CheckFailure } from './check-failure.ts'
import { difference } from './difference.ts'
import type { Sample } from './sample.ts'
import { formText, MAPPINGS, type Subject, sampleText, sampleValue } from './subject.ts'

export function checkRoundTrip(subject: Subject, sample: Sample): void {
  const what = `round trip of ${sampleText(sample)}`
  for (const form of subject.forms) {
    const value = sampleValue(sample)
    const written = subject.write(value, form, what)
    for (const mapping of MAPPINGS) {
      const loaded = subject.read(written, mapping, form, what)
      // One that was never dumped, where the sample can make it.
      const expected = sample.make === undefined ? value : sampleValue(sample)
      expectEqual(sample, loaded, expected, `${what}, ${formText(form)}, mapping '${mapping}'`)
    }
  }
  for (const [index, pickle] of (sample.pickles ?? []).entries()) {
    for (const mapping of MAPPINGS) {
      const where = `${what}, from pickles[${index}], mapping '${mapping}'`
      expectEqual(sample, subject.readGiven(pickle, mapping, where), sampleValue(sample), where)
    }
  }
}

function expectEqual(sample: Sample, loaded: unknown, value: unknown, where: string): void {
  const found = differenceOf(sample, loaded, value)
  if (found === undefined) return
  const isTuple = /is Tuple of \d+, not Array/.test(found)
  throw new CheckFailure(where, {
    expected: 'what loads is what was written',
    found,
    change: isTuple ? TUPLE_CHANGE : CHANGE,
  })
}

const CHANGE =
  '`reduce` must give all that `create`, `setState` and the items need to make the object again.\n' +
  'A field that cannot be compared so (a cache, a time) needs `equals` in the sample'
const TUPLE_CHANGE =
  'ctx.check.tuple(v) gives a Tuple, and its `map` and `slice` give Tuples, too. An array of it is\n' +
  "Array.from(ctx.check.tuple(v, 'shape'), (n) => ctx.check.int(n, 'a dimension'))"

/** Where what was loaded is not the sample, if anywhere. */
export function differenceOf(sample: Sample, loaded: unknown, value: unknown): string | undefined {
  if (sample.equals === undefined) return difference(loaded, value)
  return sample.equals(loaded, value) ? undefined : '`equals` of the sample says no'
}
