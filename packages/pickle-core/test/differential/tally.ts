import { OPCODES } from '../../src/opcodes.ts'
import { Coverage } from './coverage.ts'

/** Something that is not as it should be, and how to see it again. */
interface Failure {
  readonly seed: number
  readonly what: string
}

/** What came out of a run of random graphs. */
export class Tally {
  /** By outcome: identical bytes, or the reason why they need not be. */
  readonly outcomes: Coverage = new Coverage()
  /** By opcode and kind: in how many graphs it occurred. */
  readonly coverage: Coverage = new Coverage()
  readonly failures: Failure[] = []

  /** The failures of these seeds, a line each, with the command that runs a seed alone. */
  failuresOf(first: number, count: number): string[] {
    return this.failures
      .filter(({ seed }) => seed >= first && seed < first + count)
      .slice(0, 10)
      .map(({ seed, what }) => `npm run matrix -- --seed ${seed} shows: ${what}`)
  }

  /** Prints the outcomes, and the counts of the opcodes and of the kinds. */
  print(title: string, kinds: readonly string[]): void {
    const opcodes = OPCODES.map(({ name }) => name)
    const outcomes = this.outcomes.names().map((name) => `${String(this.outcomes.get(name)).padStart(7)} ${name}`)
    console.info(
      [
        `${title}: ${this.failures.length} unequal`,
        ...outcomes,
        'Graphs with each opcode:',
        this.coverage.table(opcodes),
        'Graphs with each part, kind of sharing and kind of cycle:',
        this.coverage.table(kinds),
      ].join('\n'),
    )
  }
}

/** The names of all opcodes. */
export const OPCODE_NAMES: readonly string[] = OPCODES.map(({ name }) => name)
