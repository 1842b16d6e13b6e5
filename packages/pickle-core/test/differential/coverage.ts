/** Counts in how many graphs each opcode, each slot and each kind of sharing and cycle occurred. */
export class Coverage {
  readonly #counts = new Map<string, number>()

  /** Counts one graph for each of the names. */
  add(names: Iterable<string>): void {
    for (const name of names) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /** All that was counted. */
  names(): string[] {
    return [...this.#counts.keys()].sort()
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Those of the names that occurred in fewer graphs. */
  below(least: number, names: Iterable<string>): string[] {
    return [...names].filter((name) => this.get(name) < least).map((name) => `${name}: ${this.get(name)}`)
  }

  /** The counts as lines of a table, three columns each. */
  table(names: Iterable<string>): string {
    const cells = [...names].map((name) => `${String(this.get(name)).padStart(7)} ${name.slice(0, 36).padEnd(36)}`)
    const lines: string[] = []
    for (let i = 0; i < cells.length; i += 3) lines.push(cells.slice(i, i + 3).join(' '))
    return lines.join('\n')
  }
}
