import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** The long tests, `npm run matrix`: files `*.matrix.ts`, which take minutes or need whole libraries of Python. */
export default defineConfig({
  resolve: base.resolve ?? {},
  ssr: base.ssr ?? {},
  test: {
    include: ['{packages,examples}/*/test/**/*.matrix.ts'],
    passWithNoTests: false,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
    expect: { requireAssertions: true },
    env: { NODE_OPTIONS: '--conditions=@pickle-ts/source' },
  },
})
