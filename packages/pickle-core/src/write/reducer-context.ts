import { BufferError } from '../errors.ts'
import type { DumpContext } from '../registry/contract.ts'
import { ViewBuffer } from './view-buffer.ts'
import type { ViewGroups } from './view-groups.ts'
import { spanOf } from './view-layout.ts'

/** Makes the groups of the dump at its first view, and finds them after it. */
type Groups = () => ViewGroups

/** What the reducers of one dump are given. */
export class ReducerContext implements DumpContext {
  readonly protocol: number
  /** A property, so that a reducer may take it by itself. */
  readonly shareView: DumpContext['shareView']
  #isOver = false

  constructor(protocol: number, groups: Groups) {
    this.protocol = protocol
    this.shareView = (memory, byteOffset, byteLength, layout) => {
      if (this.#isOver) throw new BufferError('buffer-context')
      const span = spanOf(memory, byteOffset, byteLength, layout)
      const group = groups().groupOf(span)
      const buffer = new ViewBuffer(group, this, span.readonly)
      const { compacted } = group
      if (compacted !== undefined) return { buffer, offset: 0, strides: compacted.strides }
      return { buffer, offset: span.first - group.start, strides: span.strides }
    }
    Object.freeze(this)
  }

  /** The dump is over. */
  end(): void {
    this.#isOver = true
  }
}
