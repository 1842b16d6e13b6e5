/**
 * The tasks of the root package.json: the commands that Node runs for each, one after the other,
 * from the root of the checkout. Further arguments go to the last command.
 */
const build = ['node_modules/typescript/bin/tsc', '-b']

export const tasks = {
  // The examples run from the sources: Node strips the types.
  demo: [['--conditions=@pickle-ts/source', 'examples/demo/src/main.ts']],
  test: [['node_modules/vitest/vitest.mjs', 'run']],
  build: [build],
  check: [['scripts/check.mjs']],
  bench: [build, ['bench/run.mjs']],
  format: [['node_modules/@biomejs/biome/bin/biome', 'check', '--write']],
  fixtures: [
    ['scripts/python.mjs', 'scripts/generate-demo-fixtures.py'],
    ['scripts/python.mjs', 'scripts/generate-fixtures.py'],
  ],
  rows: [['--conditions=@pickle-ts/source', 'scripts/generate-rows.mjs']],
  'opcode-info': [['scripts/python.mjs', 'scripts/generate-opcode-info.py']],
  changeset: [['node_modules/@changesets/cli/bin.js']],
}
