/**
 * latin-1 decoding: one byte, one character.
 *
 * Not by `TextDecoder('latin1')`: the Encoding Standard makes that windows-1252, which has other characters at 0x80 to 0x9f.
 */

type Slice = (this: Uint8Array, start: number, end: number) => string

/** Node's own decoder, where there is one: a `Buffer` of a bundler's polyfill has none, or must do the same. */
const NATIVE: Slice | undefined = /* @__PURE__ */ (() => {
  try {
    const slice = (globalThis as { Buffer?: { prototype: { latin1Slice?: Slice } } }).Buffer?.prototype.latin1Slice
    return slice?.call(new Uint8Array([0x41, 0x94, 0xe9]), 1, 3) === '\x94\xe9' ? slice : undefined
  } catch {
    return undefined
  }
})()

/** Whether decoding is native: then one call for many strings is cheaper than one for each. */
export const NATIVE_LATIN1: boolean = /* @__PURE__ */ (() => NATIVE !== undefined)()

/** The bytes as characters U+0000 to U+00FF. */
export function readLatin1(bytes: Uint8Array, start: number, end: number): string {
  if (NATIVE !== undefined && end - start > 16) return NATIVE.call(bytes, start, end)
  let text = ''
  // In pieces: spreading a large array into arguments overflows the stack.
  for (let i = start; i < end; i += 4096) text += String.fromCharCode(...bytes.subarray(i, Math.min(i + 4096, end)))
  return text
}
