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

/** A view of the first going-over, with the group that it was then. */
interface Seen {
  readonly span: ViewSpan
  readonly group: ViewGroup
}

/** The views of one dump. */
export class ViewGroups {
  readonly #options: {
    readonly splits: boolean
    readonly compacts: boolean
    readonly shipped: ShippedViews | undefined
  }
  /** By memory: all views, or the writable and the readonly ones. */
  readonly #seen: readonly Map<ArrayBufferLike, Seen[]>[] = [new Map(), new Map()]
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
      const group = this.#alone(span, false, this.#compactedOf(span))
      const seen = this.#seen[lane]?.get(span.memory)
      if (seen === undefined) this.#seen[lane]?.set(span.memory, [{ span, group }])
      else seen.push({ span, group })
      return group
    }
    // Nothing shares memory that has no bytes.
    if (span.start === span.end) return this.#alone(span, false, undefined)
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
        if (seen.length > 1) seen.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)
        let end = -1
        for (const { span, group } of seen) {
          if (span.start === span.end) continue
          if (span.start < end || (group.writes > 1 && group.index < 0 && group.payload === undefined)) isShared = true
          end = Math.max(end, span.end)
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
    if (this.#known === undefined) {
      for (const lane of this.#seen) for (const seen of lane.values()) for (const { group } of seen) shipped.add(group)
    } else
      for (const lane of this.#known)
        for (const groups of lane.values()) groups.forEach((group) => void shipped.add(group))
  }

  #groupsOf(seen: readonly Seen[]): readonly ViewGroup[] {
    const groups: ViewGroup[] = []
    const spans = seen.filter(({ span }) => span.start < span.end)
    for (let i = 0; i < spans.length; ) {
      const { span, group } = spans[i] as Seen
      let { end, readonly } = span
      let { writes } = group
      const first = i++
      for (let next = spans[i]; next !== undefined && next.span.start < end; next = spans[++i]) {
        end = Math.max(end, next.span.end)
        readonly &&= next.span.readonly
        writes += next.group.writes
      }
      const isAgain = writes > 1
      const isAlone = i === first + 1
      groups.push(
        isAlone
          ? this.#alone(span, isAgain, group.compacted)
          : new ViewGroup(span.memory, span.start, end, readonly, true),
      )
    }
    return groups
  }

  /** The group of a view that shares with none. */
  #alone(span: ViewSpan, isAgain: boolean, compacted: Compacted | undefined): ViewGroup {
    const { memory, start, end, readonly } = span
    return new ViewGroup(memory, start, end, readonly, isAgain || this.#options.shipped !== undefined, compacted)
  }

  #compactedOf(span: ViewSpan): Compacted | undefined {
    return this.#options.compacts && isSparse(span) ? compact(span) : undefined
  }
}
