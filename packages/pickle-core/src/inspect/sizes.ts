import type { Limits } from '../limits.ts'
import { inputBytes, type PickleInput } from '../read/input.ts'
import { resolveLoadOptions } from '../read/load-options.ts'
import { CORE_REGISTRY } from '../registry/core-registry.ts'
import { genops } from './genops.ts'
import { SizeModel } from './size-model.ts'
import type { SizeNode } from './size-node.ts'

/** One line of {@link PickleSizes.largest}. */
export interface SizeLine {
  /** Where in the graph: `$` is the value itself. */
  readonly path: string
  readonly type: string
  readonly count: number
  readonly bytes: number
}

/** Options of {@link sizes}. */
export interface SizesOptions {
  /** Values of fewer bytes are added up, not listed. Default: a ten-thousandth of the pickle; 0 lists each. */
  readonly smallest?: number | undefined
  /** As for `loads`; of them only `maxItems` counts, for the values that are on the unpickling stack at one time. */
  readonly limits?: Partial<Limits> | undefined
}

/**
 * Which part of a graph takes the bytes of its pickle. Nothing is built, and nothing that it names is looked up. The bytes of all parts
 * add up to those of the pickle.
 *
 * @throws {@link UnpicklingError} where an opcode cannot be read, or the stack would not do; with code `limit` beyond `maxItems`.
 *
 * @example
 * ```ts
 * import { dumps } from '@pickle-ts/pickle-core'
 * import { sizes } from '@pickle-ts/pickle-core/inspect'
 * const report = sizes(dumps({ name: 'tea', blob: new Uint8Array(5000) }))
 * report.largest(2).map(({ path }) => path) // [ '$', '$.blob' ]
 * const table = String(report) // the twenty largest
 * ```
 */
export function sizes(data: PickleInput, options: SizesOptions = {}): PickleSizes {
  const bytes = inputBytes(data)
  const { smallest = Math.floor(bytes.length / 10_000), limits } = options
  const model = new SizeModel(smallest, resolveLoadOptions({ limits }, CORE_REGISTRY).limits.maxItems)
  for (const operation of genops(bytes)) model.add(operation)
  return new PickleSizes(model.root as SizeNode, model.frame)
}

/** What {@link sizes} found. */
export class PickleSizes {
  /** The value of the pickle. */
  readonly root: SizeNode
  /** The bytes of PROTO, FRAME and STOP, and of what the pickle throws away. */
  readonly frame: number

  constructor(root: SizeNode, frame: number) {
    this.root = root
    this.frame = frame
  }

  /** All bytes. */
  get total(): number {
    return this.root.bytes + this.frame
  }

  /** The largest values, the largest first; a value counts in those that hold it, too. */
  largest(count = 20): readonly SizeLine[] {
    // Only what holds much can hold something that holds much: the next largest is always a part of one that was taken.
    const waiting: { path: string; node: SizeNode }[] = [{ path: '$', node: this.root }]
    const lines: SizeLine[] = []
    while (lines.length < count && waiting.length > 0) {
      let best = 0
      for (let i = 1; i < waiting.length; i++) {
        if ((waiting[i] as { node: SizeNode }).node.bytes > (waiting[best] as { node: SizeNode }).node.bytes) best = i
      }
      const [{ path, node }] = waiting.splice(best, 1) as [{ path: string; node: SizeNode }]
      lines.push({ path, type: node.type, count: node.count, bytes: node.bytes })
      const parts = [...node.parts].sort((a, b) => b.node.bytes - a.node.bytes).slice(0, count)
      for (const part of parts) waiting.push({ path: path + part.label, node: part.node })
    }
    return lines
  }

  /** The twenty largest, as a table. */
  toString(): string {
    const lines = this.largest()
    const width = String(this.total).length
    const row = ({ path, type, count, bytes }: SizeLine): string => {
      const share = ((100 * bytes) / this.total).toFixed(1).padStart(5)
      return `${String(bytes).padStart(width)} ${share} %  ${path}  ${count === 1 ? '' : `${count} x `}${type}`
    }
    return [`${this.total} bytes`, ...lines.map(row)].join('\n')
  }
}
