/** A seeded generator of numbers: the same seed gives the same numbers, on every machine. */
export class Random {
  #state: number

  constructor(...seed: readonly number[]) {
    this.#state = 0x9e3779b9
    for (const part of seed) {
      this.#state = Math.imul(this.#state ^ part, 0x85ebca6b)
      this.next()
    }
  }

  /** 32 bits (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }

  /** An integer from 0 to `end` - 1. */
  below(end: number): number {
    return this.next() % end
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability * 0x1_0000_0000
  }

  /** One of these, of which there is at least one. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}
