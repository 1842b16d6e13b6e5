/** Compiles and runs the example as `npm run inversify-app` does; a real Python does its jobs, and reads what it wrote. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loads } from '@pickle-ts/pickle-core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const worker = fileURLToPath(new URL('../worker', import.meta.url))
const python = process.env['PICKLE_TS_PYTHON']
if (python === undefined) console.warn('skipped: the jobs of the example, because there is no Python')

const { tasks } = await import(path.join(root, 'scripts/tasks.mjs'))
const [compile, start] = tasks['inversify-app'] as [string[], string[]]

/** Runs a command of the task, from the root. */
function run(command: readonly string[], env: Record<string, string> = {}): { stdout: string; stderr: string } {
  const { PICKLE_TS_PYTHON: _, ...rest } = process.env
  const result = spawnSync(process.execPath, ['--no-warnings', ...command], {
    cwd: root,
    encoding: 'utf8',
    env: { ...rest, NODE_OPTIONS: '', PYTHONDONTWRITEBYTECODE: '1', ...env },
  })
  expect(result.stderr).toBe('')
  expect(result.status).toBe(0)
  return result
}

describe('the job queue', () => {
  beforeAll(() => {
    run(compile)
  })
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const newFolder = (): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'job-queue-test-'))
    folders.push(folder)
    return folder
  }
  const filesIn = (folder: string): string[] =>
    globSync('*/*/*', { cwd: folder })
      .map((file) => file.replaceAll('\\', '/'))
      .sort()

  test('without a Python, the jobs wait, and each tenant keeps its types to itself', () => {
    const folder = newFolder()
    const { stdout } = run([...start, folder])
    expect(stdout.trim().split(/\r?\n/)).toEqual([
      'wrote job 1: send',
      'wrote job 2: send',
      'wrote job 3: mean',
      'NOTE: no Python is used, so nobody does the jobs.',
      'globex refused an invoice of acme: global-not-allowed',
      'the application refused an invoice of acme: unpicklable',
    ])
    expect(filesIn(folder)).toEqual(['acme/open/job-1.pickle', 'acme/open/job-2.pickle', 'globex/open/job-3.pickle'])
    // Only its own container can read it as more than data.
    const bytes = readFileSync(path.join(folder, 'globex/open/job-3.pickle'))
    expect(() => loads(bytes)).toThrow('jobs')
  })

  test.skipIf(python === undefined)('Python reads the jobs, and would have written them in the same bytes', () => {
    const folder = newFolder()
    run([...start, folder])
    const code = `
import glob, json, pickle, sys
jobs = {}
for file in sorted(glob.glob(sys.argv[1] + "/*/open/*")):
    data = open(file, "rb").read()
    job = pickle.loads(data)
    assert pickle.dumps(job, 4) == data, file
    jobs[job.id] = [type(job).__module__, job.task, type(job.payload).__name__, vars(job.payload), job.result]
print(json.dumps(jobs))
`
    const result = spawnSync(python as string, ['-B', '-c', code, folder], { cwd: worker, encoding: 'utf8' })
    expect(result.stderr).toBe('')
    expect(JSON.parse(result.stdout)).toEqual({
      1: ['jobs', 'send', 'Invoice', { number: '2026-001', cents: 11900 }, null],
      2: ['jobs', 'send', 'Invoice', { number: '2026-002', cents: 4250 }, null],
      3: ['jobs', 'mean', 'Reading', { sensor: 'roof', degrees: [20.5, 21.5, 24] }, null],
    })
  })

  test.skipIf(python === undefined)('with a Python, the jobs are done, and the results are read', () => {
    const folder = newFolder()
    const { stdout } = run([...start, folder], { PICKLE_TS_PYTHON: python as string })
    expect(stdout.trim().split(/\r?\n/).slice(3)).toEqual([
      'python: job 1 of acme done',
      'python: job 2 of acme done',
      'python: job 3 of globex done',
      '2 job(s) done in acme',
      'read job 1: send',
      'read job 2: send',
      '1 job(s) done in globex',
      'read job 3: mean',
      'job 1 gave invoice 2026-001 over 119.00 sent',
      'job 2 gave invoice 2026-002 over 42.50 sent',
      'job 3 gave 22',
      'globex refused an invoice of acme: global-not-allowed',
      'the application refused an invoice of acme: unpicklable',
    ])
    expect(filesIn(folder)).toEqual(['acme/done/job-1.pickle', 'acme/done/job-2.pickle', 'globex/done/job-3.pickle'])
  })
})

test('what the documentation shows of it is what it is', () => {
  const text = readFileSync(path.join(root, 'docs/compose.md'), 'utf8')
  const blocks = [...text.matchAll(/^```typescript\n([\s\S]*?)^```/gm)].map(([, code]) => code as string)
  expect(blocks).toHaveLength(2)
  const sources = globSync('examples/inversify-app/src/*.ts', { cwd: root }).map((file) =>
    readFileSync(path.join(root, file), 'utf8'),
  )
  for (const code of blocks)
    expect(
      sources.some((source) => source.includes(code.trim())),
      code,
    ).toBe(true)
})
