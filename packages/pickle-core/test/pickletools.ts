import type { Python } from './python.ts'

/** What `dis` printed, and the error that it ended with. */
export type Disassembly = readonly [text: string, error: string | null]

/** A row of CPython's table: name, byte, protocol, what follows. */
export type TableRow = readonly [name: string, code: number, proto: number, follows: number | string]

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
    return this.#ask(`value = [looks.dis(blob, ${annotate}, ${indentLevel}) for blob in blobs]`, pickles)
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
    return this.#ask('value = [looks.genops(blob) for blob in blobs]', pickles)
  }

  /** Which globals the C unpickler asks `find_class` for, in order, and the error that it ends with. */
  async asked(pickles: readonly Uint8Array[]): Promise<(readonly [asked: [string, string][], error: string | null])[]> {
    return this.#ask('value = [looks.asked(blob) for blob in blobs]', pickles)
  }

  async table(): Promise<TableRow[]> {
    return this.#ask('value = looks.table()', [])
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

  async #ask<T>(code: string, blobs: readonly Uint8Array[]): Promise<T> {
    const { value } = await this.#python.run<T>(`import looks\n${code}`, blobs)
    return value
  }
}
