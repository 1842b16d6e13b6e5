/** Every record and every reducer is used by a sample: what is not used is not tested. */
import { globalsIn } from '../inspect/globals-in.ts'
import type { TypeRecord } from '../registry/contract.ts'
import { isInert } from '../registry/inert.ts'
import { CheckFailure } from './check-failure.ts'
import { withArticle } from './difference.ts'
import { nameOfRecord } from './hostile-build.ts'
import { Observer } from './observe.ts'
import { type Form, type Subject, sampleValue } from './subject.ts'
import type { Template } from './templates.ts'

const AUTO: Form = { protocol: 'auto', outOfBand: true }

export function checkCoverage(subject: Subject, templates: readonly Template[]): void {
  const observer = new Observer(subject.plugins)
  const named = new Set<string>()
  const extensionCodes = subject.plugins.flatMap((plugin) => plugin.extensionCodes ?? [])
  for (const sample of subject.samples) {
    const { pickle } = subject.writeBy(observer.pickle, sampleValue(sample), AUTO, 'coverage')
    for (const one of [pickle, ...(sample.pickles ?? [])]) {
      for (const found of globalsIn(one, { extensionCodes }).globals) named.add(nameOfRecord(found))
    }
  }
  for (const { record, plugin, built } of templates) {
    const isName = record.opcodes === undefined ? record.value !== undefined : record.opcodes.length === 0
    const isNameOnly = isInert(record) || isName
    if (isNameOnly ? named.has(nameOfRecord(record)) : built !== undefined) continue
    const name = nameOfRecord(record)
    throw new CheckFailure(`coverage of ${plugin.id}`, {
      expected: 'every record is used by a sample',
      found: isNameOnly ? `no sample refers to ${name}` : `no sample builds ${name}`,
      change: changeFor(record),
    })
  }
  for (const plugin of subject.plugins) {
    const idle = plugin.reducers?.find(
      (reducer) =>
        subject.pickle.registry.findWriter(reducer.class.prototype)?.plugin === plugin.id &&
        !observer.reduced.some(({ object }) => object instanceof reducer.class),
    )
    if (idle === undefined) continue
    throw new CheckFailure(`coverage of ${plugin.id}`, {
      expected: 'every reducer is used by a sample',
      found: `no sample holds ${withArticle(idle.class.name)}`,
      change: `add one: samples: [{ name: '…', make: () => new ${idle.class.name}(…) }]`,
    })
  }
}

function changeFor({ class: type, name, value }: TypeRecord): string {
  if (type !== undefined) return `add one: samples: [{ name: '…', make: () => new ${type.name}(…) }]`
  if (value !== undefined) return `add one: samples: [{ name: '…', value: ${name} }]`
  return (
    'add a sample that is written as this. If only others write it, give what they write, with the value that it is:\n' +
    "samples: [{ name: '…', make: () => …, pickles: [Buffer.from('8004…', 'hex')] }]; Python prints it by pickle.dumps(x).hex()"
  )
}
