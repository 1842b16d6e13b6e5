/** Real pickles with a byte, an opcode or a memo index changed: what a plugin's own declaration does not think of. */
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { Attempts } from './attempts.ts'
import { mutate, opcodesOf } from './mutations.ts'
import { Random } from './random.ts'
import type { Sample } from './sample.ts'
import { type Form, type Subject, sampleText, sampleValue } from './subject.ts'

/** How many changed pickles there are, and which. */
export interface MutationOptions {
  /** How many for each sample. Default 500. */
  readonly count?: number | undefined
  /** Another seed makes other changes. Default 1. */
  readonly seed?: number | undefined
  /** The number of the first one; a failure names it. Default 0. */
  readonly from?: number | undefined
}

/** Returns why the check was skipped, if it was. */
export function checkHostileBytes(
  subject: Subject,
  sample: Sample,
  options: MutationOptions,
  maxMemory: number,
): string | undefined {
  if (subject.isGreedy) return GREEDY
  const { count = 500, seed = 1, from = 0 } = options
  const what = `changed pickles of ${sampleText(sample)}`
  const attempts = new Attempts(subject, maxMemory)
  const pickles = [
    ...subject.forms.map((form) => taken(subject, sample, form, what)),
    ...(sample.pickles ?? []).map((pickle) => ({ opcodes: opcodesOf(pickle), buffers: undefined })),
  ]
  for (let number = from; number < from + count; number++) {
    const random = new Random(seed, number)
    const { opcodes, buffers } = random.pick(pickles)
    const pickle = mutate(opcodes, random)
    // Memory of its own each time: a plugin may write to it.
    const given = buffers?.map(
      (bytes) => new PickleBuffer(bytes.slice(random.chance(0.2) ? 1 : 0), { readonly: random.chance(0.2) }),
    )
    const rerun = `mutations: { seed: ${seed}, from: ${number}, count: 1 }`
    attempts.load(
      pickle,
      {
        what: `${what}, number ${number}`,
        change: () => `run it alone: reducerChecks({ …, ${rerun} })\n${CHANGE}`,
      },
      given === undefined ? {} : { buffers: given },
    )
  }
  attempts.finish(what)
  return undefined
}

const GREEDY =
  'not run: another check found that a load takes as much memory as a file says, which could end the process'

const CHANGE =
  'check in `create`, `setState` and the items what `args` and `state` do not say: ranges, lengths, formats of texts'

function taken(
  subject: Subject,
  sample: Sample,
  form: Form,
  what: string,
): { readonly opcodes: readonly Uint8Array[]; readonly buffers: readonly Uint8Array[] | undefined } {
  const { pickle, buffers } = subject.write(sampleValue(sample), form, what)
  return { opcodes: opcodesOf(pickle), buffers: buffers?.map((buffer) => buffer.raw().slice()) }
}
