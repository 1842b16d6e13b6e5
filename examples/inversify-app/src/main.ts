/**
 * Two tenants queue jobs; a Python worker, with nothing of ours in it, does them and writes the results; each tenant reads its own.
 *
 *     npm run inversify-app                  in a temporary folder
 *     npm run inversify-app -- /tmp/queue    in a folder that stays
 */
import 'reflect-metadata'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPickleError } from '@pickle-ts/pickle-core'
import { Pickle } from '@pickle-ts/pickle-core/inversify'
import { createApp, createTenant } from './containers.ts'
import { Job } from './job.ts'
import { JobQueue } from './job-queue.ts'
import { Log } from './log.ts'
import { Invoice, Reading } from './tenants.ts'

const WORKER = fileURLToPath(new URL('../worker/worker.py', import.meta.url))

function main(folder: string, python: string | undefined): boolean {
  const app = createApp()
  const log = app.get(Log)
  const acme = createTenant(app, 'acme', folder)
  const globex = createTenant(app, 'globex', folder)
  const [bills, readings] = [acme.get(JobQueue), globex.get(JobQueue)]

  bills.push(new Job(1, 'send', new Invoice('2026-001', 11_900)))
  bills.push(new Job(2, 'send', new Invoice('2026-002', 4_250)))
  readings.push(new Job(3, 'mean', new Reading('roof', [20.5, 21.5, 24])))

  if (python === undefined) {
    log.write('NOTE: no Python is used, so nobody does the jobs.')
  } else {
    const { status } = spawnSync(python, ['-B', WORKER, folder], { stdio: 'inherit' })
    if (status !== 0) return false
    for (const job of [...bills.done(), ...readings.done()]) log.write(`job ${job.id} gave ${String(job.result)}`)
  }

  // A tenant's types are its own: another tenant cannot be made to build them, and neither can the application.
  const [foreign = ''] = bills.files('open').concat(bills.files('done'))
  let refusals = 0
  for (const [name, read] of [
    ['globex', () => readings.read(foreign)],
    ['the application', () => app.get(Pickle).dumps(new Invoice('2026-003', 1))],
  ] as const) {
    try {
      read()
      log.write(`${name} took an invoice of acme`)
    } catch (error) {
      if (!isPickleError(error)) throw error
      log.write(`${name} refused an invoice of acme: ${error.code}`)
      refusals++
    }
  }
  return refusals === 2
}

const [given] = process.argv.slice(2)
const folder = given ?? mkdtempSync(path.join(tmpdir(), 'job-queue-'))
try {
  if (!main(folder, process.env['PICKLE_TS_PYTHON'])) process.exitCode = 1
} finally {
  if (given === undefined) rmSync(folder, { recursive: true })
}
