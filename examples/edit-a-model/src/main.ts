/**
 * Opens files that Python's libraries wrote, changes one number in each, and writes them back; then the libraries load them. Nothing
 * here knows a class of theirs, and nothing of them runs in this process.
 *
 *     npm run edit-a-model
 *     npm run edit-a-model -- sklearn pandas
 */
import { dumps, loads, type PyObject } from '@pickle-ts/pickle-core'
import { globalsIn } from '@pickle-ts/pickle-core/inspect'
import { DELTA, EDITS } from './edits.ts'
import { Library } from './library.ts'

const library = new Library(process.env['PICKLE_TS_PYTHON'] ?? 'python3')
const here = library.list()
const asked = process.argv.slice(2)
const missing = asked.filter((name) => !here.includes(name))
if (missing.length > 0) {
  console.error(`${missing.join(', ')}: not in this Python. It has ${here.join(', ') || 'none of the libraries'}.`)
  process.exit(1)
}

let ok = true
for (const name of asked.length > 0 ? asked : here) {
  const before = library.make(name, 'default')
  const object = loads<PyObject>(before, { mapping: 'exact', unknownGlobals: 'inert' })
  // The second byte of a pickle is its protocol: it is written back at the same.
  const options = { protocol: before[1] as 2 | 3 | 4 | 5 }
  const same = Buffer.compare(dumps(object, options), before) === 0
  const change = EDITS[name]?.(object)
  const after = dumps(object, options)
  const verdict = library.judge(name, 'default', before, after)

  console.log(`\n${name}: ${object}, ${before.length} bytes`)
  for (const { module, name } of globalsIn(before).globals) console.log(`  asks for ${module} ${name}`)
  console.log(`  written back unchanged: ${same ? 'the same bytes' : 'other bytes'}`)
  console.log(`  changed: ${change}`)
  console.log(
    `  ${name} says: changed by ${verdict.changed.join(', ')}; all else ${verdict.rest ? 'as it was' : 'NOT as it was'}`,
  )
  ok &&= same && verdict.rest && verdict.changed.join() === String(DELTA)
}
console.log(ok ? '\nAll is as it should be.' : '\nSomething is NOT as it should be.')
process.exitCode = ok ? 0 : 1
