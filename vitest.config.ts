import { defineConfig } from 'vitest/config'

/** Tests read the sources of the workspace's packages: no build is needed. */
const conditions = ['@pickle-ts/source', 'module', 'node', 'development|production']

const tests = '{packages/*,examples/*,bench}/test/**/*.test.ts'
/** Run once more where `eval` and `new Function` throw. */
const noEvalTests = 'packages/*/test/**/{rows,round-trip,no-eval}*.test.ts'

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // `hideSkippedTests` stays off: a skipped test says so aloud.
    passWithNoTests: false,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [tests],
          // Workers and subprocesses of a test need the condition too.
          env: { NODE_OPTIONS: '--conditions=@pickle-ts/source' },
        },
      },
      {
        extends: true,
        test: {
          name: 'no-eval',
          include: [noEvalTests],
          execArgv: ['--disallow-code-generation-from-strings'],
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/test/**/*.test-d.ts'],
            tsconfig: 'tsconfig.test.json',
          },
        },
      },
    ],
  },
})
