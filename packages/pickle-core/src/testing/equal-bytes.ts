/** Equal values give equal bytes: caches and hashes of pickles depend on it. */
import { CheckFailure } from './check-failure.ts'
import { firstDifference } from './first-difference.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, type Subject, sampleText, sampleValue } from './subject.ts'

export function checkEqualBytes(subject: Subject, sample: Sample): void {
  const what = `equal bytes of ${sampleText(sample)}`
  for (const [index, form] of subject.forms.entries()) {
    const value = sampleValue(sample)
    const first = subject.write(value, form, what)
    if (index === 0) waitForClock()
    const again = (other: unknown, how: string): void => {
      expectSame(first.pickle, subject.write(other, form, what).pickle, form, `${what}, ${how}`)
    }
    again(value, 'dumped twice')
    if (sample.make !== undefined) again(sampleValue(sample), 'made twice')
    again(subject.read(first, 'native', form, what), 'dumped, loaded, and dumped')
  }
}

/** Until another millisecond: what writes the time writes another one then. */
function waitForClock(): void {
  const start = Date.now()
  while (Date.now() - start < 2);
}

function expectSame(first: Uint8Array, second: Uint8Array, form: Form, where: string): void {
  const found = firstDifference(first, second)
  if (found === undefined) return
  throw new CheckFailure(`${where}, ${formText(form)}`, {
    expected: 'the same bytes for equal values',
    found,
    change:
      'let `reduce` give its parts in an order of its own, and nothing that differs each time (a counter, a time, an address):\n' +
      'state: { x: o.x, y: o.y }, and not { ...o } or Object.entries(o), whose order is that in which fields were set',
  })
}
