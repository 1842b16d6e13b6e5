/**
 * A class with a typed array goes to stock Python, is changed there, and comes back as what it was: with a reducer of 30 lines. Then the
 * test kit looks for whatever could be wrong with these.
 *
 *     npm run custom-reducer
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createPickle, type PickleBuffer } from '@pickle-ts/pickle-core'
import { reducerChecks } from '@pickle-ts/pickle-core/testing'
import { samples } from './samples.ts'
import { Signal } from './signal.ts'
import { signalPlugin } from './signal-plugin.ts'

const { dumps, loads } = createPickle({ plugins: [signalPlugin] })
const tone = Signal.tone(440, 0.5)
console.log(`A tone of ${tone.duration} s, peak ${tone.peak.toFixed(2)}`)

const buffers: PickleBuffer[] = []
const pickle = dumps(tone, { bufferCallback: buffers })
const isSame = buffers[0]?.buffer === tone.samples.buffer
console.log(
  `Out of band: ${pickle.length} bytes of pickle, and ${buffers[0]?.byteLength} bytes beside it, ${isSame ? 'not copied' : 'COPIED'}`,
)

const python = process.env['PICKLE_TS_PYTHON']
if (python === undefined) console.log('To Python and back: left out, there is no Python here')
else {
  console.log('To Python and back:')
  const script = fileURLToPath(new URL('quieter.py', import.meta.url))
  // -I: nothing but the standard library.
  const { stdout, status } = spawnSync(python, ['-I', script], {
    input: dumps(tone),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error('Python failed')
  const quiet = loads<Signal>(stdout)
  console.log(`  back here it is a ${quiet.constructor.name} of ${quiet.duration} s, peak ${quiet.peak.toFixed(2)}`)
}

const checks = reducerChecks({ plugin: signalPlugin, samples, pythonCommand: python })
for (const { name, run } of checks) {
  const skipped = await run()
  if (skipped !== undefined) console.log(`skipped: ${name}: ${skipped}`)
}
console.log(
  `The test kit finds nothing: ${checks.length} checks, ${[...new Set(checks.map(({ kind }) => kind))].join(', ')}`,
)
