/** Without inversify nothing else changes: only /inversify asks for it, in the sources and in the packed package. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packPackage } from '../pack-package.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly name: string
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}
const entries = Object.entries(manifest.exports).flatMap(([subpath, conditions]) =>
  typeof conditions === 'string' ? [] : [{ subpath, source: conditions['@pickle-ts/source'] as string }],
)
const others = entries.filter(({ subpath }) => subpath !== './inversify')
const nameOf = (subpath: string): string => path.posix.join(manifest.name, subpath)

/** Every module that a module imports, itself or through others; packages by name. */
function reachedFrom(file: string, reached: Set<string> = new Set()): Set<string> {
  if (reached.has(file)) return reached
  reached.add(file)
  const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  for (const [, one, other] of text.matchAll(/\bfrom '([^']+)'|\bimport\(? ?'([^']+)'/g)) {
    const target = (one ?? other) as string
    if (target.startsWith('.')) reachedFrom(path.posix.join(path.posix.dirname(file), target), reached)
    else reached.add(target)
  }
  return reached
}

describe('the sources', () => {
  test('of /inversify reach inversify, and nothing else outside', () => {
    const reached = [...reachedFrom('src/inversify.ts')]
    expect(reached).toContain('src/inversify/pickle-module.ts')
    expect(reached).toContain('src/read/execute.ts')
    expect(reached.filter((name) => !name.startsWith('src/'))).toEqual(['inversify'])
  })

  test.each(others)('of $subpath do not', ({ source }) => {
    const reached = [...reachedFrom(path.posix.normalize(source))]
    expect(reached.length).toBeGreaterThan(3)
    expect(reached.filter((name) => !name.startsWith('src/'))).toEqual([])
    expect(reached.filter((name) => name.startsWith('src/inversify'))).toEqual([])
  })
})

describe('the packed package', () => {
  // A folder without inversify above it.
  const folder = mkdtempSync(path.join(tmpdir(), 'pickle-core-packed-'))
  const installed = path.join(folder, 'node_modules', manifest.name)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  beforeAll(() => {
    const tarball = packPackage(folder)
    mkdirSync(installed, { recursive: true })
    execFileSync('tar', ['-xzf', path.basename(tarball), '-C', installed, '--strip-components=1'], { cwd: folder })
  }, 120_000)

  const run = (code: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })

  test.each(others)('$subpath loads', ({ subpath }) => {
    const { status, stdout, stderr } = run(`
      const names = Object.keys(await import(${JSON.stringify(nameOf(subpath))}))
      console.log(import.meta.resolve(${JSON.stringify(nameOf(subpath))}), names.length > 0)
    `)
    expect(stderr).toBe('')
    expect(stdout).toContain('/dist/')
    expect(stdout).toContain(' true')
    expect(status).toBe(0)
  })

  test('/inversify says what is missing, and loads once it is there', () => {
    const code = `
      import { createPickle, inertPlugin } from '@pickle-ts/pickle-core'
      import { Pickle, PicklePlugin, pickleModule } from '@pickle-ts/pickle-core/inversify'
      const { Container } = await import('inversify')
      const container = new Container()
      container.load(pickleModule)
      const plugin = inertPlugin([['shapes', 'Point']])
      container.bind(PicklePlugin).toConstantValue(plugin)
      const list = JSON.stringify(container.get(Pickle).registry.list())
      console.log(list.includes('Point') && list === JSON.stringify(createPickle({ plugins: [plugin] }).registry.list()))
    `
    const without = run(code)
    expect(without.stderr).toContain("Cannot find package 'inversify'")
    expect(without.status).toBe(1)
    symlinkSync(path.join(root, 'node_modules/inversify'), path.join(folder, 'node_modules/inversify'), 'junction')
    const { stdout, stderr } = run(code)
    expect(stderr).toBe('')
    expect(stdout).toBe('true\n')
  })
})
