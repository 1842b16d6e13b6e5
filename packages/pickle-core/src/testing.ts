/**
 * The reducer test kit: checks that a plugin reads what it writes, shares its memory, and stands what strangers send. They come as a list
 * of named functions, for any test runner, and their failures say what in the plugin to change.
 *
 * It runs on Node. Real Python is run only for samples that have an expression for it.
 *
 * @module
 */
export { CheckFailure, type Lesson } from './testing/check-failure.ts'
export { describeWithNode, type NodeTestLike } from './testing/describe-with-node.ts'
export { describeWithVitest, type VitestLike } from './testing/describe-with-vitest.ts'
export type { MutationOptions } from './testing/hostile-bytes.ts'
export type { PythonOptions } from './testing/python-check.ts'
export { type CheckKind, type ReducerCheck, type ReducerCheckOptions, reducerChecks } from './testing/reducer-checks.ts'
export type { Sample } from './testing/sample.ts'
