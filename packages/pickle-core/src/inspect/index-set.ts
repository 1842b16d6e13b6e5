/** A set of memo indexes. Picklers count up from 0, so nearly all of them are one number here, however many there are. */
export class IndexSet {
  /** It holds each index below this one, and the others. */
  #below = 0
  readonly #others: Set<number> = new Set()

  get size(): number {
    return this.#below + this.#others.size
  }

  has(index: number): boolean {
    return index < this.#below || this.#others.has(index)
  }

  add(index: number): void {
    if (index > this.#below) this.#others.add(index)
    else if (index === this.#below) {
      do this.#below++
      while (this.#others.delete(this.#below))
    }
  }
}
