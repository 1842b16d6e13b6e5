/** Reducers are pure: the writer may run one twice, and a dump changes nothing. */
import { CheckFailure } from './check-failure.ts'
import { difference, snapshotOf, withArticle } from './difference.ts'
import { Observer } from './observe.ts'
import type { Sample } from './sample.ts'
import { formText, type Subject, sampleText, sampleValue } from './subject.ts'

export function checkPurity(subject: Subject, sample: Sample): void {
  const observer = new Observer(subject.plugins, true)
  for (const form of subject.forms) {
    const where = `purity of ${sampleText(sample)}, ${formText(form)}`
    const value = sampleValue(sample)
    const before = snapshotOf(value)
    subject.write(value, form, where)
    expectUnchanged(before, snapshotOf(value), where)
    observer.clear()
    subject.writeBy(observer.pickle, value, form, where)
    for (const { object, reduction, second } of observer.reduced) {
      const found = difference(second, reduction)
      if (found === undefined) continue
      throw new CheckFailure(where, {
        expected: `\`reduce\` of ${withArticle(object.constructor.name)} gives the same each time that it runs`,
        found: `run again on the same object: ${found} ($ is the reduce value)`,
        change:
          'compute the parts from the fields alone: no counters, no clocks, no taking out of queues (splice, shift, next)',
      })
    }
  }
}

function expectUnchanged(before: readonly string[], after: readonly string[], where: string): void {
  const known = new Set(before)
  const now = new Set(after)
  const found = [
    ...after.filter((line) => !known.has(line)).map((line) => `${line} afterwards`),
    ...before.filter((line) => !now.has(line)).map((line) => `${line} before`),
  ]
  if (found.length === 0) return
  throw new CheckFailure(where, {
    expected: 'a dump leaves the value as it was',
    found: found.slice(0, 2).join('; '),
    change: '`reduce` only reads: it sorts a copy, caches nothing in the object, and counts nothing there',
  })
}
