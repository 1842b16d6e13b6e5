// The configuration of changesets must be valid, and each changeset must name packages that are published.

import { readdirSync, readFileSync } from 'node:fs'
import { readConfig } from '@changesets/config'

const { errors = [], warnings } = await readConfig(process.cwd())
const problems = [...errors, ...warnings]

const published = new Set()
for (const folder of readdirSync('packages')) {
  const manifest = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8'))
  if (!manifest.private) published.add(manifest.name)
}

const changesets = readdirSync('.changeset').filter((file) => file.endsWith('.md') && file !== 'README.md')
for (const file of changesets) {
  const [, frontMatter, text] = readFileSync(`.changeset/${file}`, 'utf8').match(/^---\n(.*?)---\n(.*)$/s) ?? []
  if (!text?.trim()) problems.push(`${file}: there is no text after the front matter`)
  for (const line of (frontMatter ?? '').split('\n').filter(Boolean)) {
    const [, name, bump] = line.match(/^["']?([^"']+)["']?: (\w+)$/) ?? []
    if (!published.has(name)) problems.push(`${file}: ${line}: no published package has this name`)
    if (!['major', 'minor', 'patch'].includes(bump)) problems.push(`${file}: ${line}: not major, minor or patch`)
  }
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log(`the configuration is valid, ${changesets.length} changeset(s) are`)
