/** A real Python, kept as a child process for a whole test file. `python/worker.py` says what goes through the pipe. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What `dumps` gives for one protocol. */
export type PythonPickle =
  | { readonly pickle: Uint8Array; readonly buffers: readonly Uint8Array[]; readonly readonly: readonly boolean[] }
  | { readonly error: string }

interface Reply {
  readonly ok: boolean
  readonly type?: string
  readonly error?: string
  readonly blobs: readonly number[]
  readonly [field: string]: unknown
}

interface Waiting {
  resolve(answer: { reply: Reply; blobs: Uint8Array[] }): void
  reject(error: Error): void
}

/** The exception that a request raised in Python. */
class PythonException extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(`${type}: ${message}`)
    this.type = type
  }
}

/** How `same` calls `pickle.loads`. */
export interface SameOptions {
  readonly buffers?: readonly Uint8Array[]
  /** Whether each buffer may be written to, in Python. Default: all. */
  readonly writable?: readonly boolean[]
  readonly encoding?: string
}

/** The child process: requests are answered in order, so many may be on their way at once. */
export class Python {
  /** As 3.11: major, minor, micro. */
  version: readonly [number, number, number] = [0, 0, 0]
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting: Waiting[] = []
  #chunks: Uint8Array[] = []
  #have = 0
  #need = 0
  #reply: Reply | undefined
  #failure: Error | undefined

  private constructor(command: string) {
    const worker = fileURLToPath(new URL('./python/worker.py', import.meta.url))
    this.#child = spawn(command, ['-B', worker], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONHASHSEED: '0', PYTHONWARNINGS: 'ignore' },
    })
    this.#child.stdout.on('data', (chunk: Uint8Array) => this.#receive(chunk))
    this.#child.stderr.on('data', (chunk: Uint8Array) => process.stderr.write(chunk))
    this.#child.stdin.on('error', () => {})
    this.#child.on('error', (error) => this.#fail(error))
    this.#child.on('exit', (code) => this.#fail(new Error(`Python ended with ${code}`)))
  }

  static async start(command: string): Promise<Python> {
    const python = new Python(command)
    const { reply } = await python.#request('hello', {}, [])
    python.version = reply['version'] as [number, number, number]
    return python
  }

  /** The pickles of an expression, one per protocol; `buffers: 'out'` collects buffers, `'in'` refuses them. */
  async dumps(expr: string, protocols: readonly number[], buffers?: 'out' | 'in'): Promise<PythonPickle[]> {
    const { reply, blobs } = await this.#request('dumps', { expr, protocols, ...(buffers ? { buffers } : {}) }, [])
    let next = 0
    return (reply['results'] as ({ error: string } | { readonly: boolean[] })[]).map((result) => {
      if ('error' in result) return result
      const pickle = blobs[next++] as Uint8Array
      const own = blobs.slice(next, next + result.readonly.length)
      next += own.length
      return { pickle, buffers: own, readonly: result.readonly }
    })
  }

  /** The pickle of an expression. */
  async dump(expr: string, protocol: number): Promise<Uint8Array> {
    const [result] = await this.dumps(expr, [protocol])
    if (result === undefined || 'error' in result) throw new PythonException('dumps', result?.error ?? 'no answer')
    return result.pickle
  }

  /** Where what Python loads from these bytes differs from the expression's value; undefined if it does not. */
  async difference(pickle: Uint8Array, expr: string, options: SameOptions = {}): Promise<string | undefined> {
    const { buffers = [], writable, encoding } = options
    const fields = { expr, ...(writable ? { writable } : {}), ...(encoding ? { encoding } : {}) }
    const { reply } = await this.#request('same', fields, [pickle, ...buffers])
    return reply['same'] === true ? undefined : (reply['why'] as string)
  }

  /** `pickle.dumps(pickle.loads(pickle), protocol)`. */
  async again(pickle: Uint8Array, protocol: number): Promise<Uint8Array> {
    const { blobs } = await this.#request('again', { protocol }, [pickle])
    return blobs[0] as Uint8Array
  }

  /** What `pickletools.dis` prints. */
  async dis(pickle: Uint8Array): Promise<string> {
    const { reply } = await this.#request('dis', {}, [pickle])
    return reply['text'] as string
  }

  /** Runs statements. They find `blobs`, and may set `value` (as JSON) and `out` (a list of bytes). */
  async run<T = unknown>(code: string, blobs: readonly Uint8Array[] = []): Promise<{ value: T; out: Uint8Array[] }> {
    const answer = await this.#request('run', { code }, blobs)
    return { value: answer.reply['value'] as T, out: answer.blobs }
  }

  close(): void {
    this.#child.stdin.end()
  }

  async #request(
    op: string,
    fields: object,
    blobs: readonly Uint8Array[],
  ): Promise<{ reply: Reply; blobs: Uint8Array[] }> {
    if (this.#failure !== undefined) throw this.#failure
    const line = `${JSON.stringify({ op, ...fields, blobs: blobs.map(({ length }) => length) })}\n`
    const answer = new Promise<{ reply: Reply; blobs: Uint8Array[] }>((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
    })
    this.#child.stdin.write(line)
    for (const blob of blobs) this.#child.stdin.write(blob)
    const { reply, blobs: out } = await answer
    if (!reply.ok) throw new PythonException(reply.type ?? 'unknown', reply.error ?? '')
    return { reply, blobs: out }
  }

  #receive(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#have += chunk.length
    for (;;) {
      if (this.#reply === undefined) {
        if (!this.#chunks.some((part) => part.includes(0x0a))) return
        const all = this.#joined()
        const end = all.indexOf(0x0a)
        this.#reply = JSON.parse(all.subarray(0, end).toString('utf8')) as Reply
        this.#keep(all.subarray(end + 1))
        this.#need = this.#reply.blobs.reduce((sum, length) => sum + length, 0)
      }
      if (this.#have < this.#need) return
      const reply = this.#reply
      const all = this.#joined()
      let at = 0
      // Copies: a small chunk is a view of pooled memory, and tests look at `buffer`.
      const blobs = reply.blobs.map((length) => {
        at += length
        return Uint8Array.from(all.subarray(at - length, at))
      })
      this.#keep(all.subarray(at))
      this.#reply = undefined
      this.#waiting.shift()?.resolve({ reply, blobs })
    }
  }

  #joined(): Buffer {
    return this.#chunks.length === 1 ? Buffer.from(this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks)
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#have = rest.length
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
  }
}

/** Which Python the tests use: PICKLE_TS_PYTHON, else `python3` on the PATH. */
export const PYTHON_COMMAND: string = process.env['PICKLE_TS_PYTHON'] || 'python3'
