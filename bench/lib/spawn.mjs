// Starts a worker process and reads the one line of JSON that it prints.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const WORKERS = fileURLToPath(new URL('../workers/', import.meta.url))

/** @returns {Promise<any>} rejects with the last line of stderr */
export function runJson(command, args, timeout = 120_000) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout))
      else if (error.killed) reject(new Error(`took more than ${timeout / 1000} s`))
      else reject(new Error(reasonIn(stderr) ?? error.message.split('\n')[0]))
    })
  })
}

/** The line that says what went wrong: of Node's several, the one that names an error. */
export function reasonIn(stderr) {
  const lines = stderr.trim().split('\n')
  return lines.find((line) => /^\w*(Error|Exception)\b/.test(line.trim())) ?? lines.at(-1)
}
