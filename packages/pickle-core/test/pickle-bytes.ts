/** Pickles by hand, for tests: what no pickler writes. */

/** The bytes of a string of characters U+0000 to U+00FF. */
export function bytes(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : [...part])),
  )
}

/** An unsigned little-endian number of 8 bytes. */
export function u64(value: number | bigint): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(value), true)
  return String.fromCharCode(...new Uint8Array(view.buffer))
}

/** The same of 4 bytes. */
export function u32(value: number): string {
  return u64(value).slice(0, 4)
}

/** SHORT_BINUNICODE, without a MEMOIZE. */
export function str(text: string): string {
  return `\x8c${String.fromCharCode(text.length)}${text}`
}

/** A global by STACK_GLOBAL. */
export function global(module: string, name: string): string {
  return `${str(module)}${str(name)}\x93`
}
