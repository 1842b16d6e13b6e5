import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** `npm run matrix`: what takes minutes, or needs whole libraries of Python. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    testTimeout: 1_200_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'matrix',
          include: ['{packages/*,examples/*}/test/**/*.matrix.ts'],
          env: { NODE_OPTIONS: '--conditions=@pickle-ts/source' },
        },
      },
    ],
  },
})
