/** What a record is given stays as it is: others in the file may refer to it, too. */
import { PyDict } from '../values/py-dict.ts'
import { Tuple } from '../values/tuple.ts'
import { CheckFailure } from './check-failure.ts'
import { difference } from './difference.ts'
import { nameOfRecord, Self, statePickle } from './hostile-build.ts'
import { MAPPINGS, type Mapping, type Subject } from './subject.ts'
import type { Template } from './templates.ts'

/** Each list and dict that a sample gives stands beside the object once more. */
export function checkGiven(subject: Subject, { record, built }: Template): void {
  if (built === undefined) return
  const state = built.hasState ? { state: built.state } : {}
  const given = [...built.args, ...partsOf(built.state)].filter((part) => Array.isArray(part) || part instanceof PyDict)
  for (const part of given) {
    const self = new Self()
    const pickle = statePickle(subject, record, built, { name: '', ...state }, self, Tuple.of(self, part))
    if (pickle === undefined) continue
    for (const mapping of MAPPINGS) {
      const differs = changeOf(subject, pickle, mapping, part)
      if (differs === undefined) continue
      throw new CheckFailure(`sharing of what ${nameOfRecord(record)} is given, mapping '${mapping}'`, {
        expected: 'a list or dict that also stands beside the object is there as it was',
        found: `${differs} ($ is the list or dict)`,
        change:
          'what `create` and `setState` are given may stand elsewhere in the file, too: read it, or copy it and change the copy',
      })
    }
  }
}

/** How the list or dict beside the object has changed, if it has. */
function changeOf(subject: Subject, pickle: Uint8Array, mapping: Mapping, part: unknown): string | undefined {
  try {
    const [, found] = subject.pickle.loads<Tuple>(pickle, { mapping })
    return difference(found, part)
  } catch {
    // What does not load is for other checks to tell.
    return undefined
  }
}

function partsOf(state: unknown): readonly unknown[] {
  if (state instanceof PyDict) return [state, ...state.values()]
  return state instanceof Tuple ? [...state] : [state]
}
