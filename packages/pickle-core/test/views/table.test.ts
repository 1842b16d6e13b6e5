/** The table of `docs/ownership.md`, compared with the cases that `views.test.ts` runs. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { VIEW_CASES, type ViewCase } from './cases.ts'

/** Which of several views are on one memory, as `1 and 2`; those that stand alone are left out. */
function together(memories: readonly number[]): string {
  const groups = [...new Set(memories)].map((memory) =>
    memories.flatMap((other, i) => (other === memory ? [i + 1] : [])),
  )
  const shared = groups.filter((views) => views.length > 1).map((views) => views.join(' and '))
  return shared.length === 0
    ? 'none'
    : shared.length === 1 && shared[0] === memories.map((_, i) => i + 1).join(' and ')
      ? 'all'
      : shared.join('; ')
}

function row({ name, buffers, memories, memoriesBelow5 }: ViewCase): string {
  const below = memoriesBelow5 === undefined ? '' : `; below protocol 5: ${together(memoriesBelow5)}`
  const bytes = buffers.map((length) => length.toLocaleString('en-US')).join(' + ')
  const sharing = memories.length === 1 ? 'alone' : `${together(memories)}${below}`
  return `| ${name} | ${memories.length} | ${bytes} | ${sharing} |`
}

test('docs/ownership.md has the table', () => {
  const docs = readFileSync(new URL('../../../../docs/ownership.md', import.meta.url), 'utf8')
  const table = docs.split('## Views on one memory')[1]?.match(/^\|.*\|$/gm) ?? []
  expect(table.slice(2)).toEqual(VIEW_CASES.map(row))
})
