/**
 * Loads the sources of the codec with instruments in them: `node --import ./scripts/instrument/hook.mjs`, with
 * PICKLE_TS_INSTRUMENT=guards or steps. Node strips the types of everything else.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { instrumentGuards } from './guards.mjs'
import { SOURCES } from './sources.mjs'
import { countBuiltins, instrumentSteps } from './steps.mjs'

const kind = process.env.PICKLE_TS_INSTRUMENT
const base = pathToFileURL(SOURCES).href

let files
if (kind === 'guards') {
  const { guards, files: instrumented } = instrumentGuards()
  files = instrumented
  // Which guard is as if it were not there, and how often each was asked.
  const state = { guards, mutant: -1, reached: new Uint32Array(guards.length) }
  globalThis.__guards = state
  globalThis.__guard = (id) => {
    state.reached[id]++
    return id === state.mutant
  }
} else if (kind === 'steps') {
  files = instrumentSteps()
  globalThis.__steps = { count: 0 }
  countBuiltins(globalThis.__steps)
} else throw new Error('PICKLE_TS_INSTRUMENT must be guards or steps')

registerHooks({
  load(url, context, nextLoad) {
    const source = url.startsWith(base) ? files.get(url.slice(base.length)) : undefined
    return source === undefined ? nextLoad(url, context) : { format: 'module', source, shortCircuit: true }
  },
})
