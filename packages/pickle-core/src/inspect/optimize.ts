import { unpicklingError } from '../errors.ts'
import { inputBytes, type PickleInput } from '../read/input.ts'
import { genops } from './genops.ts'
import { IndexSet } from './index-set.ts'

const FRAME_SIZE_TARGET = 64 * 1024
const FRAME_SIZE_MIN = 4

/**
 * The same pickle without the memo entries that it never uses, and with those that it uses numbered anew: what
 * `pickletools.optimize` writes, byte for byte.
 *
 * Source: CPython, Lib/pickletools.py, `optimize`.
 *
 * @throws {@link UnpicklingError} where an opcode cannot be read, or gets what the memo does not hold.
 *
 * @example
 * ```ts
 * import { dumps, loads } from '@pickle-ts/pickle-core'
 * import { optimize } from '@pickle-ts/pickle-core/inspect'
 * const small = optimize(dumps(['a', 'b']))
 * loads(small) // [ 'a', 'b' ]
 * ```
 */
export function optimize(data: PickleInput): Uint8Array {
  const bytes = inputBytes(data)
  const { used, proto, header } = survey(bytes)
  const out = new FramedCopy(bytes.length, proto >= 4)
  out.copyUnframed(bytes.subarray(0, header))
  const puts = new IndexSet()
  let next = 0
  for (const { opcode, arg, pos, end } of genops(bytes)) {
    const { name } = opcode
    if (isPut(name)) {
      const index = name === 'MEMOIZE' ? puts.size : Number(arg)
      puts.add(index)
      if (used.has(index)) {
        used.set(index, next)
        out.write(memoOpcode('put', next++, proto))
      }
    } else if (isGet(name)) out.write(memoOpcode('get', used.get(Number(arg)) as number, proto))
    else if (name !== 'FRAME' && end > header) out.write(bytes.subarray(pos, end))
  }
  return out.finish()
}

/** What must be known beforehand: which memo indexes are used (to be numbered anew), the protocol, and how long its header is. */
function survey(bytes: Uint8Array): { used: Map<number, number>; proto: number; header: number } {
  const puts = new IndexSet()
  const used = new Map<number, number>()
  let proto = 0
  let header = 0
  for (const { opcode, arg, pos, end } of genops(bytes)) {
    const { name } = opcode
    if (isPut(name)) puts.add(name === 'MEMOIZE' ? puts.size : Number(arg))
    else if (isGet(name)) {
      const index = Number(arg)
      if (!puts.has(index)) throw unpicklingError('memo-missing', { index }, pos, name)
      proto = Math.max(proto, opcode.proto)
      used.set(index, -1)
    } else if (name === 'PROTO') {
      proto = Math.max(proto, Number(arg))
      if (pos === 0) header = end
    }
  }
  return { used, proto, header }
}

function isPut(name: string): boolean {
  return name === 'MEMOIZE' || name.endsWith('PUT')
}

function isGet(name: string): boolean {
  return name.endsWith('GET')
}

function memoOpcode(kind: 'put' | 'get', index: number, proto: number): Uint8Array {
  if (kind === 'put' && proto >= 4) return Uint8Array.of(0x94 /* MEMOIZE */)
  if (proto === 0) return new TextEncoder().encode(`${kind === 'put' ? 'p' : 'g'}${index}\n`)
  const long = index >= 256
  const code = kind === 'put' ? (long ? 0x72 : 0x71) : long ? 0x6a : 0x68
  if (!long) return Uint8Array.of(code, index)
  return Uint8Array.of(code, index & 0xff, (index >> 8) & 0xff, (index >> 16) & 0xff, index >>> 24)
}

/** Output in frames, as CPython's `_Framer` cuts them. */
class FramedCopy {
  /** Frame headers can make it a little longer than the input: one for each 64 kB. */
  readonly #bytes: Uint8Array
  #size = 0
  readonly #framed: boolean
  /** Where the current frame began, with room for its header. */
  #frame = 0

  constructor(size: number, framed: boolean) {
    this.#bytes = new Uint8Array(size + 9 * (Math.floor(size / FRAME_SIZE_TARGET) * 2 + 3))
    this.#framed = framed
  }

  copyUnframed(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#size)
    this.#size += bytes.length
    this.#frame = this.#size
  }

  /** One opcode. A large one stands between frames. */
  write(bytes: Uint8Array): void {
    const alone = bytes.length > FRAME_SIZE_TARGET
    if (this.#framed) {
      if (alone || this.#size - this.#frame >= FRAME_SIZE_TARGET) this.#closeFrame()
      if (alone) {
        this.copyUnframed(bytes)
        return
      }
    }
    this.#bytes.set(bytes, this.#size)
    this.#size += bytes.length
  }

  #closeFrame(): void {
    const size = this.#size - this.#frame
    if (size >= FRAME_SIZE_MIN) {
      this.#bytes.copyWithin(this.#frame + 9, this.#frame, this.#size)
      this.#bytes[this.#frame] = 0x95 // FRAME
      new DataView(this.#bytes.buffer).setBigUint64(this.#frame + 1, BigInt(size), true)
      this.#size += 9
    }
    this.#frame = this.#size
  }

  finish(): Uint8Array {
    if (this.#framed) this.#closeFrame()
    return this.#bytes.slice(0, this.#size)
  }
}
