/** The Python side: `library.py`, run by a Python that has the libraries. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('library.py', import.meta.url))

/** A protocol as `library.py` takes it. */
export type Protocol = 2 | 3 | 4 | 5 | 'default'

/** A library is there in some version, or it says why not. */
export type Presence = { readonly version: string } | { readonly missing: string }

/** How a file differs from another one, as the library sees it. */
export interface Verdict {
  /** By how much numbers changed: each amount once. */
  readonly changed: readonly number[]
  /** Whether everything else is as it was, and the object works. */
  readonly rest: boolean
}

export class Library {
  readonly #python: string

  constructor(python: string) {
    this.#python = python
  }

  /** The libraries, by name. */
  list(): Readonly<Record<string, Presence>> {
    return JSON.parse(this.#run('list')) as Record<string, Presence>
  }

  /** One object of the library, pickled at each protocol. */
  make<P extends readonly Protocol[]>(name: string, ...protocols: P): { [I in keyof P]: Uint8Array } {
    return inFolder((folder) => {
      this.#run('make', name, folder, ...protocols.map(String))
      const files = protocols.map((protocol) => new Uint8Array(readFileSync(path.join(folder, `${protocol}.pkl`))))
      return files as { [I in keyof P]: Uint8Array }
    })
  }

  /** What the library makes of each of the later files, beside the first one. */
  judge<F extends readonly Uint8Array[]>(name: string, before: Uint8Array, ...after: F): { [I in keyof F]: Verdict } {
    return inFolder((folder) => {
      const files = [before, ...after].map((bytes, i) => {
        const file = path.join(folder, `${i}.pkl`)
        writeFileSync(file, bytes)
        return file
      })
      return JSON.parse(this.#run('judge', name, ...files)) as { [I in keyof F]: Verdict }
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
