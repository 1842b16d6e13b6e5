/**
 * No byte is copied: a byte that is written through one side shows on the other. What an object holds is seen through its dumps, so
 * that it works for any class. The bytes are put back.
 */
import type { PickleBuffer } from '../values/pickle-buffer.ts'
import { CheckFailure } from './check-failure.ts'
import { memoryHeld } from './memory-held.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, MAPPINGS, type Subject, sampleText, sampleValue } from './subject.ts'

export function checkZeroCopy(subject: Subject, sample: Sample): void {
  if (sample.memory === 'any') return
  for (const form of subject.outOfBandForms) {
    const what = `zero copy of ${sampleText(sample)}`
    const value = sampleValue(sample)
    const written = subject.write(value, form, what)
    const buffers = written.buffers ?? []
    expectOwnMemory(subject, value, buffers, form, what)
    expectShows(subject, value, buffers, form, what, {
      expected: 'a byte that is written to buffer # shows in the object that was dumped',
      change:
        'give the memory itself in `reduce`: new PickleBuffer(o.data), and not o.data.slice() or Uint8Array.from(o.data)',
    })
    for (const mapping of MAPPINGS) {
      const twin = subject.read(written, mapping, form, what)
      const change =
        'take the memory in `create` or `setState` as it is, and copy only where it is readonly or not aligned:\n' +
        'const { memory, byteOffset, byteLength } = ctx.memoryOf(v)\n' +
        'new Float64Array(memory, byteOffset, byteLength / 8)'
      const expected = `a byte that is written to buffer # shows in what loads (mapping '${mapping}')`
      expectShows(subject, twin, buffers, form, what, { expected, change })
      const again = subject.write(twin, form, what).buffers ?? []
      expectShows(subject, value, again, form, what, {
        expected: `a byte that is written through buffer # of what loads (mapping '${mapping}') shows in the sample`,
        change,
      })
    }
  }
}

function expectOwnMemory(
  subject: Subject,
  value: unknown,
  buffers: readonly PickleBuffer[],
  form: Form,
  what: string,
): void {
  const held = memoryHeld(value)
  if (held.length === 0) return
  // Memory in private fields is not seen from here; that it is the same is seen by writing to it.
  const index = buffers.findIndex(
    (buffer) => !held.some(({ memory }) => memory === buffer.buffer) && !isShown(subject, value, buffer, form, what),
  )
  if (index < 0) return
  throw new CheckFailure(`${what}, ${formText(form)}`, {
    expected: `the memory of buffer ${index} is an ArrayBuffer of the sample (${held.map(({ place }) => place).join(', ')})`,
    found: `another ArrayBuffer of ${buffers[index]?.buffer.byteLength} bytes: a copy`,
    change:
      'give the memory itself in `reduce`: new PickleBuffer(o.data), and not o.data.slice() or Uint8Array.from(o.data)',
  })
}

/** Changes one byte of the buffer, and looks whether the object's own bytes follow. */
function isShown(subject: Subject, object: unknown, buffer: PickleBuffer, form: Form, what: string): boolean {
  const inBand: Form = { protocol: form.protocol, outOfBand: false }
  const bytes = buffer.raw()
  if (bytes.length === 0) return true
  const before = subject.write(object, inBand, what).pickle
  const byte = bytes[0] as number
  bytes[0] = byte ^ 1
  try {
    return !isSame(before, subject.write(object, inBand, what).pickle)
  } finally {
    bytes[0] = byte
  }
}

function expectShows(
  subject: Subject,
  object: unknown,
  buffers: readonly PickleBuffer[],
  form: Form,
  what: string,
  { expected, change }: { readonly expected: string; readonly change: string },
): void {
  for (const [index, buffer] of buffers.entries()) {
    if (isShown(subject, object, buffer, form, what)) continue
    throw new CheckFailure(`${what}, ${formText(form)}`, {
      expected: expected.replace('#', String(index)),
      found: 'it does not: there are two memories, so the bytes were copied',
      change,
    })
  }
}

/** Whether two pickles are the same bytes. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
