/** A value of a pickle, or many small ones together, and how many of its bytes they take. */
export interface SizeNode {
  /** Python's name of its type; for an object what was called; `reference` for a value that stands elsewhere. */
  readonly type: string
  /** How many values these are: 1, or the small ones of one type at one place. */
  readonly count: number
  /** The bytes, with all that it holds. What is shared counts where it is first written. */
  readonly bytes: number
  /** The bytes without those of the parts: its own opcodes and their arguments, memo opcodes too, and the keys of a dict. */
  readonly own: number
  /** What it holds: first what is large, in the order of the pickle, then what is small. */
  readonly parts: readonly SizePart[]
}

/** A part of a value. */
export interface SizePart {
  /** Where in the value, as a piece of a path: `.key`, `[3]`, `<state>`; `[*]` for small ones together. */
  readonly label: string
  readonly node: SizeNode
}
