/** Objects over parts of one memory that overlap: what each of them holds stays its own. */
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { CheckFailure } from './check-failure.ts'
import { differenceOf } from './round-trip.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, type Subject, sampleText, sampleValue } from './subject.ts'

const OUT: Form = { protocol: 5, outOfBand: true }

/** The sample is loaded twice over one memory, the second time a few items later, and both are written together. */
export function checkOverlap(subject: Subject, sample: Sample): void {
  const what = `two objects over one memory, of ${sampleText(sample)}`
  const { pickle, buffers = [] } = subject.write(sampleValue(sample), OUT, what)
  if (!buffers.some(({ byteLength }) => byteLength > 8)) return
  const memories = buffers.map((buffer) => overlapping(buffer))
  const load = (index: 0 | 1): unknown => subject.pickle.loads(pickle, { buffers: memories.map((pair) => pair[index]) })
  let pair: readonly [unknown, unknown]
  try {
    pair = [load(0), load(1)]
  } catch {
    // Its memory may not hold just anything.
    return
  }
  for (const form of subject.forms) {
    const twins = subject.read(subject.write(pair, form, what), 'native', form, what) as readonly unknown[]
    for (const index of [0, 1] as const) {
      const found = differenceOf(sample, twins[index], pair[index])
      if (found === undefined) continue
      throw new CheckFailure(`${what}, ${formText(form)}`, {
        expected: `the ${index === 0 ? 'first' : 'second'} of two objects whose memory overlaps loads as it was`,
        found,
        change: CHANGE,
      })
    }
  }
}

/** Two buffers of the same length, the second of which begins within the first. */
function overlapping(buffer: PickleBuffer): readonly [PickleBuffer, PickleBuffer] {
  const bytes = buffer.raw()
  const { readonly } = buffer
  const { length } = bytes
  const shift = length > 16 ? 16 : 8
  const whole = new Uint8Array(length + shift)
  whole.set(bytes)
  whole.set(bytes.subarray(0, shift), length)
  const at = (start: number): PickleBuffer => new PickleBuffer(whole.subarray(start, start + length), { readonly })
  return [at(0), at(shift)]
}

const CHANGE =
  'a view is not its memory: say where it begins and ends, and give the offset that ctx.shareView gives, too:\n' +
  'const { buffer, offset } = ctx.shareView(o.data.buffer, o.data.byteOffset, o.data.byteLength)\n' +
  'return { args: [buffer, offset, o.data.length] }. Or new PickleBuffer(o.data), and not new PickleBuffer(o.data.buffer)'
