// The generated data: makes it when it is missing or older than its generator, and reads it.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('../make_data.py', import.meta.url))
export const FOLDER = fileURLToPath(new URL('../.data/', import.meta.url))

/** Runs make_data.py unless .data already holds what this version of it writes. */
export function ensureData(python) {
  const stamp = `${FOLDER}stamp`
  const wanted = createHash('sha256').update(readFileSync(SCRIPT)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write(`making the data with ${python} ...\n`)
  execFileSync(python, [SCRIPT, FOLDER], { env: { ...process.env, PYTHONHASHSEED: '0' }, stdio: 'inherit' })
  writeFileSync(stamp, wanted)
}

/** The pickle of a row, as a plain Uint8Array with memory of its own. */
export function pickleOf(name) {
  return new Uint8Array(readFileSync(`${FOLDER}${name}.pickle`))
}

export function twinOf(name) {
  return readFileSync(`${FOLDER}${name}.json`, 'utf8')
}
