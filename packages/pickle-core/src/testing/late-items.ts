/** A list or dict in the state of an object gets its items later, if the object stands in it: then nothing may be lost. */
import type { TypeRecord } from '../registry/contract.ts'
import { PyDict } from '../values/py-dict.ts'
import { Tuple } from '../values/tuple.ts'
import { CheckFailure } from './check-failure.ts'
import { Self, statePickle } from './hostile-build.ts'
import type { Built } from './observe.ts'
import { recordDifference } from './record-difference.ts'
import { MAPPINGS, type Subject } from './subject.ts'

/** The same graph twice: read from its list, which is incomplete when the object gets its state; and from the object. */
export function checkLateItems(subject: Subject, record: TypeRecord, built: Built, what: string): void {
  for (const { name, kind, stateWith } of places(built.state)) {
    const self = new Self()
    const container = kind === 'list' ? [self] : new PyDict([['self', self]])
    const parts = { name, state: stateWith(container) }
    const late = statePickle(subject, record, built, parts, self, container)
    const early = statePickle(subject, record, built, parts, self)
    if (late === undefined || early === undefined) continue
    for (const mapping of MAPPINGS) {
      let found: string | undefined
      try {
        const whole = subject.pickle.loads(late, { mapping })
        const object = kind === 'list' ? (whole as unknown[])[0] : itemOf(whole)
        found = recordDifference(subject, record, object, subject.pickle.loads(early, { mapping }))
      } catch {
        // It may refuse such a thing.
      }
      if (found === undefined) continue
      throw new CheckFailure(`${what}: it stands in the ${kind} that is its ${name}, mapping '${mapping}'`, {
        expected: `the ${kind} has all of its items in the end, whoever is read first`,
        found: `read from the ${kind}, ${found}`,
        change:
          `a ${kind} in the state gets its items after \`setState\` where the object itself stands in it. Keep the ${kind} that is given,\n` +
          'and do not copy it (slice, map, […items], new Map(…)): what must be made of it is made when it is first asked for',
      })
    }
  }
}

interface Place {
  readonly name: string
  readonly kind: 'list' | 'dict'
  stateWith(container: unknown): unknown
}

/** Where in the state a sample has a list or a dict. */
function places(state: unknown): readonly Place[] {
  const found: Place[] = []
  const add = (name: string, value: unknown, stateWith: Place['stateWith']): void => {
    const isList = Array.isArray(value) && !(value instanceof Tuple)
    if (isList || value instanceof PyDict) found.push({ name, kind: isList ? 'list' : 'dict', stateWith })
  }
  if (state instanceof PyDict) {
    const entries = [...state]
    for (const [index, [key, value]] of entries.entries())
      add(`state at ${String(key)}`, value, (container) => new PyDict(entries.with(index, [key, container])))
  } else if (state instanceof Tuple) {
    for (const [index, value] of state.entries())
      add(`state at ${index}`, value, (container) => Tuple.from([...state].with(index, container)))
  } else add('state', state, (container) => container)
  return found
}

function itemOf(dict: unknown): unknown {
  if (dict instanceof Map || dict instanceof PyDict) return dict.get('self')
  return (dict as { readonly self?: unknown }).self
}
