/** What the dumps of a session wrote: a later view inside it is a reference. */
import type { ViewGroup } from './view-group.ts'
import type { ViewSpan } from './view-layout.ts'

/** Groups by memory. In each list no group lies inside another, so both starts and ends ascend. */
export class ShippedViews {
  readonly #writable: Map<ArrayBufferLike, ViewGroup[]> = new Map()
  readonly #readonly: Map<ArrayBufferLike, ViewGroup[]> = new Map()

  /** The group that a view lies in. A writable view is in none that is readonly, and with `splits` the other way round neither. */
  find(span: ViewSpan, splits: boolean): ViewGroup | undefined {
    const writable = splits && span.readonly ? undefined : inside(this.#writable.get(span.memory), span)
    return writable ?? (span.readonly ? inside(this.#readonly.get(span.memory), span) : undefined)
  }

  add(group: ViewGroup): void {
    const { memory, start, end, readonly, compacted } = group
    const isWritten = group.index >= 0 || group.payload !== undefined
    if (!isWritten || compacted !== undefined || start === end) return
    const lists = readonly ? this.#readonly : this.#writable
    const list = lists.get(memory)
    if (list === undefined) {
      lists.set(memory, [group])
      return
    }
    if (inside(list, group) !== undefined) return
    // Those that lie inside the new one follow each other.
    let to = lastFrom(list, start) + 1
    const from = to > 0 && list[to - 1]?.start === start ? to - 1 : to
    while (to < list.length && (list[to] as ViewGroup).end <= end) to++
    list.splice(from, to - from, group)
  }

  clear(): void {
    this.#writable.clear()
    this.#readonly.clear()
  }
}

function inside(groups: readonly ViewGroup[] | undefined, span: { start: number; end: number }): ViewGroup | undefined {
  const group = groups?.[lastFrom(groups, span.start)]
  return group !== undefined && span.end <= group.end ? group : undefined
}

/** The place of the last group that starts at or before `start`, or -1. The groups are sorted. */
export function lastFrom(groups: readonly ViewGroup[], start: number): number {
  let low = 0
  let high = groups.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((groups[middle] as ViewGroup).start <= start) low = middle + 1
    else high = middle
  }
  return low - 1
}
