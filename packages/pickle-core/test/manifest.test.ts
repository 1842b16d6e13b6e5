/** The manifest of the package: what it promises to those who install it. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  readonly type: string
  readonly sideEffects: boolean
  readonly license: string
  readonly files: readonly string[]
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly [field: string]: unknown
}

test('nothing is installed with it', () => {
  for (const field of ['dependencies', 'optionalDependencies', 'bundledDependencies', 'scripts']) {
    expect(manifest[field], field).toBeUndefined()
  }
})

test('its peers are those of /inversify, and optional', () => {
  const peers = manifest['peerDependencies'] as Readonly<Record<string, string>>
  expect(Object.keys(peers)).toEqual(['inversify', 'reflect-metadata'])
  expect(manifest['peerDependenciesMeta']).toEqual({
    inversify: { optional: true },
    'reflect-metadata': { optional: true },
  })
  // The tests run with the oldest that is allowed.
  const tested = Object.entries(peers).map(([name, range]) => [name, range.replace(/^\^/, '')])
  expect(manifest['devDependencies']).toEqual(Object.fromEntries(tested))
})

test('it is ESM without side effects, and has a licence', () => {
  expect({ type: manifest.type, sideEffects: manifest.sideEffects, license: manifest.license }).toEqual({
    type: 'module',
    sideEffects: false,
    license: 'MIT',
  })
  expect(existsSync(new URL('LICENSE', root))).toBe(true)
  expect(existsSync(new URL('README.md', root))).toBe(true)
})

test('in every export, types come before what is run', () => {
  const entries = Object.entries(manifest.exports).filter(([path]) => path !== './package.json')
  expect(entries.map(([path]) => path)).toContain('.')
  for (const [path, conditions] of entries) {
    // The first is for the workspace alone, and names the source.
    expect(Object.keys(conditions), path).toEqual(['@pickle-ts/source', 'types', 'default'])
    const { '@pickle-ts/source': source, types, default: code } = conditions as Record<string, string>
    expect(existsSync(new URL(source as string, root)), source).toBe(true)
    const name = /^\.\/src\/(.*)\.ts$/.exec(source as string)?.[1]
    expect([types, code]).toEqual([`./dist/${name}.d.ts`, `./dist/${name}.js`])
  }
})

test('the tests are not shipped', () => {
  expect([...manifest.files].sort()).toEqual(['!**/*.tsbuildinfo', 'dist', 'src'])
})
