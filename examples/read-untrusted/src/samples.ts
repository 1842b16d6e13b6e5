import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('make_files.py', import.meta.url))

/** Lets CPython write the sample files, and reads them, in the order in which the script writes them. */
export function makeSamples(python: string | undefined): [name: string, bytes: Uint8Array][] {
  if (!python) throw new Error('there is no Python to make sample files with; give the paths of files of yours')
  const folder = mkdtempSync(path.join(tmpdir(), 'read-untrusted-'))
  try {
    const names = execFileSync(python, ['-I', SCRIPT, folder], { encoding: 'utf8' }).trim().split('\n')
    return names.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
