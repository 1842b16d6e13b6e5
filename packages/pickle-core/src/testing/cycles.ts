/** Objects that contain themselves, by state or items: they load, or an error says why not; and what loads can be written again. */
import { isPickleError, ReducerError } from '../errors.ts'
import { PyDict } from '../values/py-dict.ts'
import { Tuple } from '../values/tuple.ts'
import { isAccident } from './accident.ts'
import { Attempts } from './attempts.ts'
import { CheckFailure } from './check-failure.ts'
import { nameOfRecord, Self, type StateCase, statePickle } from './hostile-build.ts'
import { checkLateItems } from './late-items.ts'
import type { Subject } from './subject.ts'
import type { Template } from './templates.ts'

export function checkCycles(subject: Subject, { record, built }: Template, maxMemory: number): void {
  if (built === undefined) return
  const what = `cycles through ${nameOfRecord(record)}`
  const attempts = new Attempts(subject, maxMemory)
  const self = new Self()
  for (const one of selfCases(built.state, self)) {
    const pickle = statePickle(subject, record, built, one, self)
    if (pickle === undefined) continue
    attempts.load(pickle, { what: `${what}: ${one.name}`, change: () => CHANGE })
    expectWritable(subject, pickle, `${what}: ${one.name}`)
  }
  checkLateItems(subject, record, built, what)
  attempts.finish(what)
}

const CHANGE =
  'in `setState` and the items, only keep what is given: the object itself may be in it, and may not have all of its state yet.\n' +
  'Do not walk it, copy it or call its methods; what must be computed from it is computed when it is first asked for'

function expectWritable(subject: Subject, pickle: Uint8Array, where: string): void {
  let value: unknown
  try {
    value = subject.pickle.loads(pickle)
  } catch {
    return
  }
  try {
    subject.pickle.dumps(value)
  } catch (error) {
    const cause = error instanceof ReducerError ? error.cause : error
    if (isPickleError(error) && !isAccident(cause)) return
    throw new CheckFailure(`${where}, and dumped again`, {
      expected: 'an object that contains itself can be written, or a PickleError says why not',
      found: String(error),
      change: 'in `reduce`, hand on the parts as they are; the codec follows them, and stops at what it has seen',
      cause: error,
    })
  }
}

/** An object in its own state and items. */
function selfCases(state: unknown, self: Self): readonly StateCase[] {
  const cases: StateCase[] = [
    { name: 'it is its own state', state: self },
    { name: 'it is an item of its own', listItems: [self, self] },
    { name: 'it is an item of its own, as in a set', listItems: [self, self], asSet: true },
    { name: 'it is a dict item of its own', dictItems: [['self', self]] },
    { name: 'it is a key of its own', dictItems: [[self, 1]] },
  ]
  const add = (name: string, own: unknown): void => void cases.push({ name, state: own })
  if (state instanceof PyDict) {
    const entries = [...state]
    for (const [index, [key]] of entries.entries()) {
      add(`its state has it for ${String(key)}`, new PyDict(entries.with(index, [key, self])))
      add(`its state has a list with it for ${String(key)}`, new PyDict(entries.with(index, [key, [self]])))
    }
  } else if (state instanceof Tuple || Array.isArray(state)) {
    for (let index = 0; index < state.length; index++) {
      const parts = [...state].with(index, self)
      add(`its state has it for part ${index + 1}`, state instanceof Tuple ? Tuple.from(parts) : parts)
    }
  } else add('its state is a list with it', [self])
  return cases
}
