/** What imports what: the test kit is in no bundle that did not ask for it, and needs no package and no module of Node to load. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const source = new URL('../../src/', import.meta.url)

/** Every module that is loaded with one. */
function reached(entry: string): { readonly files: Set<string>; readonly others: Set<string> } {
  const files = new Set<string>()
  const others = new Set<string>()
  const visit = (file: URL): void => {
    if (files.has(file.href)) return
    files.add(file.href)
    const code = readFileSync(file, 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
    for (const [, target] of code.matchAll(/(?:from|import\() ?'([^']+)'/g)) {
      if (target?.startsWith('.')) visit(new URL(target, file))
      else others.add(target as string)
    }
  }
  visit(new URL(entry, source))
  return { files, others }
}

test.each(['index.ts', 'bare.ts', 'inspect.ts'])('%s does not reach the test kit', (entry) => {
  const { files } = reached(entry)
  expect(files.size).toBeGreaterThan(20)
  expect([...files].filter((file) => file.includes('/testing'))).toEqual([])
})

test('the test kit loads nothing from outside', () => {
  const { files, others } = reached('testing.ts')
  expect([...files].filter((file) => file.includes('/testing/')).length).toBeGreaterThan(20)
  expect([...others]).toEqual([])
})
