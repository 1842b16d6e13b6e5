import type { Python } from './python.ts'

/** What `dis` printed, and the error that it ended with. */
export type Disassembly = readonly [text: string, error: string | null]

/** A row of CPython's table: name, byte, protocol, what follows. */
export type TableRow = readonly [name: string, code: number, proto: number, follows: number | string]

/** How many pickles go into one question. */
const PART = 200

/** CPython's pickletools, and its unpickler as one that only asks: many pickles with each question. `python/looks.py` answers. */
export class Pickletools {
  readonly #python: Python
  /** From 3.12.8 and 3.13.1 on, Python 2 strings are printed in ASCII, and names need not be ASCII. */
  readonly printsAscii: boolean

  constructor(python: Python) {
    this.#python = python
    const [, minor, micro] = python.version
    this.printsAscii = minor > 13 || (minor === 13 && micro >= 1) || (minor === 12 && micro >= 8)
  }

  /** `pickletools.dis` of each. */
  async dis(pickles: readonly Uint8Array[], annotate = 0, indentLevel = 4): Promise<Disassembly[]> {
    return this.#ask(`looks.dis(blob, ${annotate}, ${indentLevel})`, pickles)
  }

  /** `pickletools.optimize` of each; undefined where it fails. */
  async optimize(pickles: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    const { value, out } = await this.#python.run<boolean[]>(
      `import looks
found = [looks.optimize(blob) for blob in blobs]
value = [data is not None for data in found]
out = [data for data in found if data is not None]`,
      pickles,
    )
    let next = 0
    return value.map((ok) => (ok ? out[next++] : undefined))
  }

  /** `pickletools.genops` of each: a line for each opcode (`looks.canonical` has their form), and whether it came to STOP. */
  async genops(pickles: readonly Uint8Array[]): Promise<(readonly [lines: string, stopped: boolean])[]> {
    return this.#ask('looks.genops(blob)', pickles)
  }

  /** Which globals the C unpickler asks `find_class` for, in order, and the error that it ends with. */
  async asked(pickles: readonly Uint8Array[]): Promise<(readonly [asked: [string, string][], error: string | null])[]> {
    return this.#ask('looks.asked(blob)', pickles)
  }

  async table(): Promise<TableRow[]> {
    const { value } = await this.#python.run<TableRow[]>('import looks\nvalue = looks.table()')
    return value
  }

  /** Pickles of random graphs, by seed; each second one in opcodes that no pickler of Python 3 writes. */
  async graphs(first: number, count: number): Promise<Uint8Array[]> {
    return this.#pickles(`looks.graphs(${first}, ${count})`)
  }

  /** Seeded pickles of texts, bytes and numbers that are hard to print. */
  async atoms(seed: number, count: number): Promise<Uint8Array[]> {
    return this.#pickles(`looks.atoms(${seed}, ${count})`)
  }

  async #pickles(expression: string): Promise<Uint8Array[]> {
    const { out } = await this.#python.run(`import looks\nout = ${expression}`)
    return out
  }

  /** One answer for each blob. In parts, so that no reply is huge. */
  async #ask<T>(expression: string, blobs: readonly Uint8Array[]): Promise<T[]> {
    const answers: T[] = []
    for (let first = 0; first < blobs.length; first += PART) {
      const part = blobs.slice(first, first + PART)
      const { value } = await this.#python.run<T[]>(`import looks\nvalue = [${expression} for blob in blobs]`, part)
      answers.push(...value)
    }
    return answers
  }
}
