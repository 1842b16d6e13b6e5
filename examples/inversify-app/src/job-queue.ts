import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Pickle } from '@pickle-ts/pickle-core/inversify'
import { inject, injectable } from 'inversify'
import { Job } from './job.ts'
// No `import type`: the class itself is what is injected.
import { Log } from './log.ts'

/** The folder of a queue: a token for a string. */
export const Folder: unique symbol = Symbol('Folder')

/** A queue in a folder: a pickle for each job. The worker puts what is done beside it. */
@injectable()
export class JobQueue {
  readonly #pickle: Pickle
  readonly #folder: string
  readonly #log: Log

  // reflect-metadata tells inversify the class of `log`; the others need a token.
  constructor(@inject(Pickle) pickle: Pickle, @inject(Folder) folder: string, log: Log) {
    this.#pickle = pickle
    this.#folder = folder
    this.#log = log
    for (const place of ['open', 'done']) mkdirSync(path.join(folder, place), { recursive: true })
  }

  push(job: Job): void {
    const name = `job-${job.id}.pickle`
    const draft = path.join(this.#folder, name)
    writeFileSync(draft, this.#pickle.dumps(job))
    // Whoever looks into the folder sees whole files only.
    renameSync(draft, path.join(this.#folder, 'open', name))
  }

  /** Reads a job from a file, of this queue or another. */
  read(file: string): Job {
    const job = this.#pickle.loads(readFileSync(file))
    if (!(job instanceof Job)) throw new TypeError(`${file} holds no job`)
    return job
  }

  /** The jobs that the worker did. */
  done(): Job[] {
    const files = this.files('done')
    this.#log.write(`${files.length} job(s) done in ${path.basename(this.#folder)}`)
    return files.map((file) => this.read(file))
  }

  files(place: 'open' | 'done'): string[] {
    const folder = path.join(this.#folder, place)
    return readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name))
  }
}
