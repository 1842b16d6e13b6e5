/**
 * Long runs of floats, or of strings from the memo, as the items of a list.
 *
 * They are counted first, over all batches and frames in which nothing else lies, at 1 ns an item. Then the list is made at its
 * size and filled: no stack, no growth. A list of floats is a block of doubles in V8, at 8 bytes an item. On lists of 10 items all
 * that is a loss.
 *
 * Nothing is decided here that the opcode loop would decide otherwise: a run ends with the last batch that is complete, and what
 * follows it, with whatever is wrong there, is left to the loop.
 */
import type { Machine } from './machine.ts'

const MIN_RUN = 32
/** V8 makes an array a hash table whose length is set to more than twice this. */
const MAX_LENGTH = 1 << 24

const BINFLOAT = 0x47
const BINGET = 0x68
const LONG_BINGET = 0x6a
const APPENDS = 0x65
const MARK = 0x28
const FRAME = 0x95

/** Whether a run may begin at `pos`: a cheap look, for most lists are short. */
export function mayBeginRun(bytes: Uint8Array, pos: number): boolean {
  if (bytes[pos] === BINFLOAT) return bytes[pos + 9 * (MIN_RUN - 1)] === BINFLOAT
  for (let i = 0, at = pos; i < MIN_RUN; i++) {
    if (bytes[at] === BINGET) at += 2
    else if (bytes[at] === LONG_BINGET) at += 5
    else return false
  }
  return true
}

/** A run of at least one complete batch. */
export class Run {
  /** Behind its last APPENDS. */
  pos = -1
  /** The end of the frame there, or of the input. */
  end: number
  /** The same, or -1 outside of a frame. */
  frameEnd: number
  #count = 0
  readonly #machine: Machine
  readonly #memoSize: number
  /** Where its parts begin and end, in turn: a part lies in one batch and one frame. */
  readonly #parts: number[] = []

  constructor(m: Machine, memoSize: number, end: number, frameEnd: number) {
    this.#machine = m
    this.#memoSize = memoSize
    this.end = end
    this.frameEnd = frameEnd
  }

  /** Adds the items of the run that begins at `start`, behind a mark, to a list. False if there is none, and nothing happened. */
  appendTo(list: unknown[], start: number, mayHaveFrames: boolean): boolean {
    const m = this.#machine
    const { bytes } = m
    const floats = bytes[start] === BINFLOAT
    // There each float is an object.
    if (floats && m.settings.exact) return false
    let i = list.length
    this.#find(start, floats, mayHaveFrames, Math.min(MAX_LENGTH - i, m.settings.limits.maxItems - m.items))
    const count = this.#count
    if (count < MIN_RUN) return false
    m.items += count
    // The first item makes an empty list one of doubles, before it is made long.
    if (floats && i === 0) list[0] = 0.5
    list.length = i + count
    const parts = this.#parts
    for (let k = 0; k < parts.length; k += 2) {
      const to = parts[k + 1] as number
      if (floats) for (let pos = parts[k] as number; pos < to; pos += 9) list[i++] = m.view.getFloat64(pos + 1)
      else {
        for (let pos = parts[k] as number; pos < to; ) {
          const short = bytes[pos] === BINGET
          list[i++] = m.memo[short ? (bytes[pos + 1] as number) : m.view.getUint32(pos + 1, true)]
          pos += short ? 2 : 5
        }
      }
    }
    return true
  }

  /** Counts `most` items at most: if they are too many, the next batch must not count them all again. */
  #find(start: number, floats: boolean, mayHaveFrames: boolean, most: number): void {
    const m = this.#machine
    const { bytes, inputEnd } = m
    const parts = this.#parts
    let { end, frameEnd } = this
    let pos = start
    let complete = 0
    let open = 0
    for (;;) {
      const from = pos
      let count = 0
      if (floats) {
        while (bytes[pos] === BINFLOAT && end - pos >= 9) pos += 9
        count = (pos - from) / 9
      } else {
        for (let next = this.#afterString(pos, end); next > pos; next = this.#afterString(pos, end)) {
          pos = next
          count++
        }
      }
      if (count > 0) {
        parts.push(from, pos)
        open += count
      }
      if (pos === end && end < inputEnd) {
        // The next frame.
        end = inputEnd
        frameEnd = -1
        if (!mayHaveFrames || bytes[pos] !== FRAME || end - pos < 9) break
        const size = m.view.getUint32(pos + 1, true)
        if (m.view.getUint32(pos + 5, true) !== 0 || size > end - pos - 9) break
        pos += 9
        frameEnd = end = pos + size
        continue
      }
      if (pos >= end || bytes[pos] !== APPENDS || this.#count + open > most) break
      pos++
      this.#count += open
      complete = parts.length
      open = 0
      this.pos = pos
      this.end = end
      this.frameEnd = frameEnd
      if (end - pos < 2 || bytes[pos] !== MARK) break
      pos++
    }
    parts.length = complete
  }

  /** Behind the GET of a string at `pos`, or `pos` if there is something else. */
  #afterString(pos: number, end: number): number {
    const m = this.#machine
    const opcode = m.bytes[pos]
    let index: number
    let next: number
    if (opcode === BINGET && end - pos >= 2) {
      index = m.bytes[pos + 1] as number
      next = pos + 2
    } else if (opcode === LONG_BINGET && end - pos >= 5) {
      index = m.view.getUint32(pos + 1, true)
      next = pos + 5
    } else return pos
    return index < this.#memoSize && typeof m.memo[index] === 'string' ? next : pos
  }
}
