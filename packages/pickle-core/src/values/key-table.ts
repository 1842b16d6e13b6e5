/**
 * Python's key equality: which keys a dict or a set calls the same.
 *
 * `1 == 1.0 == True`, bytes, tuples and frozensets by value, NaN equal only to itself as an object, lists and dicts not at all.
 * Each key is turned into a canonical JavaScript value, under which a plain Map finds it:
 *
 * | key                               | canonical value                                             |
 * |-----------------------------------|-------------------------------------------------------------|
 * | str, None, other objects          | itself (V8 seeds the hash of strings, and objects have identity hashes) |
 * | int32, integral float, bool       | the int32, xor a secret: V8 does not seed the hash of numbers |
 * | other number, bytes, tuple, ...   | an interned token of a tagged string                        |
 *
 * Nothing recurses: a deep tuple is as harmless as a flat one, and a tuple that shares its parts is visited once per part.
 *
 * A pickle can name one large key again with two bytes. So while one is loaded, what is large is remembered by its identity; ints
 * and strings have none, and what is done for large ones is counted (`beginLoad`).
 */
import { readLatin1 } from '../bytes/read-latin1.ts'
import { Complex } from './complex.ts'
import { Float } from './float.ts'
import { GlobalRef } from './global-ref.ts'
import { type KeyParts, keyParts, unhashable } from './key-protocol.ts'
import { LongStringMap, MAX_HASHED_UNITS } from './long-string-map.ts'
import { Range } from './range.ts'
import { Tuple } from './tuple.ts'

/** Whoever sends a file must not be able to choose keys that share a bucket; constant after start. */
const SECRET = (Math.random() * 0x1_0000_0000) | 0

/** What {@link KeyTable.canonical} gives for a list and the like. */
export const UNHASHABLE: unique symbol = Symbol('unhashable')

/** Stands for one tagged string; equal keys of one table share it. */
class Token {
  readonly id: number
  constructor(id: number) {
    this.id = id
  }
}

/** A tuple or frozenset whose parts are being visited. */
interface Visit {
  readonly source: object
  readonly parts: KeyParts
  readonly ids: number[]
}

/** Up to here (hexadecimal digits, characters, bytes) a key is small: looking at it costs next to nothing. */
const SMALL = 256

/** Turns keys into canonical values. Two keys are equal in Python exactly if one table gives them the same value. */
export class KeyTable {
  // Made when first needed: most dicts and sets have strings or small ints only.
  #tokens: Map<string, Token> | undefined
  /** Tuples and frozensets that were met: they are values, so one look is enough. */
  #composites: WeakMap<object, Token> | undefined
  #ids: Map<unknown, number> | undefined
  #nextId = 0
  #longTokens: LongStringMap<Token> | undefined
  /** Large bytes, names and ranges that were met in this load. */
  #known: WeakMap<object, Token> | undefined
  #work = 0
  #maxWork = Number.POSITIVE_INFINITY

  /** From now on what is done for large ints and strings is counted: more than `maxWork` digits and characters make a key unhashable. */
  beginLoad(maxWork: number): void {
    this.#known = new WeakMap()
    this.#work = 0
    this.#maxWork = maxWork
  }

  /** From now on keys come from the caller, who may change the bytes that they are. */
  endLoad(): void {
    this.#known = undefined
    this.#maxWork = Number.POSITIVE_INFINITY
  }

  /** Whether a key was called unhashable only because large keys have cost too much. */
  get isExhausted(): boolean {
    return this.#work > this.#maxWork
  }

  /** The canonical value of a key, or {@link UNHASHABLE}. */
  canonical(key: unknown): unknown {
    if (typeof key === 'string') return key.length > MAX_HASHED_UNITS ? this.#large(`s${key}`) : key
    if (typeof key === 'object' && key !== null && isComposite(key)) return this.#composite(key)
    return this.#atom(key)
  }

  #atom(key: unknown): unknown {
    switch (typeof key) {
      case 'string':
        return key.length > MAX_HASHED_UNITS ? this.#large(`s${key}`) : key
      case 'number':
        return this.#number(key)
      case 'boolean':
        return key ? 1 ^ SECRET : SECRET
      case 'bigint':
        return key >= -0x8000_0000n && key <= 0x7fff_ffffn ? Number(key) ^ SECRET : this.#large(`i${hex(key)}`)
      case 'object':
        return key === null ? null : this.#object(key)
      default:
        return key
    }
  }

  #number(value: number): unknown {
    if ((value | 0) === value) return value ^ SECRET
    if (Number.isInteger(value)) return this.#token(`i${hex(BigInt(value))}`)
    // NaN equals nothing, and a JavaScript number has no identity: each is a key of its own.
    return Number.isNaN(value) ? new Token(-1) : this.#token(`f${value}`)
  }

  #object(key: object): unknown {
    switch (Object.getPrototypeOf(key)) {
      case Float.prototype: {
        const { value } = key as Float
        return Number.isNaN(value) ? key : this.#number(value)
      }
      case GlobalRef.prototype: {
        const { module, name } = key as GlobalRef
        return this.#known?.get(key) ?? this.#remember(key, `g${module.length} ${module}${name}`)
      }
      case Complex.prototype: {
        const { real, imag } = key as Complex
        if (imag === 0) return this.#number(real)
        return Number.isNaN(real) || Number.isNaN(imag) ? key : this.#token(`c${real + 0} ${imag}`)
      }
      case Range.prototype:
        return this.#known?.get(key) ?? this.#range(key as Range)
    }
    if (isUnhashable(key)) return UNHASHABLE
    if (!(key instanceof Uint8Array)) return key
    return this.#known?.get(key) ?? this.#remember(key, `b${readLatin1(key, 0, key.length)}`)
  }

  #remember(key: object, tag: string): Token {
    const token = this.#token(tag)
    if (tag.length > SMALL) this.#known?.set(key, token)
    return token
  }

  /** The token of something that has no identity, unless large ones have cost too much. */
  #large(tag: string): Token | typeof UNHASHABLE {
    return this.#mayLookAt(tag.length) ? this.#token(tag) : UNHASHABLE
  }

  #mayLookAt(size: number): boolean {
    if (size > SMALL) this.#work += size
    return !this.isExhausted
  }

  /** Python compares ranges as sequences: by length, start and step, as far as these show. */
  #range(key: Range): Token | typeof UNHASHABLE {
    const [low, high, by] = [BigInt(key.start), BigInt(key.stop), BigInt(key.step)]
    const [span, stride] = [hex(high - low).length, hex(by).length]
    // The time of a division.
    if (!this.#mayLookAt(span + stride + Math.floor((span * stride) / SMALL))) return UNHASHABLE
    const length = by > 0n ? (high - low + by - 1n) / by : by < 0n ? (low - high - by - 1n) / -by : 0n
    if (length <= 0n) return this.#token('r0')
    return this.#remember(key, length === 1n ? `r1 ${hex(low)}` : `r${hex(length)} ${hex(low)} ${hex(by)}`)
  }

  #token(tag: string): Token {
    if (tag.length > MAX_HASHED_UNITS) return this.#longToken(tag)
    this.#tokens ??= new Map()
    let token = this.#tokens.get(tag)
    if (token === undefined) {
      token = new Token(this.#nextId++)
      this.#tokens.set(tag, token)
    }
    return token
  }

  #longToken(tag: string): Token {
    this.#longTokens ??= new LongStringMap()
    let token = this.#longTokens.get(tag)
    if (token === undefined) {
      token = new Token(this.#nextId++)
      this.#longTokens.add(tag, token)
    }
    return token
  }

  /** A small number for a canonical value, so that a composite's tag is a list of numbers. */
  #idOf(canonical: unknown): number {
    if (canonical instanceof Token && canonical.id >= 0) return canonical.id
    this.#ids ??= new Map()
    let id = this.#ids.get(canonical)
    if (id === undefined) {
      id = this.#nextId++
      this.#ids.set(canonical, id)
    }
    return id
  }

  #composite(root: object): unknown {
    this.#composites ??= new WeakMap()
    const known = this.#composites.get(root)
    if (known !== undefined) return known
    const open: Visit[] = [startVisit(root)]
    const pending = new Set<object>([root])
    for (;;) {
      const visit = open[open.length - 1] as Visit
      if (visit.ids.length === visit.parts.items.length) {
        open.pop()
        pending.delete(visit.source)
        const token = this.#token(compositeTag(visit))
        this.#composites.set(visit.source, token)
        const parent = open[open.length - 1]
        if (parent === undefined) return token
        parent.ids.push(token.id)
        continue
      }
      const item = visit.parts.items[visit.ids.length]
      if (typeof item === 'object' && item !== null && isComposite(item)) {
        const seen = this.#composites.get(item)
        if (seen !== undefined) visit.ids.push(seen.id)
        // A tuple inside itself, without a list between, cannot be hashed in Python either.
        else if (pending.has(item)) return UNHASHABLE
        else {
          pending.add(item)
          open.push(startVisit(item))
        }
        continue
      }
      const canonical = this.#atom(item)
      if (canonical === UNHASHABLE) return UNHASHABLE
      visit.ids.push(this.#idOf(canonical))
    }
  }
}

function isComposite(key: object): boolean {
  return Object.getPrototypeOf(key) === Tuple.prototype || keyParts in key
}

function startVisit(source: object): Visit {
  const parts: KeyParts =
    keyParts in source
      ? (source[keyParts] as (key: object) => KeyParts)(source)
      : { kind: 't', items: source as Tuple, ordered: true }
  return { source, parts, ids: [] }
}

function compositeTag({ parts, ids }: Visit): string {
  return parts.kind + (parts.ordered ? ids : ids.sort((a, b) => a - b)).join()
}

/** In hexadecimal: decimal digits take quadratic time. */
function hex(int: bigint): string {
  return int.toString(16)
}

function isUnhashable(key: object): boolean {
  if (unhashable in key || Array.isArray(key) || key instanceof Map || key instanceof Set) return true
  const prototype = Object.getPrototypeOf(key)
  return prototype === Object.prototype || prototype === null
}
