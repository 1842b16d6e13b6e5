/** The Python side: `library.py`, run by a Python that has the libraries. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('library.py', import.meta.url))

/** A protocol as `library.py` takes it. */
export type Protocol = 2 | 3 | 4 | 5 | 'default'

/** What the library says of a changed file. */
export interface Verdict {
  /** By how much numbers changed: each that did. */
  readonly changed: readonly number[]
  /** Whether everything else is as it was. */
  readonly rest: boolean
  /** Whether CPython's own round trip gives the bytes of the file. */
  readonly again: boolean
}

export class Library {
  readonly #python: string

  constructor(python: string) {
    this.#python = python
  }

  /** The names of the libraries that this Python has. */
  list(): readonly string[] {
    return JSON.parse(this.#run('list')) as string[]
  }

  /** The pickle of an object that the library made. */
  make(name: string, protocol: Protocol): Uint8Array {
    return inFolder((folder) => {
      const file = path.join(folder, 'made.pkl')
      this.#run('make', name, String(protocol), file)
      return new Uint8Array(readFileSync(file))
    })
  }

  /** What the library makes of a changed file. */
  judge(name: string, protocol: Protocol, before: Uint8Array, after: Uint8Array): Verdict {
    return inFolder((folder) => {
      const [first, second] = [path.join(folder, 'before.pkl'), path.join(folder, 'after.pkl')]
      writeFileSync(first, before)
      writeFileSync(second, after)
      return JSON.parse(this.#run('judge', name, String(protocol), first, second)) as Verdict
    })
  }

  #run(...args: readonly string[]): string {
    return execFileSync(this.#python, ['-B', '-W', 'ignore', SCRIPT, ...args], { encoding: 'utf8' })
  }
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'edit-a-model-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
