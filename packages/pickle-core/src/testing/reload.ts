/** What loads can be written and loads again, the same: for values that no sample holds, but the declaration allows. */
import { isPickleError } from '../errors.ts'
import type { TypeRecord } from '../registry/contract.ts'
import { Float } from '../values/float.ts'
import { PyDict } from '../values/py-dict.ts'
import { Tuple } from '../values/tuple.ts'
import { CheckFailure } from './check-failure.ts'
import { nameOfRecord, statePickle } from './hostile-build.ts'
import type { Built } from './observe.ts'
import { recordDifference } from './record-difference.ts'
import { MAPPINGS, type Mapping, type Subject } from './subject.ts'
import type { Template } from './templates.ts'

/** Values in the place of one that a sample gives: each is lost by a conversion that forgets it. */
const VALUES: readonly (readonly [name: string, value: unknown])[] = [
  ['0', 0],
  ['1', 1],
  ['-7', -7],
  ['2**53', 2n ** 53n],
  ['2**70 + 1', 2n ** 70n + 1n],
  ['2.0', new Float(2)],
  ['-0.0', new Float(-0)],
  ['0.1', new Float(0.1)],
  ['nan', new Float(Number.NaN)],
  ['-inf', new Float(Number.NEGATIVE_INFINITY)],
  ["''", ''],
  ["'Zürich 🏔\\n\\\\'", 'Zürich 🏔\n\\'],
  ["'\\ud800'", '\ud800'],
  ["b'\\x00\\xff'", Uint8Array.of(0, 255)],
  ['False', false],
  ['None', null],
  ['[]', []],
  ['()', new Tuple()],
  ['{}', new PyDict()],
]

export function checkReload(subject: Subject, { record, built }: Template): void {
  if (built === undefined || record.class === undefined || !(built.object instanceof record.class)) return
  const what = `round trip of ${nameOfRecord(record)}, whatever it holds`
  for (const { name, given } of cases(built)) {
    const pickle = statePickle(subject, record, given, { name, ...(given.hasState ? { state: given.state } : {}) })
    if (pickle !== undefined) expectAgain(subject, record, pickle, `${what}: ${name}`)
  }
}

function* cases(built: Built): Generator<{ readonly name: string; readonly given: Built }> {
  for (const [name, value] of VALUES) {
    for (let index = 0; index < Math.min(built.args.length, 16); index++) {
      yield { name: `argument ${index + 1} is ${name}`, given: { ...built, args: built.args.with(index, value) } }
    }
    const { state } = built
    if (!built.hasState) continue
    if (state instanceof PyDict) {
      const entries = [...state]
      for (const [index, [key]] of entries.entries()) {
        const given = { ...built, state: new PyDict(entries.with(index, [key, value])) }
        yield { name: `the state has ${name} for ${String(key)}`, given }
      }
    } else if (state instanceof Tuple) {
      for (let index = 0; index < Math.min(state.length, 16); index++) {
        const given = { ...built, state: Tuple.from([...state].with(index, value)) }
        yield { name: `part ${index + 1} of the state is ${name}`, given }
      }
    } else yield { name: `the state is ${name}`, given: { ...built, state: value } }
  }
}

function expectAgain(subject: Subject, record: TypeRecord, pickle: Uint8Array, where: string): void {
  // The exact mapping tells 2.0 from 2 and -0.0 from 0, so that a record can refuse one of them.
  const load = (): unknown => subject.pickle.loads(pickle, { mapping: 'exact' })
  let again: Uint8Array
  try {
    again = subject.pickle.dumps(load())
  } catch {
    // It may be refused on either way; whether with the right error is for other checks to tell.
    return
  }
  for (const mapping of MAPPINGS) {
    const found = againAs(subject, record, load(), again, mapping)
    if (found === undefined) continue
    throw new CheckFailure(`${where}, mapping '${mapping}'`, {
      expected: 'what loads can be written, and loads again as it was',
      found,
      change:
        '`create` and `setState` take this value, so `reduce` must keep it: no Number(…) of a bigint, no x | 0 and no x || undefined.\n' +
        "A number of yours that is whole is written as an int, 2.0 as 2: so a field for any number is 'float|int'",
    })
  }
}

/** What is wrong with it, if anything. */
function againAs(
  subject: Subject,
  record: TypeRecord,
  value: unknown,
  pickle: Uint8Array,
  mapping: Mapping,
): string | undefined {
  let twin: unknown
  try {
    twin = subject.pickle.loads(pickle, { mapping })
  } catch (error) {
    return isPickleError(error) ? `${error.name}: ${error.message}` : String(error)
  }
  return recordDifference(subject, record, twin, value, isNear)
}

/** Numbers that a conversion there and back may round. */
function isNear(left: unknown, right: unknown): boolean {
  const [a, b] = [left, right].map((one) => (one instanceof Float ? one.value : one))
  if (typeof a !== 'number' || typeof b !== 'number' || a === b) return false
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
}
