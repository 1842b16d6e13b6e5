/**
 * Limits of the codec and the fixed numbers of CPython's pickler.
 *
 * A limit bounds what one call may take from an input that nobody trusts. None is unlimited by omission.
 */

/** Bounds that a load or a dump keeps; a value beyond one is a typed error with code `limit` or `depth`. */
export interface Limits {
  /** Bytes that one pickle may take from a streaming source. Memory that the caller already holds is not bounded by it. */
  readonly maxBytes: number
  /** Nesting of the finished value: lists, tuples, dicts, sets, arguments and state of objects. */
  readonly maxDepth: number
  /** Values that are on the unpickling stack at one time, and items that one pickle puts into containers. */
  readonly maxItems: number
  /** Bytes of one encoded string, and of one line of a text opcode. */
  readonly maxStringBytes: number
  /** Bytes of one binary integer (LONG1, LONG4). */
  readonly maxIntBytes: number
  /** Decimal digits of one text integer (INT, LONG); CPython's own limit since 3.11. */
  readonly maxIntDigits: number
  /** Out-of-band buffers that one load takes. */
  readonly maxBuffers: number
  /** Bytes of all out-of-band buffers of one load. */
  readonly maxBufferBytes: number
  /** Calls into plugins of one load; `ctx.budget.spend` counts against it too. */
  readonly maxPluginCalls: number
}

/** The limits that hold where an option names no other. */
export const DEFAULT_LIMITS: Limits = /* @__PURE__ */ Object.freeze({
  maxBytes: 268_435_456,
  maxDepth: 10_000,
  maxItems: 10_000_000,
  maxStringBytes: 67_108_864,
  maxIntBytes: 65_536,
  maxIntDigits: 4_300,
  maxBuffers: 65_536,
  maxBufferBytes: 4_294_967_296,
  maxPluginCalls: 1_000_000,
})

/** The newest protocol of the format: PEP 574's. */
export const HIGHEST_PROTOCOL = 5
