/** The golden files of `fixtures/golden`, with what their index says of each. `fixtures/README.md` describes the fields. */
import { readdirSync, readFileSync } from 'node:fs'
import type { DumpOptions, LoadOptions } from '@pickle-ts/pickle-core'

const FOLDER = new URL('../../../fixtures/golden/', import.meta.url)

/** A file as the index describes it. */
interface IndexFile {
  readonly file: string
  readonly protocol: NonNullable<DumpOptions['protocol']> & number
  readonly c: readonly string[]
  readonly python: readonly string[]
  readonly loads: readonly string[]
  readonly again: readonly string[]
  readonly optimized?: string
  readonly pickletools?: string
  readonly written?: string
  readonly shared?: string
  readonly buffers?: readonly { readonly file: string; readonly readonly: boolean }[]
}

interface IndexCase {
  readonly name: string
  readonly value: string
  readonly dump?: { readonly persistent?: boolean; readonly buffers?: boolean; readonly fix_imports?: boolean }
  readonly load?: { readonly encoding?: 'ASCII' | 'latin1' | 'bytes' }
  readonly files: readonly IndexFile[]
}

/** One golden file, read. */
export interface Golden extends IndexFile {
  /** Topic and file name. */
  readonly path: string
  /** The name of the case, and the value as a Python expression. */
  readonly name: string
  readonly value: string
  readonly bytes: Uint8Array
  /** Its buffers, each writable or not as the file's producer had it. */
  readonly memory: readonly Uint8Array[]
  /** What it needs besides, for reading and for writing. */
  readonly load: LoadOptions
  readonly dump: DumpOptions
  /** The same for CPython: the fields `dump` and `load` of the index. */
  readonly python3: { readonly dump: object; readonly load: object }
  /** The disassembly by the newest CPython. */
  readonly dis: string
}

const read = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, FOLDER)))

/** The names of the topics: the folders. */
export const GOLDEN_TOPICS: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** Which versions wrote them, and which is the newest. */
export const GOLDEN_VERSIONS: { readonly writers: Readonly<Record<string, string>>; readonly newest: string } =
  JSON.parse(Buffer.from(read('versions.json')).toString())

/** The pickles that lie in the folder of a topic, listed by the index or not. */
export function picklesIn(topic: string): string[] {
  return readdirSync(new URL(topic, FOLDER)).filter((name) => name.endsWith('.pkl'))
}

/** The files of a topic. */
export function goldenFiles(topic: string): Golden[] {
  const { cases } = JSON.parse(Buffer.from(read(`${topic}/index.json`)).toString()) as { cases: IndexCase[] }
  const texts = new Map<string, string>()
  for (const name of readdirSync(new URL(topic, FOLDER)).filter((name) => name.endsWith('.dis'))) {
    for (const part of Buffer.from(read(`${topic}/${name}`))
      .toString()
      .split(/^== /m)
      .slice(1)) {
      const end = part.indexOf('\n')
      texts.set(part.slice(0, end), part.slice(end + 1))
    }
  }
  return cases.flatMap(({ name, value, dump = {}, load = {}, files }) =>
    files.map((file) => {
      const memory = (file.buffers ?? []).map((buffer) => read(`${topic}/${buffer.file}`))
      const common = dump.fix_imports === undefined ? {} : { fixImports: dump.fix_imports }
      return {
        ...file,
        path: `${topic}/${file.file}`,
        name,
        value,
        bytes: read(`${topic}/${file.file}`),
        memory,
        load: { ...common, ...load, ...(dump.buffers ? { buffers: memory } : {}) },
        dump: { ...common, protocol: file.protocol },
        python3: { dump, load },
        dis: texts.get(file.file) ?? '',
      }
    }),
  )
}
