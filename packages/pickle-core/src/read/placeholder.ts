/** What stands on the stack or in the memo for a value that is not there yet. None of these ever reaches a finished value. */

/** The base of all placeholders; a GET tests for it. */
export class Placeholder {}

/** A list or dict that is made when its first batch is complete. Its slot on the stack lies right below the mark of that batch. */
export const PENDING: Placeholder = /* @__PURE__ */ new Placeholder()

/**
 * In the memo, for a dict on the stack that has no key yet: its first key decides what it becomes, unless somebody has
 * referred to it by then.
 */
export class UndecidedDict extends Placeholder {
  readonly object: object
  /** Its slot on the stack. */
  readonly slot: number
  /** Its memo index, or -1. */
  index: number
  /** Whether something else than its slot refers to it. */
  referenced = false

  constructor(object: object, slot: number) {
    super()
    this.object = object
    this.slot = slot
    this.index = -1
  }
}
