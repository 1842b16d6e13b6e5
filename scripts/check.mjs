// All that must hold besides the tests. Runs every check, also after a failure, and names those that failed.
// With arguments it runs only the checks of these names: npm run check -- lint sizes

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'

const packages = readdirSync('packages').map((name) => path.join('packages', name))
const bin = (name) => path.join('node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
const node = process.execPath

/** Name, then the commands. The build comes early: the later checks look at what it wrote. */
const checks = [
  ['lint', [bin('biome'), 'ci', '--error-on-warnings', ...(process.stdout.isTTY ? [] : ['--colors=off'])]],
  ['build', [bin('tsc'), '-b']],
  ['types', [bin('tsc'), '-p', 'tsconfig.test.json']],
  ['publint', ...packages.map((folder) => [bin('publint'), '--strict', '--pack', 'npm', folder])],
  ['attw', ...packages.map((folder) => [bin('attw'), '--pack', folder, '--profile', 'esm-only'])],
  ['knip', [bin('knip')]],
  ['sizes', [bin('size-limit')]],
  ['no-eval', [node, '--disallow-code-generation-from-strings', 'scripts/no-eval.mjs']],
  ['changesets', [node, 'scripts/check-changesets.mjs']],
]

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !checks.some(([known]) => known === name))
if (unknown.length > 0) {
  console.error(`no check ${unknown.join(', ')}: there are ${checks.map(([name]) => name).join(', ')}`)
  process.exit(1)
}

const failed = []
for (const [name, ...commands] of checks) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`\n--- ${name}`)
  const start = performance.now()
  let status = 0
  for (const [command, ...args] of commands) {
    const result = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
    status ||= result.status ?? 1
  }
  if (status !== 0) failed.push(name)
  console.log(`--- ${name}: ${status === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

console.log(failed.length > 0 ? `\ncheck: FAILED: ${failed.join(', ')}` : '\ncheck: all ok')
process.exit(failed.length > 0 ? 1 : 0)
