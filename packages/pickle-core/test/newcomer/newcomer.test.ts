/**
 * The newcomer's path: the section "From nothing to green" of docs/plugins.md, its files and its commands as they stand there, in an empty
 * folder. Only the registry is ours: it has this package, packed, and the TypeScript that is installed here.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packPackage } from '../pack-package.ts'
import {
  type LocalRegistry,
  type PublishedPackage,
  publishedInstalled,
  publishedTarball,
  startRegistry,
} from './local-registry.ts'
import { type FileStep, type PageStep, pageChange, pageSteps } from './page-steps.ts'

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const page = readFileSync(path.join(repository, 'docs/plugins.md'), 'utf8')
const steps = pageSteps(page, '## From nothing to green')
const python = process.env['PICKLE_TS_PYTHON']
const hasShell = process.platform !== 'win32'
if (!hasShell) console.warn("skipped: the newcomer's path, because there is no sh")
if (python === undefined) console.warn("skipped: what Python says on the newcomer's path, because there is no Python")

/** Before what a step prints. */
const MARK = '=== step '

/** One shell script: files are written where the commands have gone to. */
function scriptOf(steps: readonly PageStep[]): string {
  const parts = steps.map((step, index) => {
    const mark = `echo '${MARK}${index}'`
    if ('commands' in step) return `${mark}\n${step.commands}`
    return `${mark}\nmkdir -p "$(dirname '${step.file}')"\ncat > '${step.file}' << '=== end'\n${step.text}=== end\n`
  })
  return `set -e\n${parts.join('')}`
}

interface Finished {
  readonly status: number | null
  /** What was printed, step by step. */
  readonly printed: readonly string[]
  readonly all: string
}

/** What a newcomer's shell has: nothing of this repository but its Node and its Python, and none of the settings of npm on this machine. */
function environment(home: string, registry: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|vitest|node_|force_color|init_cwd|https?_proxy|all_proxy)/i.test(name),
  )
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const outside = folders.filter((folder) => path.relative(repository, folder).startsWith('..'))
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PATH: [path.join(home, 'bin'), path.dirname(process.execPath), ...outside].join(path.delimiter),
    NO_COLOR: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    npm_config_registry: registry,
    npm_config_noproxy: '127.0.0.1',
    npm_config_userconfig: path.join(home, 'no-npmrc'),
    npm_config_globalconfig: path.join(home, 'no-global-npmrc'),
    npm_config_cache: path.join(home, 'npm-cache'),
    npm_config_audit: 'false',
    npm_config_update_notifier: 'false',
  }
}

describe.skipIf(!hasShell)("the newcomer's path", () => {
  const home = mkdtempSync(path.join(tmpdir(), 'pickle-ts-newcomer-'))
  let core: PublishedPackage
  let registry: LocalRegistry

  beforeAll(async () => {
    mkdirSync(path.join(home, 'bin'))
    const python3 = `#!/bin/sh\nexec '${python}' "$@"\n`
    if (python !== undefined) writeFileSync(path.join(home, 'bin/python3'), python3, { mode: 0o755 })
    core = publishedTarball(packPackage(path.join(home, 'packed')))
    registry = await startRegistry([core, ...publishedInstalled('typescript', path.join(repository, 'package.json'))])
  }, 120_000)

  afterAll(() => {
    registry?.close()
    rmSync(home, { recursive: true, force: true })
  })

  /** Runs a script in a folder; the registry answers meanwhile. */
  const run = (folder: string, script: string): Promise<Finished> =>
    new Promise((resolve, reject) => {
      const child = spawn('sh', ['-s'], { cwd: folder, env: environment(home, registry.url) })
      let all = ''
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (all += text))
      child.on('error', reject)
      child.on('close', (status) => {
        const printed = all.split(new RegExp(`^${MARK}\\d+$`, 'm')).slice(1)
        resolve({ status, printed, all })
      })
      child.stdin.end(script)
    })
  const newFolder = (name: string): string => {
    const folder = path.join(home, name)
    mkdirSync(folder)
    return folder
  }

  const ofPage = (step: PageStep | undefined): { commands: string; printed: readonly string[] } => {
    if (step === undefined || !('commands' in step)) throw new Error('no such commands on the page')
    return step
  }
  const kitAt = steps.findIndex((step) => 'commands' in step && step.commands.includes('npm test'))

  test('from an empty folder to a green kit, a packed package, and somebody who uses it', async () => {
    const folder = newFolder('green')
    const { status, printed, all } = await run(folder, scriptOf(steps))
    expect(status, all).toBe(0)
    expect(printed).toHaveLength(steps.length)

    const kit = numbersOf(printed[kitAt] as string)
    console.log(`the newcomer's kit: ${kit['pass']} passed, ${kit['fail']} failed, ${kit['skipped']} skipped`)
    const promised = numbersOf(ofPage(steps[kitAt]).printed.join('\n'))
    // Without a Python, what asks it is skipped.
    const skipped = python === undefined ? (kit['skipped'] as number) : 0
    expect(skipped).toBeLessThanOrEqual(2)
    expect(kit).toMatchObject({ ...promised, pass: (promised['pass'] as number) - skipped, skipped })
    expect(promised['pass']).toBeGreaterThan(20)

    const last = printed.at(-1)?.trim()
    expect(last).toBe(ofPage(steps.at(-1)).printed.join('\n'))
    expect(existsSync(path.join(folder, 'height-map/height-map-1.0.0.tgz'))).toBe(true)
    // Nothing but this package and TypeScript is needed. npm asks after optional peers, too, and installs none.
    const { peerDependenciesMeta } = core.manifest
    const optional = Object.keys(peerDependenciesMeta ?? {}).map((name) => `/${name}`)
    expect(registry.refused.filter((name) => !optional.includes(name))).toEqual([])
  }, 120_000)

  test.skipIf(python === undefined)(
    'what Python writes of its own loads in the application',
    async () => {
      const script = `set -e
cd app
PYTHONPATH=../height-map python3 > maps.txt << 'end'
import array, pickle
from height_map import HeightMap
heights = array.array("f", [1, 2, 3, 4, 8848, 6])
for protocol in range(6):
    print(pickle.dumps(HeightMap(0.5, 2, heights, 8, 4), protocol).hex())
end
cat > maps.mjs << 'end'
import { readFileSync } from 'node:fs'
import { createPickle } from '@pickle-ts/pickle-core'
import { heightMapPlugin } from 'height-map/pickle'
const { loads } = createPickle({ plugins: [heightMapPlugin] })
for (const line of readFileSync('maps.txt', 'utf8').trim().split('\\n')) {
  const { cell, width, heights } = loads(Buffer.from(line, 'hex'))
  console.log(cell, width, heights.join())
}
end
node maps.mjs`
      const { status, all } = await run(path.join(home, 'green'), script)
      expect(status, all).toBe(0)
      expect(all.trim().split('\n')).toEqual(new Array(6).fill('0.5 2 3,4,8848,6'))
    },
    60_000,
  )

  test('with one line of the plugin broken, the kit is red, and says what the page says', async () => {
    const { from, to, printed: lesson } = pageChange(page, '### What a failure looks like')
    const holds = (step: PageStep): step is FileStep => 'file' in step && step.text.split('\n').includes(from)
    expect(steps.filter(holds)).toHaveLength(1)
    const broken = steps.map((step) => (holds(step) ? { ...step, text: step.text.replace(from, to) } : step))
    const { status, printed } = await run(newFolder('red'), scriptOf(broken))
    expect(status).not.toBe(0)
    // The way ends there.
    expect(printed).toHaveLength(kitAt + 1)
    const told = (printed[kitAt] as string).split('\n').map((line) => line.trim())
    const places = lesson.map((line) => told.findIndex((one) => one.endsWith(line.trim())))
    expect(lesson.length).toBeGreaterThan(2)
    expect(places, printed[kitAt]).toEqual(lesson.map((_, index) => (places[0] as number) + index))
    expect(places[0]).toBeGreaterThanOrEqual(0)
    expect(numbersOf(printed[kitAt] as string)['fail']).toBeGreaterThan(0)
  }, 120_000)
})

/** The counts at the end of a report of node:test. */
function numbersOf(report: string): Readonly<Record<string, number>> {
  return Object.fromEntries([...report.matchAll(/^. (\w+) (\d+)$/gm)].map(([, name, count]) => [name, Number(count)]))
}

test('the plugin of the page is 30 lines at most, none of them too long to read', () => {
  const files = steps.filter((step) => 'file' in step)
  const lines =
    files
      .find(({ file }) => file === 'src/pickle.ts')
      ?.text.trimEnd()
      .split('\n') ?? []
  expect(lines.length).toBeGreaterThan(5)
  expect(lines.length).toBeLessThanOrEqual(30)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
})

describe('the steps of a page', () => {
  test('a block without a file name is an error', () => {
    expect(() => pageSteps('# A\n\n## B\n\nSome text\n\n```json\n{}\n```\n', '## B')).toThrow('no file name')
    expect(() => pageSteps('# A\n\n## B\n\n```text\n1\n```\n', '## B')).toThrow('no commands')
    expect(() => pageSteps('# A\n', '## B')).toThrow('no section')
  })

  test('a section ends at the next heading, and not at a comment', () => {
    const text = '# A\n\n## B\n\n```sh\n# not a heading\nls\n```\n\n### C\n\n```sh\nrm\n```\n'
    expect(pageSteps(text, '## B')).toEqual([{ commands: '# not a heading\nls\n', printed: [] }])
  })
})
