/** State and items that no sample gives, for records that take them and for those that do not. */
import type { TypeRecord } from '../registry/contract.ts'
import { PyDict } from '../values/py-dict.ts'
import { Tuple } from '../values/tuple.ts'
import { Attempts } from './attempts.ts'
import { nameOfRecord, type StateCase, statePickle } from './hostile-build.ts'
import { HOSTILE_KEYS, HOSTILE_VALUES } from './hostile-values.ts'
import type { Subject } from './subject.ts'
import type { Template } from './templates.ts'

export function checkHostileState(subject: Subject, { record, built }: Template, maxMemory: number): void {
  if (built === undefined) return
  const what = `hostile state for ${nameOfRecord(record)}`
  const attempts = new Attempts(subject, maxMemory)
  const type = record.class !== undefined && built.object instanceof record.class ? record.class : undefined
  for (const one of cases(built.state)) {
    const pickle = statePickle(subject, record, built, one)
    if (pickle === undefined) continue
    attempts.load(pickle, { what: `${what}: ${one.name}`, type, change: () => changeFor(record) })
  }
  attempts.finish(what)
}

function* cases(state: unknown): Generator<StateCase> {
  yield { name: 'none' }
  for (const { name, make } of HOSTILE_VALUES) {
    yield { name: `the state ${name}`, state: make() }
    yield { name: `the state ({…}, ${name})`, state: Tuple.of(new PyDict(), make()) }
    yield { name: `the list items ${name}, twice`, listItems: [make(), make()] }
    yield { name: `the set items ${name}, twice`, listItems: [make(), make()], asSet: true }
    yield { name: `the dict item 'a': ${name}`, dictItems: [['a', make()]] }
    yield {
      name: `the dict item ${name}: 1, twice`,
      dictItems: [
        [make(), 1],
        [make(), 1],
      ],
    }
  }
  for (const key of HOSTILE_KEYS) {
    const inner = new PyDict([['polluted', true]])
    yield { name: `the dict item ${JSON.stringify(key)}: {'polluted': True}`, dictItems: [[key, inner]] }
  }
  yield* partCases(state)
}

/** The state of a sample, with one part changed. */
function* partCases(state: unknown): Generator<StateCase> {
  if (state instanceof PyDict) {
    const entries = [...state]
    for (const key of HOSTILE_KEYS) {
      for (const item of [1, new PyDict([['polluted', true]])]) {
        yield {
          name: `the state with a further key ${JSON.stringify(key)}`,
          state: new PyDict([...entries, [key, item]]),
        }
      }
    }
    for (const [index, [key]] of entries.entries()) {
      yield { name: `the state without ${String(key)}`, state: new PyDict(entries.toSpliced(index, 1)) }
      for (const { name, make } of HOSTILE_VALUES) {
        yield { name: `the state with ${String(key)}: ${name}`, state: new PyDict(entries.with(index, [key, make()])) }
      }
    }
  } else if (state instanceof Tuple || Array.isArray(state)) {
    const from = (parts: readonly unknown[]): unknown => (state instanceof Tuple ? Tuple.from(parts) : parts)
    const parts = [...state]
    yield { name: 'the state with a further part', state: from([...parts, null]) }
    for (let index = 0; index < Math.min(parts.length, 16); index++) {
      yield { name: `the state with only ${index} parts`, state: from(parts.slice(0, index)) }
      for (const { name, make } of HOSTILE_VALUES) {
        yield { name: `the state with ${name} for part ${index + 1}`, state: from(parts.with(index, make())) }
      }
    }
  }
}

function changeFor(record: TypeRecord): string {
  return (
    `say in the record of ${nameOfRecord(record)} what its state is, and take its parts by name:\n` +
    "state: 'dict', setState: (o, state, { check }) => { o.x = check.float(check.dict(state, 'state').get('x'), 'x') }\n" +
    'append, setItem and addItem get anything: check an item before it is used'
  )
}
