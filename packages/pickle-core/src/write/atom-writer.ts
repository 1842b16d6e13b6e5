/**
 * Writes what has no parts: numbers, strings, bytes, and references to the memo.
 *
 * Opcodes are chosen as Modules/_pickle.c chooses them (`save_long`, `save_float`, `save_unicode`, `save_bytes`, `memo_put`).
 * Every function takes a position and returns the next. Whoever calls one has passed the boundary check of the save.
 */
import { floatRepr } from '../bytes/float-repr.ts'
import { writeLong } from '../bytes/long.ts'
import { escapeRawUnicode } from '../bytes/raw-unicode-escape.ts'
import { writeWtf8, wtf8Length } from '../bytes/wtf8.ts'
import type { Float } from '../values/float.ts'
import { FramedOutput } from './framed-output.ts'
import { type KeyRecord, KeyRecords } from './key-records.ts'
import { NearCache } from './near-cache.ts'
import { ObjectMemo } from './object-memo.ts'
import { hashUnits, StringMemo, TABLE_UNITS } from './string-memo.ts'

/** From this length on the platform's encoder is faster than a loop, although it must be asked twice (well-formed, encode). */
const ENCODER_UNITS = 1024
const encoder = new TextEncoder()

export class AtomWriter extends FramedOutput {
  /** The protocol whose opcodes are written; 4 for `auto`. */
  protected proto = 4
  /** How many memo indexes were given out. */
  protected memoized = 0
  protected readonly objects: ObjectMemo = new ObjectMemo()
  readonly #strings: StringMemo = new StringMemo()
  readonly #near: NearCache = new NearCache()
  readonly #keys: KeyRecords = new KeyRecords()
  /** Tells the memo indexes in key records of this memo from those of earlier ones. */
  #epoch = 0
  /** The key before, in the object that is being written. */
  protected lastKey: KeyRecord = this.#keys.root
  readonly #hashOf: (key: string) => number = (key) => this.#hash(key)

  protected clearAtoms(): void {
    this.memoized = 0
    this.#epoch++
    this.objects.clear()
    this.#strings.clear()
    this.#near.clear()
  }

  /** As it was when so many indexes had been given out, and so many objects entered. */
  protected truncateAtoms(memoized: number, objects: number): void {
    this.memoized = memoized
    this.objects.truncate(objects, memoized)
    this.#strings.truncate(memoized)
    this.#near.clear()
    this.#keys.truncate(this.#epoch, memoized)
  }

  /** Writes text, one byte per character (below 256). */
  protected writeText(text: string, pos: number): number {
    this.room(pos, text.length)
    const { bytes } = this
    for (let i = 0; i < text.length; i++) bytes[pos + i] = text.charCodeAt(i)
    return pos + text.length
  }

  /** Gives the next memo index to what was just written. Returns the position; the index is `memoized - 1`. */
  protected put(pos: number): number {
    const index = this.memoized++
    const { bytes, proto } = this
    if (proto >= 4) {
      bytes[pos] = 0x94 // MEMOIZE
      return pos + 1
    }
    if (proto === 0) return this.writeText(`p${index}\n`, pos)
    if (index < 256) {
      bytes[pos] = 0x71 // BINPUT
      bytes[pos + 1] = index
      return pos + 2
    }
    bytes[pos] = 0x72 // LONG_BINPUT
    this.view.setUint32(pos + 1, index, true)
    return pos + 5
  }

  protected get(index: number, pos: number): number {
    const { bytes } = this
    if (this.proto === 0) return this.writeText(`g${index}\n`, pos)
    if (index < 256) {
      bytes[pos] = 0x68 // BINGET
      bytes[pos + 1] = index
      return pos + 2
    }
    bytes[pos] = 0x6a // LONG_BINGET
    this.view.setUint32(pos + 1, index, true)
    return pos + 5
  }

  protected saveConstant(value: boolean | null, pos: number): number {
    if (value !== null && this.proto < 2) return this.writeText(value ? 'I01\n' : 'I00\n', pos)
    this.bytes[pos] = value === null ? 0x4e : value ? 0x88 : 0x89 // NONE, NEWTRUE, NEWFALSE
    return pos + 1
  }

  protected saveNumber(value: number, pos: number): number {
    if ((value | 0) === value) {
      // -0 is a float: Python's int has no such thing.
      if (value === 0 && Object.is(value, -0)) return this.saveFloat(value, pos)
      const { bytes } = this
      if (this.proto === 0) return this.writeText(`I${value}\n`, pos)
      if (value >= 0 && value < 0x1_0000) {
        if (value < 0x100) {
          bytes[pos] = 0x4b // BININT1
          bytes[pos + 1] = value
          return pos + 2
        }
        bytes[pos] = 0x4d // BININT2
        bytes[pos + 1] = value
        bytes[pos + 2] = value >> 8
        return pos + 3
      }
      bytes[pos] = 0x4a // BININT
      this.view.setInt32(pos + 1, value, true)
      return pos + 5
    }
    return Number.isSafeInteger(value) ? this.#saveSafeInteger(value, pos) : this.saveFloat(value, pos)
  }

  /** An integer beyond 32 bits that is exact as a number: LONG1 of 5 to 7 bytes, without a bigint. */
  #saveSafeInteger(value: number, pos: number): number {
    if (this.proto < 2) return this.writeText(`L${value}L\n`, pos)
    const { bytes, view } = this
    const high = Math.floor(value / 0x1_0000_0000)
    const size = high >= -0x80 && high < 0x80 ? 5 : high >= -0x8000 && high < 0x8000 ? 6 : 7
    bytes[pos] = 0x8a // LONG1
    bytes[pos + 1] = size
    view.setInt32(pos + 2, value, true)
    // One byte more than is counted for size 5 and 6; the next opcode overwrites it.
    view.setInt32(pos + 6, high, true)
    return pos + 2 + size
  }

  protected saveBigInt(value: bigint, pos: number): number {
    if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return this.saveNumber(Number(value), pos)
    if (this.proto < 2) return this.writeText(`L${value}L\n`, pos)
    if (value >= -0x1f_ffff_ffff_ffffn && value <= 0x1f_ffff_ffff_ffffn)
      return this.#saveSafeInteger(Number(value), pos)
    const long = writeLong(value)
    const at = this.room(pos, long.length)
    const { bytes } = this
    if (long.length < 256) {
      bytes[at] = 0x8a // LONG1
      bytes[at + 1] = long.length
      bytes.set(long, at + 2)
      return at + 2 + long.length
    }
    bytes[at] = 0x8b // LONG4
    this.view.setInt32(at + 1, long.length, true)
    bytes.set(long, at + 5)
    return at + 5 + long.length
  }

  protected saveFloat(value: number, pos: number): number {
    if (this.proto === 0) return this.writeText(`F${floatRepr(value)}\n`, pos)
    this.bytes[pos] = 0x47 // BINFLOAT
    this.view.setFloat64(pos + 1, value, false)
    return pos + 9
  }

  protected saveFloatObject(float: Float, pos: number): number {
    if (float.nanBits === 0n || this.proto === 0) return this.saveFloat(float.value, pos)
    this.bytes[pos] = 0x47 // BINFLOAT
    this.view.setBigUint64(pos + 1, float.nanBits, false)
    return pos + 9
  }

  /** A string, or the GET of its equal. */
  protected saveStr(text: string, pos: number): number {
    const units = text.length
    if (units > TABLE_UNITS || this.proto === 0) return this.#saveOtherStr(text, pos)
    if (this.#near.pays && units > 0) {
      const near = this.#near.find(text)
      if (near >= 0) return this.get(near, pos)
    }
    const { bytes, view } = this
    const start = pos + (this.proto >= 4 ? 2 : 5)
    let hash = this.#strings.seed
    let at = start
    let i = 0
    // The bytes are written while the hash is made, four characters a step; on a hit they are left to be overwritten.
    for (; i + 4 <= units; i += 4) {
      const a = text.charCodeAt(i)
      const b = text.charCodeAt(i + 1)
      const c = text.charCodeAt(i + 2)
      const d = text.charCodeAt(i + 3)
      if ((a | b | c | d) > 0x7f) break
      const word = a | (b << 8) | (c << 16) | (d << 24)
      view.setInt32(at, word, true)
      hash = Math.imul(hash ^ word, 0x5bd1e995)
      hash ^= hash >>> 15
      at += 4
    }
    for (; i < units; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) break
      bytes[at++] = unit
      hash = Math.imul(hash ^ unit, 0x5bd1e995)
      hash ^= hash >>> 15
    }
    if (i < units) {
      hash = hashUnits(text, this.#strings.seed)
      at = writeWtf8(text, bytes, start)
    }
    const index = this.#strings.find(text, hash)
    if (index >= 0) {
      this.#near.hit(text, index)
      return this.get(index, pos)
    }
    this.#strings.add(text, hash, this.memoized)
    if (this.proto >= 4) {
      bytes[pos] = 0x8c // SHORT_BINUNICODE
      bytes[pos + 1] = at - start
    } else {
      bytes[pos] = 0x58 // BINUNICODE
      view.setUint32(pos + 1, at - start, true)
    }
    return this.put(at)
  }

  /** The same hash as {@link saveStr} makes. */
  #hash(text: string): number {
    let hash = this.#strings.seed
    let i = 0
    for (; i + 4 <= text.length; i += 4) {
      const a = text.charCodeAt(i)
      const b = text.charCodeAt(i + 1)
      const c = text.charCodeAt(i + 2)
      const d = text.charCodeAt(i + 3)
      if ((a | b | c | d) > 0x7f) return hashUnits(text, this.#strings.seed)
      hash = Math.imul(hash ^ (a | (b << 8) | (c << 16) | (d << 24)), 0x5bd1e995)
      hash ^= hash >>> 15
    }
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return hashUnits(text, this.#strings.seed)
      hash = Math.imul(hash ^ unit, 0x5bd1e995)
      hash ^= hash >>> 15
    }
    return hash
  }

  /** The first key of an object comes next. */
  protected startKeys(): void {
    this.lastKey = this.#keys.root
  }

  /** A key of a dict: as {@link saveStr}, but guessed from the key before. */
  protected saveKey(key: string, pos: number): number {
    if (this.proto < 4) return this.saveStr(key, pos)
    let record = this.lastKey.next
    if (record === null || record.key !== key) {
      record = this.#keys.after(this.lastKey, key, this.#hashOf)
      if (record === null) {
        this.lastKey = this.#keys.root
        return this.saveStr(key, pos)
      }
    }
    this.lastKey = record
    if (record.epoch === this.#epoch) return this.get(record.index, pos)
    record.epoch = this.#epoch
    // A string value may have been this key's equal.
    const index = this.#strings.find(key, record.hash)
    if (index >= 0) {
      record.index = index
      return this.get(index, pos)
    }
    record.index = this.memoized
    this.#strings.add(key, record.hash, this.memoized++)
    const { view } = this
    const { words } = record
    for (let i = 0; i < words.length; i++) view.setInt32(pos + i * 4, words[i] as number, true)
    return pos + record.size
  }

  /** A long string, or any string at protocol 0. */
  #saveOtherStr(text: string, pos: number): number {
    const short = text.length <= TABLE_UNITS
    const hash = short ? this.#hash(text) : 0
    const index = short ? this.#strings.find(text, hash) : this.#strings.findLong(text)
    if (index >= 0) return this.get(index, pos)
    if (short) this.#strings.add(text, hash, this.memoized)
    else this.#strings.addLong(text, this.memoized)
    return this.saveFreshStr(text, pos)
  }

  /** A string that is written in full, and memoized without being found again. */
  protected saveFreshStr(text: string, pos: number): number {
    if (this.proto === 0) return this.put(this.writeText('\n', this.writeText(`V${escapeRawUnicode(text)}`, pos)))
    if (text.length >= ENCODER_UNITS && text.isWellFormed()) {
      const encoded = encoder.encode(text)
      return this.put(this.payload(pos, (at) => this.#strHeader(encoded.length, at), encoded))
    }
    const size = wtf8Length(text)
    if (size >= 65_536) {
      const encoded = new Uint8Array(size)
      writeWtf8(text, encoded, 0)
      return this.put(this.payload(pos, (at) => this.#strHeader(size, at), encoded))
    }
    const at = this.#strHeader(size, this.room(pos, size))
    return this.put(writeWtf8(text, this.bytes, at))
  }

  #strHeader(size: number, pos: number): number {
    const { bytes, view } = this
    if (size < 256 && this.proto >= 4) {
      bytes[pos] = 0x8c // SHORT_BINUNICODE
      bytes[pos + 1] = size
      return pos + 2
    }
    if (size <= 0xffff_ffff) {
      bytes[pos] = 0x58 // BINUNICODE
      view.setUint32(pos + 1, size, true)
      return pos + 5
    }
    return this.#header8(0x8d, size, pos) // BINUNICODE8
  }

  /** bytes at protocol 3 and above; memoized by the caller. */
  protected saveBytesPayload(payload: Uint8Array, pos: number): number {
    return this.payload(pos, (at) => this.#bytesHeader(payload.byteLength, at), payload)
  }

  #bytesHeader(size: number, pos: number): number {
    const { bytes, view } = this
    if (size < 256) {
      bytes[pos] = 0x43 // SHORT_BINBYTES
      bytes[pos + 1] = size
      return pos + 2
    }
    if (size <= 0xffff_ffff) {
      bytes[pos] = 0x42 // BINBYTES
      view.setUint32(pos + 1, size, true)
      return pos + 5
    }
    return this.#header8(0x8e, size, pos) // BINBYTES8
  }

  /** bytearray at protocol 5; memoized by the caller. */
  protected saveByteArrayPayload(payload: Uint8Array, pos: number): number {
    return this.payload(pos, (at) => this.#header8(0x96, payload.byteLength, at), payload) // BYTEARRAY8
  }

  #header8(opcode: number, size: number, pos: number): number {
    this.bytes[pos] = opcode
    this.view.setUint32(pos + 1, size >>> 0, true)
    this.view.setUint32(pos + 5, Math.floor(size / 0x1_0000_0000), true)
    return pos + 9
  }
}
