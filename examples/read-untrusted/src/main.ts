/**
 * Opens pickles from strangers. It lists what each file asks for, loads the classes that you allow as data, and refuses everything
 * else. Nothing that a file names is imported, called or run.
 *
 *     npm run read-untrusted
 *     npm run read-untrusted -- orders.pkl --allow shop.models:Order --allow shop.models:Customer
 */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createPickle, inertPlugin, isPickleError, type Limits, type Pickle } from '@pickle-ts/pickle-core'
import { sizes } from '@pickle-ts/pickle-core/inspect'
import { brief } from './brief.ts'
import { fieldsOf, objectsIn } from './objects.ts'
import { printable } from './printable.ts'
import { makeSamples } from './samples.ts'
import { scan } from './scan.ts'

/** Far below the defaults, because these files are small. A file that needs more is refused, and the error names the limit. */
const LIMITS: Partial<Limits> = { maxItems: 100_000, maxDepth: 100, maxStringBytes: 1_000_000 }
const MOST_BYTES = 100_000_000
const MOST_NAMES = 10

/** Says all about one file. Answers whether it was opened. */
function report(pickle: Pickle, name: string, bytes: Uint8Array): boolean {
  console.log(`\n${name}, ${bytes.length} bytes`)
  const { globals, error } = scan(bytes, LIMITS)
  const names = globals.slice(0, MOST_NAMES).map(({ module, name }) => printable(`${module}.${name}`))
  if (globals.length > MOST_NAMES) names.push(`${globals.length - MOST_NAMES} more`)
  console.log(`  asks for  ${names.join(', ') || 'nothing'}${error ? ', as far as it can be read' : ''}`)
  try {
    const [, largest] = sizes(bytes, { limits: LIMITS }).largest(2)
    if (largest) console.log(`  largest   ${largest.bytes} bytes at ${printable(`${largest.path}, ${largest.type}`)}`)
    const value = pickle.loads(bytes)
    // What the scan could not read to its end may ask for more in Python than is listed.
    if (error !== undefined) throw error
    console.log(`  opened    ${brief(value)}`)
    for (const { where, object } of objectsIn(value, MOST_NAMES)) {
      const fields = fieldsOf(object).map(([field, part]) => `${printable(field)} = ${brief(part)}`)
      console.log(`    ${printable(where)} ${brief(object)} ${fields.join(', ')}`)
    }
    return true
  } catch (problem) {
    if (!isPickleError(problem)) throw problem
    console.log(`  REFUSED   ${problem.code}: ${printable(problem.message, 1000)}`)
    return false
  }
}

/** The files on the command line, from where the user stands: npm starts the script at the root. */
function read(file: string): [name: string, bytes: Uint8Array] {
  const full = path.resolve(process.env['INIT_CWD'] ?? '', file)
  const { size } = statSync(full)
  if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes, and ${MOST_BYTES} are the most`)
  return [file, readFileSync(full)]
}

/** `shop.models:Order`. A class is one exact pair: who allows a whole module allows what it will hold next year, too. */
function pairOf(text: string): [module: string, name: string] {
  const [module, name, ...rest] = text.split(':')
  if (!module || !name || rest.length > 0) throw new Error(`--allow takes module:Class, not ${text}`)
  return [module, name]
}

function main(): number {
  const { values, positionals: files } = parseArgs({
    allowPositionals: true,
    options: { allow: { type: 'string', multiple: true, default: [] } },
  })
  const isDemo = files.length === 0
  const allowed = isDemo ? ['shop.models:Order', 'shop.models:Customer'] : values.allow
  const pickle = createPickle({ plugins: [inertPlugin(allowed.map(pairOf))], limits: LIMITS })
  console.log('All that a file can make this program build, besides plain data, and by which opcodes:')
  for (const { module, name, opcodes, plugin } of pickle.registry.list()) {
    console.log(`  ${`${module}.${name}`.padEnd(26)} ${(opcodes.join(' ') || 'only named').padEnd(32)} ${plugin}`)
  }
  const inputs = isDemo ? makeSamples(process.env['PICKLE_TS_PYTHON']) : files.map(read)
  const refused = inputs.filter(([name, bytes]) => !report(pickle, name, bytes))
  console.log(`\n${inputs.length - refused.length} opened, ${refused.length} refused`)
  return isDemo || refused.length === 0 ? 0 : 1
}

try {
  process.exitCode = main()
} catch (error) {
  console.error(`read-untrusted: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 2
}
