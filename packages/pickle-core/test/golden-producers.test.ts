/** The Python that is there writes the golden files again: the same bytes as those that its version wrote. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { GOLDEN_TOPICS, GOLDEN_VERSIONS, goldenFiles } from './golden.ts'
import { openPython } from './open-python.ts'
import { PYTHON_COMMAND } from './python.ts'

/** A line that `scripts/fixtures/produce.py` prints. */
interface Line {
  readonly topic: string
  readonly name: string
  readonly protocol: number
  readonly by: 'c' | 'python'
  readonly data?: string
  readonly buffers?: readonly [data: string, readonly: boolean][]
}

/** Topics whose bytes the library's own Python code decides: they may change from one patch version to the next. */
const BY_LIBRARY = ['array', 'collection', 'dataclass', 'datetime', 'enum', 'exception', 'library', 'number', 'path']

const python = await openPython()
const label = python === undefined ? '' : python.version.slice(0, 2).join('.')
const version = python === undefined ? '' : python.version.join('.')
const writer = GOLDEN_VERSIONS.writers[label]
const topics = GOLDEN_TOPICS.filter((topic) => writer === version || !BY_LIBRARY.includes(topic))

if (python !== undefined && writer === undefined) {
  console.warn(`skipped: writing golden files again; no golden file is by Python ${label}`)
} else if (topics.length < GOLDEN_TOPICS.length) {
  console.warn(`left out: ${BY_LIBRARY.join(', ')}; Python ${writer} wrote the golden files, and this is ${version}`)
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

test.skipIf(writer === undefined)('this Python writes the same bytes again', async () => {
  const script = fileURLToPath(new URL('../../../scripts/fixtures/produce.py', import.meta.url))
  const { stdout } = await promisify(execFile)(PYTHON_COMMAND, ['-B', '-W', 'ignore', script, ...topics], {
    env: { ...process.env, PYTHONHASHSEED: '0', PYTHONIOENCODING: 'utf-8' },
    maxBuffer: 1 << 28,
  })
  const lines = stdout.trim().split('\n').slice(1)
  const written = new Map<string, string>()
  for (const { topic, name, protocol, by, data, buffers = [] } of lines.map((line) => JSON.parse(line) as Line)) {
    if (data !== undefined) written.set(`${topic}/${name}.p${protocol} by ${by}`, [data, ...buffers].join())
  }

  const expected = new Map<string, string>()
  for (const topic of topics) {
    for (const { name, protocol, bytes, memory, buffers = [], ...file } of goldenFiles(topic)) {
      const beside = memory.map((data, i) => [base64(data), buffers[i]?.readonly])
      for (const by of ['c', 'python'] as const) {
        if (file[by].includes(label))
          expected.set(`${topic}/${name}.p${protocol} by ${by}`, [base64(bytes), ...beside].join())
      }
    }
  }
  expect([...written.keys()].sort()).toEqual([...expected.keys()].sort())
  expect([...written].filter(([what, data]) => expected.get(what) !== data).map(([what]) => what)).toEqual([])
  console.log(`golden files: Python ${version} wrote ${written.size} pickles of ${topics.length} topics again`)
})
