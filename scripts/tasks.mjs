/**
 * The tasks of the root package.json: the commands that Node runs for each, one after the other,
 * from the root of the checkout. Further arguments go to the last command.
 */
const build = ['node_modules/typescript/bin/tsc', '-b']

/** The tasks that use whole libraries of Python: they get the packages of scripts/requirements-matrix.txt. */
export const libraryTasks = new Set(['matrix', 'edit-a-model'])

export const tasks = {
  // The examples run from the sources: Node strips the types.
  demo: [['--conditions=@pickle-ts/source', 'examples/demo/src/main.ts']],
  'custom-reducer': [['--conditions=@pickle-ts/source', 'examples/custom-reducer/src/main.ts']],
  'edit-a-model': [['--conditions=@pickle-ts/source', 'examples/edit-a-model/src/main.ts']],
  // Node does not strip decorators.
  'inversify-app': [
    ['node_modules/typescript/bin/tsc', '-p', 'examples/inversify-app'],
    ['--conditions=@pickle-ts/source', 'examples/inversify-app/dist/main.js'],
  ],
  'read-untrusted': [['--conditions=@pickle-ts/source', 'examples/read-untrusted/src/main.ts']],
  test: [['node_modules/vitest/vitest.mjs', 'run']],
  matrix: [['scripts/matrix.mjs']],
  build: [build],
  check: [['scripts/check.mjs']],
  bench: [build, ['bench/run.mjs']],
  pairs: [build, ['bench/pairs.mjs']],
  fuzz: [['--no-warnings', '--conditions=@pickle-ts/source', 'scripts/fuzz.mjs']],
  guards: [['--no-warnings', 'scripts/guards.mjs']],
  format: [['node_modules/@biomejs/biome/bin/biome', 'check', '--write']],
  fixtures: [
    ['scripts/python.mjs', 'scripts/generate-demo-fixtures.py'],
    ['scripts/python.mjs', 'scripts/generate-fixtures.py'],
  ],
  rows: [['--conditions=@pickle-ts/source', 'scripts/generate-rows.mjs']],
  'opcode-info': [['scripts/python.mjs', 'scripts/generate-opcode-info.py']],
  changeset: [['node_modules/@changesets/cli/bin.js']],
}
