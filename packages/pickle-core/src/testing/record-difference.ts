/** Where two objects of one record differ, by what the samples say of it. */
import type { TypeRecord } from '../registry/contract.ts'
import { difference } from './difference.ts'
import { type Subject, sampleValue } from './subject.ts'

/** Like {@link difference}; where samples bring `equals`, that of a sample of the class decides. */
export function recordDifference(
  subject: Subject,
  record: TypeRecord,
  found: unknown,
  expected: unknown,
  isAlike?: (left: unknown, right: unknown) => boolean,
): string | undefined {
  const differs = difference(found, expected, isAlike)
  if (differs === undefined) return undefined
  const own = subject.samples.filter(({ equals }) => equals !== undefined)
  if (own.length === 0) return differs
  const { class: type } = record
  const sample = own.find((one) => type !== undefined && sampleValue(one) instanceof type)
  return sample?.equals === undefined || sample.equals(found, expected) ? undefined : differs
}
