/** Values that only the writer makes, to be saved in the course of another. */
import type { CheckedReduction } from './reduction.ts'

/** An object that exists only as a call, as `functools.partial(cls.__new__, ...)`. */
export class InternalCall {
  readonly reduction: CheckedReduction

  constructor(reduction: CheckedReduction) {
    this.reduction = reduction
  }
}

/** A string that CPython makes on the spot: a fresh object, never the GET of an equal one. */
export class FreshText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}
