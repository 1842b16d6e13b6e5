/** The parts of a message that teaches. */
export interface Lesson {
  /** What should be, in words of the plugin's author. */
  readonly expected: string
  /** What is. */
  readonly found: string
  /** What in the plugin to change, with a line of code where it helps. */
  readonly change: string
  /** What was thrown, if something was. */
  readonly cause?: unknown
}

/**
 * A check of the test kit does not hold. The message says what was expected, what was found, and what in the plugin to change.
 *
 * @example
 * ```ts
 * import { CheckFailure } from '@pickle-ts/pickle-core/testing'
 * const failure = new CheckFailure('round trip of a point', { expected: 'x is 1', found: 'x is 2', change: 'look at reduce' })
 * console.log(failure.message.split('\n')[1]) //   expected: x is 1
 * ```
 */
export class CheckFailure extends Error {
  /** What was done. */
  readonly where: string
  readonly expected: string
  readonly found: string
  readonly change: string

  constructor(where: string, { expected, found, change, cause }: Lesson) {
    super(
      [where, part('expected', expected), part('found', found), part('change', change)].join('\n'),
      cause === undefined ? undefined : { cause },
    )
    this.name = 'CheckFailure'
    this.where = where
    this.expected = expected
    this.found = found
    this.change = change
  }
}

/** One part of the message; further lines stand under the first. */
function part(name: string, text: string): string {
  return `  ${`${name}:`.padEnd(10)}${text.replaceAll('\n', `\n${' '.repeat(12)}`)}`
}
