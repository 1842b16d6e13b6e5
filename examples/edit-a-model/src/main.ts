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
import { outline } from './outline.ts'

const library = new Library(process.env['PICKLE_TS_PYTHON'] ?? 'python3')
const found = library.list()
const here = Object.keys(found).filter((name) => 'version' in (found[name] ?? {}))
const asked = process.argv.slice(2)
const missing = asked.filter((name) => !here.includes(name))
if (missing.length > 0 || here.length === 0) {
  console.error(
    `${missing.join(', ') || 'The libraries'}: not in this Python. It has ${here.join(', ') || 'none of the libraries'}.`,
  )
  process.exit(1)
}

let ok = true
for (const name of asked.length > 0 ? asked : here) {
  const [before] = library.make(name, 'default')
  const object = loads<PyObject>(before, { mapping: 'exact', unknownGlobals: 'inert' })
  console.log(`\n${name}: ${object}, ${before.length} bytes`)
  for (const line of outline(object)) console.log(`    ${line}`)
  console.log(`  asks for ${globalsIn(before).globals.length} classes and functions, and none was run`)

  // The second byte of a pickle is its protocol: it is written back at the same.
  const options = { protocol: before[1] as 2 | 3 | 4 | 5 }
  const unchanged = dumps(object, options)
  const change = EDITS[name]?.(object)
  const changed = dumps(object, options)
  const [first, second] = library.judge(name, before, unchanged, changed)

  const isSame = Buffer.compare(unchanged, before) === 0
  const isEqual = first.rest && first.changed.length === 0
  const rest = second.rest ? 'as it was' : 'NOT as it was'
  console.log(`  written back unchanged: ${isSame ? 'the same' : 'other'} bytes, ${isEqual ? 'equal' : 'NOT equal'}`)
  console.log(`  changed: ${change}`)
  console.log(`  ${name} says: changed by ${second.changed.join(', ')}; all else ${rest}`)
  ok &&= isEqual && second.rest && second.changed.join() === String(DELTA)
}
console.log(ok ? '\nAll is as it should be.' : '\nSomething is NOT as it should be.')
process.exitCode = ok ? 0 : 1
