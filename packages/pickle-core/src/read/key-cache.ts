/**
 * The keys of dicts, from one load to the next: the string that V8 itself uses as a property name, found by its bytes.
 *
 * A key that was just decoded is a new string. Each store of a property then hashes it and looks it up in V8's table of names, at
 * 60 to 100 ns: nearly half of a load of small dicts (Node 24). This finds the name itself in 5 to 10 ns, and nothing is decoded.
 *
 * Keys only: a cache of values would keep what was loaded alive between calls.
 */

/** Longer keys are rare. */
const MAX_BYTES = 32
/** Of two entries each: when two keys of one shape share a slot, each would throw the other out, at 300 ns a time. */
const SLOTS = 256
/** New names in one load. Each costs 300 ns, so a dict of many different keys must not make all of its keys names. */
const MAX_NEW = 256

/** Names of properties by their bytes; of ASCII keys, of which the last few hundred are kept. */
export class KeyCache {
  readonly #names: string[] = new Array<string>(2 * SLOTS).fill('')
  readonly #bytes: Uint8Array = new Uint8Array(2 * SLOTS * MAX_BYTES)
  #new = 0

  /** Before each load. */
  begin(): void {
    this.#new = 0
  }

  /** The name of these bytes, or `''` if it is not here. */
  find(bytes: Uint8Array, start: number, size: number): string {
    if (size > MAX_BYTES || size === 0) return ''
    const names = this.#names
    const entry = slotOf(bytes, start, size) << 1
    for (let i = entry; i < entry + 2; i++) {
      const name = names[i] as string
      if (name.length === size && this.#same(i, bytes, start, size)) return name
    }
    return ''
  }

  #same(entry: number, bytes: Uint8Array, start: number, size: number): boolean {
    const kept = this.#bytes
    const from = entry * MAX_BYTES
    for (let k = 0; k < size; k++) if (kept[from + k] !== bytes[start + k]) return false
    return true
  }

  /** The name for a key that was not found. It takes the one or the other entry of its slot, by turns. */
  add(key: string, bytes: Uint8Array, start: number, size: number): string {
    // A string with as many units as bytes is ASCII.
    if (key.length !== size || size > MAX_BYTES || size === 0 || this.#new === MAX_NEW) return key
    this.#new++
    const [name = key] = Object.keys({ [key]: 0 })
    const entry = (slotOf(bytes, start, size) << 1) + (this.#new & 1)
    this.#names[entry] = name
    this.#bytes.set(bytes.subarray(start, start + size), entry * MAX_BYTES)
    return name
  }
}

function slotOf(bytes: Uint8Array, start: number, size: number): number {
  const first = bytes[start] as number
  const middle = bytes[start + (size >> 1)] as number
  const last = bytes[start + size - 1] as number
  return (size + first * 31 + middle * 7 + last * 13) & (SLOTS - 1)
}
