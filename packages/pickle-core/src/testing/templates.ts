/** What the samples' own pickles give to each record: the pattern of what hostile pickles are made from. */
import type { Plugin, TypeRecord } from '../registry/contract.ts'
import { type Built, Observer } from './observe.ts'
import { type Form, type Subject, sampleValue } from './subject.ts'

const OUT: Form = { protocol: 'auto', outOfBand: true }

/** A record of a plugin under test, and how a sample builds it. */
export interface Template {
  readonly record: TypeRecord
  readonly plugin: Plugin
  /** The first object that a sample built; undefined if none does. */
  readonly built: Built | undefined
}

/** One for each record of the plugins, in their order. */
export function templatesOf(subject: Subject): Template[] {
  const observer = new Observer(subject.plugins)
  for (const sample of subject.samples) {
    try {
      const { pickle, buffers } = subject.write(sampleValue(sample), OUT, 'a template')
      observer.pickle.loads(pickle, { mapping: 'exact', ...(buffers === undefined ? {} : { buffers }) })
      for (const given of sample.pickles ?? []) observer.pickle.loads(given, { mapping: 'exact' })
    } catch {
      // Another check tells.
    }
  }
  const first = new Map<TypeRecord, Built>()
  for (const built of observer.built) {
    const known = first.get(built.record)
    // One with a state shows more.
    if (known === undefined || (built.hasState && !known.hasState)) first.set(built.record, built)
  }
  return subject.plugins.flatMap((plugin) =>
    (plugin.types ?? [])
      .filter((record) => subject.owns(plugin, record))
      .map((record) => ({ record, plugin, built: first.get(record) })),
  )
}
