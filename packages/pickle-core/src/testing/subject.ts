/** What is tested: the plugins, their samples, and the forms in which values are written. */
import { createPickle, type Pickle } from '../create-pickle.ts'
import type { Plugin, TypeRecord } from '../registry/contract.ts'
import type { PickleBuffer } from '../values/pickle-buffer.ts'
import { adviceFor } from './advice.ts'
import { CheckFailure } from './check-failure.ts'
import { plainPlugins } from './plain-plugin.ts'
import type { Sample } from './sample.ts'

export type Protocol = 0 | 1 | 2 | 3 | 4 | 5 | 'auto'

/** A way to write a value. */
export interface Form {
  readonly protocol: Protocol
  readonly outOfBand: boolean
}

/** A pickle, with the buffers that travel beside it. */
export interface Written {
  readonly pickle: Uint8Array
  readonly buffers: readonly PickleBuffer[] | undefined
}

export const MAPPINGS = ['native', 'exact'] as const
export type Mapping = (typeof MAPPINGS)[number]

export class Subject {
  /** The plugins as plain objects; the codec has them as they were given. */
  readonly plugins: readonly Plugin[]
  /** Whether a hostile load took too much memory: others may take all of it, and end the process. */
  isGreedy = false
  readonly samples: readonly Sample[]
  readonly protocols: readonly Protocol[]
  readonly pickle: Pickle

  constructor(plugins: readonly Plugin[], samples: readonly Sample[], protocols: readonly Protocol[]) {
    this.samples = samples
    this.protocols = protocols
    this.pickle = createPickle({ plugins })
    this.plugins = plainPlugins(plugins)
  }

  /** Whether the record is the plugin's own still: another plugin may have taken it over (`replaces`). */
  owns({ id }: Plugin, { module, name }: TypeRecord): boolean {
    return this.pickle.registry.findType(module, name)?.plugin === id
  }

  /** Every form of these protocols. */
  get forms(): readonly Form[] {
    return this.protocols.flatMap((protocol) => [
      { protocol, outOfBand: false },
      ...(protocol === 'auto' || protocol === 5 ? [{ protocol, outOfBand: true }] : []),
    ])
  }

  /** The forms whose buffers travel beside the pickle. */
  get outOfBandForms(): readonly Form[] {
    return this.forms.filter(({ outOfBand }) => outOfBand)
  }

  /** Writes a value; what goes wrong names the sample and the form. */
  write(value: unknown, form: Form, what: string): Written {
    return this.writeBy(this.pickle, value, form, what)
  }

  /** The same, with another codec of these plugins. */
  writeBy(pickle: Pickle, value: unknown, form: Form, what: string): Written {
    try {
      return writeWith(pickle, value, form)
    } catch (cause) {
      throw this.#cannot(what, form, 'it can be written', cause)
    }
  }

  /** Reads it again. */
  read({ pickle, buffers }: Written, mapping: Mapping, form: Form, what: string): unknown {
    try {
      return this.pickle.loads(pickle, { mapping, ...(buffers === undefined ? {} : { buffers }) })
    } catch (cause) {
      throw this.#cannot(`${what}, mapping '${mapping}'`, form, 'what was written loads', cause)
    }
  }

  /** Reads a pickle that a sample brings along. */
  readGiven(pickle: Uint8Array, mapping: Mapping, what: string): unknown {
    try {
      return this.pickle.loads(pickle, { mapping })
    } catch (cause) {
      throw cannot(what, 'the pickle that the sample gives loads', cause)
    }
  }

  #cannot(what: string, form: Form, expected: string, cause: unknown): CheckFailure {
    return cannot(`${what}, ${formText(form)}`, expected, cause)
  }
}

function cannot(where: string, expected: string, cause: unknown): CheckFailure {
  const found = cause instanceof Error ? `${cause.name}: ${cause.message}` : `${String(cause)} was thrown`
  return new CheckFailure(where, { expected, found, change: adviceFor(cause), cause })
}

function writeWith(pickle: Pickle, value: unknown, { protocol, outOfBand }: Form): Written {
  if (!outOfBand) return { pickle: pickle.dumps(value, { protocol }), buffers: undefined }
  const buffers: PickleBuffer[] = []
  return { pickle: pickle.dumps(value, { protocol, bufferCallback: buffers }), buffers }
}

export function formText({ protocol, outOfBand }: Form): string {
  const name = protocol === 'auto' ? "protocol 'auto'" : `protocol ${protocol}`
  return `${name}, ${outOfBand ? 'out of band' : 'in band'}`
}

/** The sample, for the head of a message. */
export function sampleText(sample: Sample): string {
  return `sample ${JSON.stringify(sample.name)}`
}

/** The value of a sample: a fresh one, if the sample can make it. What its `make` throws is no fault of the plugin. */
export function sampleValue(sample: Sample): unknown {
  try {
    return sample.make === undefined ? sample.value : sample.make()
  } catch (cause) {
    throw new CheckFailure(sampleText(sample), {
      expected: '`make` gives the value of the sample',
      found: `it threw: ${String(cause)}`,
      change: 'the sample, not the plugin',
      cause,
    })
  }
}
