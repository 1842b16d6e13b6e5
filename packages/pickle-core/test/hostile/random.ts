/** The generator of the test kit: the same seed gives the same numbers, on every machine. */
export { Random } from '../../src/testing/random.ts'
