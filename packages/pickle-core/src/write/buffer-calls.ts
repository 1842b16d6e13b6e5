/**
 * Asks `bufferCallback`, once for each buffer, in the order of the stream.
 *
 * From the first view on it is not known yet what the buffers are (`view-groups.ts`): each is taken to go out of band, and asked about at
 * the end. Where the graph is gone over a second time, what was answered is remembered.
 */
import type { PickleBuffer } from '../values/pickle-buffer.ts'

/** Gives a buffer to the callback; true if it stays in band. */
export type AskCallback = (buffer: PickleBuffer) => boolean

/** The calls of one dump at a time. */
export class BufferCalls {
  /** Whether each buffer stays in band. */
  readonly #answers: boolean[] = []
  #next = 0
  #deferred: { readonly buffer: PickleBuffer; readonly memoized: object }[] = []

  /**
   * Whether the next buffer of the stream stays in band; with `defers` that is asked later, and it is taken not to.
   * @param memoized what stands for it in the memo if it does.
   */
  staysInBand(buffer: PickleBuffer, memoized: object, defers: boolean, ask: AskCallback): boolean {
    const answer = this.#answers[this.#next++]
    if (answer !== undefined) return answer
    if (defers) this.#deferred.push({ buffer, memoized })
    else this.#answers.push(ask(buffer))
    return !defers && this.#answers[this.#next - 1] === true
  }

  /** Asks what was deferred. Whether one of those stays in band after all. */
  finish(ask: AskCallback): boolean {
    const inBand = new Set<object>()
    for (const { buffer, memoized } of this.#deferred) {
      // The second time it is a reference, and no buffer.
      if (inBand.has(memoized)) continue
      const answer = ask(buffer)
      this.#answers.push(answer)
      if (answer) inBand.add(memoized)
    }
    this.#deferred = []
    return inBand.size > 0
  }

  /** The graph is gone over again. */
  restart(): void {
    this.#next = 0
    if (this.#deferred.length > 0) this.#deferred = []
  }

  /** The dump is over. */
  clear(): void {
    this.restart()
    this.#answers.length = 0
  }
}
