/** What was readonly stays so, in every form. */
import { isPickleError } from '../errors.ts'
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { CheckFailure } from './check-failure.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, MAPPINGS, type Subject, sampleText, sampleValue } from './subject.ts'

const OUT: Form = { protocol: 5, outOfBand: true }

export function checkReadonly(subject: Subject, sample: Sample): void {
  const what = `readonly memory of ${sampleText(sample)}`
  const written = subject.write(sampleValue(sample), OUT, what)
  const { buffers = [] } = written
  if (buffers.length === 0) return
  const flags = buffers.map((buffer) => buffer.readonly)
  if (flags.includes(true)) {
    for (const form of subject.forms) {
      for (const mapping of MAPPINGS) {
        const twin = subject.read(subject.write(sampleValue(sample), form, what), mapping, form, what)
        expectKept(
          flags,
          subject.write(twin, OUT, what).buffers ?? [],
          `${what}, ${formText(form)}, mapping '${mapping}'`,
        )
      }
    }
  }
  for (const mapping of MAPPINGS) expectNotWritable(subject, { ...written, buffers }, mapping, what)
}

function expectKept(flags: readonly boolean[], buffers: readonly PickleBuffer[], where: string): void {
  const index = flags.findIndex((readonly, i) => readonly && buffers[i]?.readonly !== true)
  if (index < 0) return
  throw new CheckFailure(where, {
    expected: `buffer ${index} of the sample is readonly, and so is that of what loads`,
    found: buffers[index] === undefined ? 'it gives no such buffer' : 'it is writable',
    change:
      '`ctx.memoryOf(v).readonly` says so in every form: keep it in the object, and give it back in `reduce`:\n' +
      'new PickleBuffer(o.data, { readonly: o.readonly }); below protocol 5 a Uint8Array is readonly, a ByteArray is not',
  })
}

/** The same pickle, with memory that nobody may write to. */
function expectNotWritable(
  subject: Subject,
  { pickle, buffers }: { readonly pickle: Uint8Array; readonly buffers: readonly PickleBuffer[] },
  mapping: 'native' | 'exact',
  what: string,
): void {
  const given = buffers.map((buffer) => new PickleBuffer(buffer, { readonly: true }))
  let twin: unknown
  try {
    twin = subject.pickle.loads(pickle, { buffers: given, mapping })
  } catch (error) {
    // Refusing readonly memory is an answer.
    if (isPickleError(error)) return
    throw error
  }
  const again = subject.write(twin, OUT, what).buffers ?? []
  const memories = new Set(given.map(({ buffer }) => buffer))
  const index = again.findIndex((buffer) => !buffer.readonly && memories.has(buffer.buffer))
  if (index < 0) return
  throw new CheckFailure(`${what}, loaded from readonly buffers, mapping '${mapping}'`, {
    expected: 'the object does not hand out as writable what was given as readonly',
    found: `buffer ${index} of it is writable, and is the very memory that was given`,
    change:
      'keep `readonly` from ctx.memoryOf(v) in the object and give it back in `reduce`, or copy readonly memory:\n' +
      'const { memory, byteOffset, byteLength, readonly } = ctx.memoryOf(v)\n' +
      'const bytes = new Uint8Array(memory, byteOffset, byteLength); const own = readonly ? bytes.slice() : bytes',
  })
}
