/** A value comes back equal, in every form and under both mappings. */
import { CheckFailure } from './check-failure.ts'
import { difference } from './difference.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, MAPPINGS, type Mapping, type Subject, sampleText, sampleValue } from './subject.ts'

export function checkRoundTrip(subject: Subject, sample: Sample): void {
  const what = `round trip of ${sampleText(sample)}`
  for (const form of subject.forms) {
    const value = sampleValue(sample)
    const written = subject.write(value, form, what)
    for (const mapping of MAPPINGS) {
      const loaded = subject.read(written, mapping, form, what)
      // One that was never dumped, where the sample can make it.
      expectEqual(sample, loaded, sample.make === undefined ? value : sampleValue(sample), what, form, mapping)
    }
  }
}

function expectEqual(
  sample: Sample,
  loaded: unknown,
  value: unknown,
  what: string,
  form: Form,
  mapping: Mapping,
): void {
  const found = differenceOf(sample, loaded, value)
  if (found === undefined) return
  throw new CheckFailure(`${what}, ${formText(form)}, mapping '${mapping}'`, {
    expected: 'what loads is what was written',
    found,
    change:
      '`reduce` must give all that `create`, `setState` and the items need to make the object again.\n' +
      'A field that cannot be compared so (a cache, a time) needs `equals` in the sample',
  })
}

/** Where what was loaded is not the sample, if anywhere. */
export function differenceOf(sample: Sample, loaded: unknown, value: unknown): string | undefined {
  if (sample.equals === undefined) return difference(loaded, value)
  return sample.equals(loaded, value) ? undefined : '`equals` of the sample says no'
}
