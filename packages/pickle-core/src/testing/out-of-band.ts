/** Memory travels beside the pickle, whatever its size, and is taken wherever it lies. */
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { CheckFailure } from './check-failure.ts'
import { firstDifference } from './first-difference.ts'
import { type HeldMemory, memoryHeld } from './memory-held.ts'
import { differenceOf } from './round-trip.ts'
import type { Sample } from './sample.ts'
import { type Form, formText, MAPPINGS, type Subject, sampleText, sampleValue, type Written } from './subject.ts'

/** By how many bytes a pickle may grow with its memory: some lengths in it take more digits. */
const GROWTH = 64

export function checkOutOfBand(subject: Subject, sample: Sample): void {
  const what = `out-of-band memory of ${sampleText(sample)}`
  for (const form of subject.outOfBandForms) {
    const value = sampleValue(sample)
    const written = subject.write(value, form, what)
    if (sample.memory !== 'any') expectOutside(subject, value, written, form, what)
    if (sample.grown !== undefined) {
      const grown = subject.write(sample.grown(), form, what)
      expectNoGrowth(written, grown, `${what}, ${formText(form)}`)
    }
    expectAnywhere(subject, sample, written, form, what)
  }
}

function expectOutside(subject: Subject, value: unknown, { buffers = [] }: Written, form: Form, what: string): void {
  const held = memoryHeld(value)
  const inside = held.filter(
    (one) => !buffers.some((buffer) => covers(buffer, one)) && isWritten(subject, value, one, form, what),
  )
  // A buffer over other memory is a copy of one of them. That is another check's to tell.
  const copies = buffers.filter(({ buffer }) => !held.some(({ memory }) => memory === buffer)).length
  const [first] = inside
  if (first === undefined || inside.length <= copies) return
  throw new CheckFailure(`${what}, ${formText(form)}`, {
    expected: `the ${first.byteLength} bytes at ${first.place} travel as a buffer beside the pickle`,
    found: buffers.length === 0 ? 'no buffer' : `${buffers.length} buffers, none of them over this memory`,
    change:
      'give the memory as a buffer in `args` or `state`:\n' +
      'const { buffer, offset } = ctx.shareView(o.data.buffer, o.data.byteOffset, o.data.byteLength)\n' +
      'return { args: [buffer, offset, o.data.length] }\n' +
      "Short memory that may be copied, as a key, says so in its sample: memory: 'any'",
  })
}

/** Whether the memory is part of what is written: a cache or scratch memory need not be. Seen by changing a byte of it. */
function isWritten(subject: Subject, value: unknown, held: HeldMemory, { protocol }: Form, what: string): boolean {
  const inBand: Form = { protocol, outOfBand: false }
  const bytes = new Uint8Array(held.memory, held.byteOffset, held.byteLength)
  const before = subject.write(value, inBand, what).pickle
  const byte = bytes[0] as number
  bytes[0] = byte ^ 1
  try {
    return firstDifference(before, subject.write(value, inBand, what).pickle) !== undefined
  } catch {
    // The reducer looks at it.
    return true
  } finally {
    bytes[0] = byte
  }
}

function covers({ buffer, byteOffset, byteLength }: PickleBuffer, held: HeldMemory): boolean {
  const end = held.byteOffset + held.byteLength
  return buffer === held.memory && byteOffset <= held.byteOffset && byteOffset + byteLength >= end
}

function expectNoGrowth(written: Written, grown: Written, where: string): void {
  const sum = (buffers: readonly PickleBuffer[] = []): number => buffers.reduce((size, one) => size + one.byteLength, 0)
  const [more, growth] = [sum(grown.buffers) - sum(written.buffers), grown.pickle.length - written.pickle.length]
  if (growth <= GROWTH) return
  throw new CheckFailure(`${where}, with \`grown\``, {
    expected: `the pickle grows by at most ${GROWTH} bytes; what grows is the memory beside it`,
    found: `${growth} more bytes in the pickle, ${more} more beside it`,
    change: 'give the memory as one PickleBuffer, and no second time as a list or bytes in `args`, `state` or items',
  })
}

/** Buffers out of one message lie at any offset; a Float64Array needs a multiple of 8. */
const STARTS: readonly number[] = [1, 4, 16]

function expectAnywhere(
  subject: Subject,
  sample: Sample,
  { pickle, buffers = [] }: Written,
  form: Form,
  what: string,
): void {
  if (buffers.length === 0) return
  for (const { mapping, start } of MAPPINGS.flatMap((mapping) => STARTS.map((start) => ({ mapping, start })))) {
    // Memory that is not theirs lies on both sides.
    const moved = buffers.map((buffer) => {
      const bytes = new Uint8Array(start + buffer.byteLength + 32).fill(0xa5)
      bytes.set(buffer.raw(), start)
      return new PickleBuffer(bytes.subarray(start, start + buffer.byteLength), { readonly: buffer.readonly })
    })
    let found: string | undefined
    let cause: unknown
    try {
      const usual = subject.pickle.loads(pickle, { buffers, mapping })
      found = differenceOf(sample, subject.pickle.loads(pickle, { buffers: moved, mapping }), usual)
    } catch (error) {
      cause = error
      found = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    }
    if (found === undefined) continue
    throw new CheckFailure(
      `${what}, ${formText(form)}, mapping '${mapping}', buffers ${start === 1 ? 'at an odd offset' : `at offset ${start}`} of a larger memory`,
      {
        expected: 'buffers load wherever they lie: out of a network packet they begin at any byte',
        found,
        change:
          'stay between byteOffset and byteOffset + byteLength of the memory, and copy what is not aligned:\n' +
          'const { memory, byteOffset, byteLength } = ctx.memoryOf(v)\n' +
          'const bytes = new Uint8Array(memory, byteOffset, byteLength)\n' +
          'const own = byteOffset % 8 === 0 ? bytes : bytes.slice(); new Float64Array(own.buffer, own.byteOffset, byteLength / 8)',
        cause,
      },
    )
  }
}
