// The table of kept memory: what the values of one loads hold, after garbage collection.
import { MEMORY_ROWS } from '../rows.mjs'
import { FOLDER } from './data.mjs'
import { pythonArgs } from './pythons.mjs'
import { runNode } from './rounds.mjs'
import { runJson } from './spawn.mjs'

/** @returns {Promise<{ subject: string, data: string, kept?: number, failure?: string }[]>} */
export async function measureMemory(subjects, { stopped, progress }) {
  const out = []
  for (const it of withExact(subjects)) {
    for (const { data, times } of MEMORY_ROWS) {
      if (stopped()) return out
      progress(`memory  ${data} ${it.label}`)
      try {
        const { kept } = await keptBy(it, data, times)
        out.push({ subject: it.label, data, kept })
      } catch (error) {
        out.push({ subject: it.label, data, failure: error.message })
      }
    }
  }
  progress('')
  return out
}

/** Ours counts twice: with `mapping: 'exact'` as well. */
function withExact(subjects) {
  return subjects.flatMap((subject) => {
    const plain = { subject, label: subject.id, exact: false }
    return subject.id === 'ours' ? [plain, { subject, label: 'ours, exact', exact: true }] : [plain]
  })
}

function keptBy({ subject, exact }, data, times) {
  if (subject.runtime === 'cpython') {
    return runJson(subject.entry, pythonArgs({ pickle: `${FOLDER}${data}.pickle`, op: 'kept', times }))
  }
  return runNode(['--expose-gc'], { op: 'kept', subject: subject.id, entry: subject.entry, data, times, exact })
}
