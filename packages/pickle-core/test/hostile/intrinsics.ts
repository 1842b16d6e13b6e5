/** What the language looks like, as the test kit takes it. */
export { Intrinsics } from '../../src/testing/intrinsics.ts'
