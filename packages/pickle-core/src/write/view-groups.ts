/**
 * Views on one memory: those whose spans overlap are a group, and a group is one buffer.
 *
 * Who shares with whom is known when the graph was gone over. So at first each view is a group of its own, which is right for nearly
 * all; {@link ViewGroups.isShared} then says whether some overlap, and if so the graph is gone over again, with the groups known.
 */
import { BufferError } from '../errors.ts'
import { lastFrom, type ShippedViews } from './shipped-views.ts'
import { ViewGroup } from './view-group.ts'
import { type Compacted, compact, isSparse, type ViewSpan } from './view-layout.ts'

type GroupSpan = Pick<ViewGroup, 'memory' | 'start' | 'end' | 'readonly'>

/** The views of one dump. */
export class ViewGroups {
  readonly #options: {
    readonly splits: boolean
    readonly compacts: boolean
    readonly shipped: ShippedViews | undefined
  }
  /** By memory, each view as a group of its own: all of them, or the writable and the readonly ones. */
  readonly #seen: readonly Map<ArrayBufferLike, ViewGroup[]>[] = [new Map(), new Map()]
  /** The groups, in order, once they are known. */
  #known: readonly Map<ArrayBufferLike, readonly ViewGroup[]>[] | undefined

  /**
   * @param options whether readonly views have groups of their own, because bytes cannot be a view of a bytearray; whether sparse views are
   *   compacted; what earlier dumps of the session wrote.
   */
  constructor(options: { splits: boolean; compacts: boolean; shipped: ShippedViews | undefined }) {
    this.#options = options
  }

  /** Whether the groups are known. */
  get isKnown(): boolean {
    return this.#known !== undefined
  }

  /** The group of a view. */
  groupOf(span: ViewSpan): ViewGroup {
    const { splits, shipped } = this.#options
    const earlier = shipped?.find(span, splits)
    if (earlier !== undefined) return earlier
    const lane = splits && span.readonly ? 1 : 0
    const known = this.#known?.[lane]
    if (known === undefined) {
      const compacted = this.#options.compacts && isSparse(span) ? compact(span) : undefined
      const group = this.#newGroup(span, false, compacted)
      const seen = this.#seen[lane]?.get(span.memory)
      if (seen === undefined) this.#seen[lane]?.set(span.memory, [group])
      else seen.push(group)
      return group
    }
    // Nothing shares memory that has no bytes.
    if (span.start === span.end) return this.#newGroup(span, false, undefined)
    const groups = known.get(span.memory) ?? []
    const group = groups[lastFrom(groups, span.start)]
    if (group === undefined || span.end > group.end) throw new BufferError('buffer-impure')
    return group
  }

  /** The graph was gone over: whether views share memory, or one was written more than once, so that it has to be done again. */
  isShared(): boolean {
    let isShared = false
    for (const lane of this.#seen) {
      for (const seen of lane.values()) {
        if (seen.length > 1) seen.sort((a, b) => a.start - b.start)
        let last = -1
        for (const { start, end, writes, index, payload } of seen) {
          if (start === end) continue
          if (start < last || (writes > 1 && index < 0 && payload === undefined)) isShared = true
          last = Math.max(last, end)
        }
      }
    }
    return isShared
  }

  /** From here on the groups are known; their views are sorted. */
  join(): void {
    this.#known = this.#seen.map((lane) => new Map([...lane].map(([memory, seen]) => [memory, this.#groupsOf(seen)])))
  }

  /** Later dumps of the session may refer to what this one wrote. */
  ship(): void {
    const { shipped } = this.#options
    if (shipped === undefined) return
    for (const lane of this.#known ?? this.#seen) {
      for (const groups of lane.values()) for (const group of groups) shipped.add(group)
    }
  }

  #groupsOf(seen: readonly ViewGroup[]): readonly ViewGroup[] {
    const groups: ViewGroup[] = []
    const views = seen.filter(({ start, end }) => start < end)
    for (let i = 0; i < views.length; ) {
      const first = views[i++] as ViewGroup
      let { end, readonly, writes, compacted } = first
      for (let next = views[i]; next !== undefined && next.start < end; next = views[++i]) {
        end = Math.max(end, next.end)
        readonly &&= next.readonly
        writes += next.writes
        compacted = undefined
      }
      groups.push(this.#newGroup({ ...first, end, readonly }, writes > 1, compacted))
    }
    return groups
  }

  #newGroup(span: GroupSpan, isAgain: boolean, compacted: Compacted | undefined): ViewGroup {
    const { memory, start, end, readonly } = span
    return new ViewGroup(memory, start, end, readonly, isAgain || this.#options.shipped !== undefined, compacted)
  }
}
