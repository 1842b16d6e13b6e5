/**
 * Runs the hostile vectors without one guard at a time: a child of guards.mjs, under hook.mjs. Writes a line of JSON for each
 * result, so that what hangs or dies shows which guard it was at.
 */
import { outcomeOf } from '../../packages/pickle-core/test/hostile/vectors/vector.ts'
import { INSTRUMENTED_VECTORS as VECTORS } from '../../packages/pickle-core/test/hostile/vectors/vectors.ts'

const state = globalThis.__guards
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

/** Whether a vector does what it should. */
function holds(vector) {
  try {
    return outcomeOf(vector) === vector.expected
  } catch {
    return false
  }
}

// Which vectors reach which guard, and that all hold while every guard is there.
const byGuard = state.guards.map(() => [])
for (const vector of VECTORS) {
  state.reached.fill(0)
  if (!holds(vector)) say({ broken: vector.name })
  state.reached.forEach((count, id) => {
    if (count > 0) byGuard[id].push(vector)
  })
}
say({
  reached: byGuard.map(({ length }, id) => ({
    where: `${state.guards[id].file}:${state.guards[id].line} ${state.guards[id].text}`,
    vectors: length,
  })),
})

const from = Number(process.argv[2] ?? state.guards.length)
for (let id = from; id < state.guards.length; id++) {
  say({ at: id })
  state.mutant = id
  const killer = byGuard[id].find((vector) => !holds(vector))
  state.mutant = -1
  say({ id, killer: killer?.name })
}
