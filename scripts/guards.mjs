// Removes each guard of the codec in turn, and looks whether a hostile vector notices.
// `npm run guards` prints every guard that none reaches, and every one that can be removed unnoticed.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { instrumentGuards } from './instrument/guards.mjs'

/** How long the vectors of one guard may take: without it, some never end. */
const PATIENCE = 20_000

/** Guards that may survive, by file and text, with the reason. At most three. */
const ARGUED = new Map()

const { guards } = instrumentGuards()
const results = new Map()
let reached = []
const broken = []

/** Runs a child from one guard on; gives the guard at which it hung or died, or undefined. */
function runFrom(id) {
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '--max-old-space-size=1024',
      '--conditions=@pickle-ts/source',
      '--import',
      fileURLToPath(new URL('instrument/hook.mjs', import.meta.url)),
      fileURLToPath(new URL('instrument/run-vectors.mjs', import.meta.url)),
      String(id),
    ],
    { env: { ...process.env, PICKLE_TS_INSTRUMENT: 'guards' }, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  let at
  let timer
  const arm = () => {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), at === undefined ? 6 * PATIENCE : PATIENCE)
  }
  arm()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line)
    if ('broken' in message) broken.push(message.broken)
    else if ('reached' in message) reached = message.reached
    else if ('at' in message) at = message.at
    else {
      at = undefined
      results.set(message.id, message.killer)
    }
    arm()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      if (at === undefined && code !== 0) reject(new Error(`the vectors could not be run: code ${code}`))
      else resolve(at)
    })
  })
}

for (let next = 0; next < guards.length; ) {
  const at = await runFrom(next)
  if (at === undefined) break
  results.set(at, 'a hang, or too much memory')
  next = at + 1
}

const where = ({ file, line, text }) => `${file}:${line}  ${text}`
const unreached = guards.filter(({ id }) => reached[id].vectors === 0)
const survivors = guards.filter(({ id }) => reached[id].vectors > 0 && results.get(id) === undefined)
const reasonOf = ({ file, text }) => ARGUED.get(`${file} ${text}`)
const unargued = survivors.filter((guard) => reasonOf(guard) === undefined)
// An argument for a guard that does not survive, or is no more, is out of date.
const stale = [...ARGUED.keys()].filter((key) => !survivors.some(({ file, text }) => key === `${file} ${text}`))
for (const name of new Set(broken)) console.log(`broken     ${name}`)
for (const guard of unreached) console.log(`unreached  ${where(guard)}`)
for (const guard of survivors) console.log(`survives   ${where(guard)}  (${reasonOf(guard) ?? 'UNARGUED'})`)
for (const key of stale) console.log(`stale      ${key}`)
console.log(
  `${guards.length} guards: ${guards.length - unreached.length} reached, ${guards.length - unreached.length - survivors.length} killed, ${survivors.length} survive`,
)
process.exit(broken.length + unreached.length + unargued.length + stale.length > 0 || ARGUED.size > 3 ? 1 : 0)
