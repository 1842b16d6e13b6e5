/**
 * Runs every ```ts example of the README files, of docs/ and of the `@example` blocks in the sources, each as a module of its
 * own. A line `console.log(x) // text` has to print that text.
 */
import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const cwd = fileURLToPath(new URL('../', import.meta.url))

/** All examples import the same sources: stripped of their types once, a run takes a quarter of the time. */
const cache = `${root}node_modules/.cache/pickle-ts-examples`

interface Example {
  readonly where: string
  readonly code: string
}

/** The ```ts blocks of a file; in a source file, those of its doc comments. */
function examplesOf(file: string): Example[] {
  const source = readFileSync(`${root}${file}`, 'utf8')
  const text = file.endsWith('.ts') ? source.replaceAll(/^ *\*(?: |$)/gm, '') : source
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length
    return { where: `${file}:${line}`, code: match[1] as string }
  })
}

const files = ['README.md', 'packages/*/README.md', 'docs/**/*.md', 'packages/*/src/**/*.ts'].flatMap((pattern) =>
  globSync(pattern, { cwd: root, exclude: (name) => name.includes('node_modules') }).sort(),
)
const examples = files.flatMap(examplesOf)

/** Runs a module that is given on stdin, with the package's own name resolved to its sources. */
function run(code: string): Promise<{ readonly stdout: string; readonly failure: string | undefined }> {
  return new Promise((resolve) => {
    const args = ['--conditions=@pickle-ts/source', '--input-type=module-typescript', '-']
    const child = execFile(
      process.execPath,
      args,
      { cwd, env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: cache } },
      (error, stdout, stderr) => {
        resolve({ stdout, failure: error === null ? undefined : stderr })
      },
    )
    child.stdin?.end(code)
  })
}

describe('examples', () => {
  test.each(examples)('$where', async ({ code }) => {
    const { stdout, failure } = await run(code)
    expect(failure).toBeUndefined()
    const expected = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text)
    const printed = stdout.split('\n').slice(0, -1)
    if (expected.length > 0) expect(printed).toEqual(expected)
  })

  test('there are some in each place', () => {
    for (const place of ['README.md', 'packages/pickle-core/README.md', 'docs/', 'packages/pickle-core/src/']) {
      expect(examples.filter(({ where }) => where.startsWith(place)).length, place).toBeGreaterThan(0)
    }
  })
})

describe('links', () => {
  test.each(files.filter((file) => file.endsWith('.md')))('%s', (file) => {
    const text = readFileSync(`${root}${file}`, 'utf8')
    const folder = new URL(file, `file://${root}`)
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string)
    const missing = targets.filter((target) => {
      const path = fileURLToPath(new URL(target, folder))
      return globSync(path.replace(/\/$/, '')).length === 0
    })
    expect(missing).toEqual([])
  })
})
