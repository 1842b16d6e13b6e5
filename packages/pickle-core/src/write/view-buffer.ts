import { PickleBuffer } from '../values/pickle-buffer.ts'
import type { ViewGroup } from './view-group.ts'

/** What a reducer gets for a view: it stands for the memory of its group, in the dump that made it. */
export class ViewBuffer extends PickleBuffer {
  readonly group: ViewGroup
  /** The context of that dump. Another dump takes it for a PickleBuffer like any other. */
  readonly owner: object

  constructor(group: ViewGroup, owner: object, readonly: boolean) {
    super(group.bytes(), { readonly })
    this.group = group
    this.owner = owner
  }
}
