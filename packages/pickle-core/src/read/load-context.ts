/** What plugins are given on reading: checks, memory, a budget; and, for the codec's own records, containers. */

import { BufferError } from '../errors.ts'
import type { LoadChecks, LoadContext, MemorySpan } from '../registry/contract.ts'
import type { CoreContext } from '../registry/core-plugin.ts'
import type { TypeEntry } from '../registry/type-entry.ts'
import { ByteArray } from '../values/byte-array.ts'
import { Float } from '../values/float.ts'
import type { FrozenSet } from '../values/frozen-set.ts'
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { PyDict } from '../values/py-dict.ts'
import { PySet } from '../values/py-set.ts'
import { fail, failLimit } from './failures.ts'
import type { Machine } from './machine.ts'
import { addSetItems, newFrozenSet } from './set-builder.ts'
import { found, isBytes, isDict, isOfKind, isTuple } from './value-kind.ts'

/** The context of one load. It knows which record runs, so that its errors can say so. Only the codec's own records are given it. */
export class LoadScope implements CoreContext {
  readonly check: LoadChecks
  readonly budget: { spend(units: number): void }
  /** What a plugin is given: functions, and no way from them to the reader. */
  readonly ctx: LoadContext
  /** The record that runs, and the opcode that runs it. */
  entry: TypeEntry | undefined = undefined
  at = -1
  /** The last error that this context threw for that record: it says all, and goes to the caller as it is. */
  raised: unknown = undefined
  readonly #machine: Machine
  #spent = 0

  constructor(machine: Machine) {
    this.#machine = machine
    this.budget = { spend: (units) => this.spend(units) }
    this.check = new Checks(
      (what) => this.#failArgs(what),
      (units) => this.#raise(() => machine.addCopies(units, this.at)),
    )
    // The plugins of one load share them: what one did to them would reach the others.
    Object.freeze(this.budget)
    Object.freeze(this.check)
    this.ctx = Object.freeze({
      check: this.check,
      memoryOf: (value: unknown) => this.memoryOf(value),
      budget: this.budget,
    })
  }

  /** Before the next pickle of a session: its budget is its own. */
  begin(): void {
    this.#spent = 0
  }

  spend(units: number): void {
    const { maxPluginCalls } = this.#machine.settings.limits
    // NaN and negative numbers would undo the count.
    if (units > 0) this.#spent += units
    if (this.#spent > maxPluginCalls) {
      this.#raise(() => failLimit(this.#machine, this.at, 'maxPluginCalls', this.#spent, maxPluginCalls))
    }
  }

  memoryOf(value: unknown): MemorySpan {
    if (value instanceof PickleBuffer) {
      const bytes = this.#raw(value)
      return {
        memory: bytes.buffer,
        byteOffset: bytes.byteOffset,
        byteLength: bytes.byteLength,
        readonly: value.readonly,
      }
    }
    if (!isBytes(value)) this.#failArgs(`bytes, a bytearray or a buffer is needed, found ${found(value)}`)
    const { buffer: memory, byteOffset, byteLength } = value
    return { memory, byteOffset, byteLength, readonly: !(value instanceof ByteArray) }
  }

  #raw(buffer: PickleBuffer): Uint8Array {
    try {
      return buffer.raw()
    } catch (cause) {
      if (!(cause instanceof BufferError)) throw cause
      this.#failArgs(cause.message)
    }
  }

  newDict(): unknown {
    return this.#machine.settings.exact ? new PyDict([], this.#machine.keyTable) : new Map()
  }

  newSet(items: readonly unknown[]): unknown {
    this.#machine.addCopies(8 * items.length, this.at)
    const set = this.#machine.settings.exact ? new PySet([], this.#machine.keyTable) : new Set()
    addSetItems(this.#machine, set, items, 0, items.length, this.at)
    return set
  }

  newFrozenSet(items: readonly unknown[]): FrozenSet {
    this.#machine.addCopies(8 * items.length, this.at)
    return newFrozenSet(this.#machine, items, this.at)
  }

  newByteArray(bytes: Uint8Array): ByteArray {
    this.#machine.addCopies(bytes.length, this.at)
    return new ByteArray(bytes)
  }

  latin1(text: string): Uint8Array {
    this.#machine.addCopies(text.length, this.at)
    const bytes = new Uint8Array(text.length)
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0xff) this.#failArgs('the text has a character that is not latin-1')
      bytes[i] = unit
    }
    return bytes
  }

  #failArgs(what: string): never {
    const { module, name } = this.entry ?? { module: '', name: '' }
    return this.#raise(() => fail(this.#machine, this.at, 'args', { module, name, what }))
  }

  #raise<T>(fail: () => T): T {
    try {
      return fail()
    } catch (error) {
      this.raised = error
      throw error
    }
  }
}

/**
 * Turns decoded values into JavaScript ones. Methods of one prototype and not functions of each load: plugin code that calls the same
 * functions each time is compiled once, and a load of one object takes a fifth less time.
 */
class Checks implements LoadChecks {
  readonly #failArgs: (what: string) => never
  readonly #addCopies: (units: number) => void

  constructor(failArgs: (what: string) => never, addCopies: (units: number) => void) {
    this.#failArgs = failArgs
    this.#addCopies = addCopies
  }

  static {
    // Plugins share it. What one does to it would reach the others, and the class is none of theirs.
    Object.defineProperty(Checks.prototype, 'constructor', { value: undefined })
    Object.freeze(Checks.prototype)
  }

  int(value: unknown, what: string): number {
    const number = typeof value === 'bigint' ? Number(value) : value
    if (!Number.isSafeInteger(number)) this.#failKind(what, 'an int in the safe range', value)
    return number as number
  }

  bigint(value: unknown, what: string): bigint {
    if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) this.#failKind(what, 'an int', value)
    return BigInt(value as bigint | number)
  }

  float(value: unknown, what: string): number {
    if (value instanceof Float) return value.value
    if (typeof value !== 'number' && typeof value !== 'bigint') this.#failKind(what, 'a float', value)
    return Number(value)
  }

  bool(value: unknown, what: string): boolean {
    if (typeof value !== 'boolean') this.#failKind(what, 'a bool', value)
    return value
  }

  str(value: unknown, what: string): string {
    if (typeof value !== 'string') this.#failKind(what, 'a str', value)
    return value
  }

  bytes(value: unknown, what: string): Uint8Array {
    if (!isBytes(value)) this.#failKind(what, 'bytes', value)
    return value
  }

  list(value: unknown, what: string): readonly unknown[] {
    if (!isOfKind(value, 'list')) this.#failKind(what, 'a list', value)
    return value as readonly unknown[]
  }

  tuple(value: unknown, what: string): readonly unknown[] {
    if (!isTuple(value)) this.#failKind(what, 'a tuple', value)
    return value
  }

  dict(value: unknown, what: string): ReadonlyMap<unknown, unknown> {
    if (!isDict(value)) this.#failKind(what, 'a dict', value)
    if (value instanceof Map) return value
    const map = new Map(value instanceof PyDict ? value : Object.entries(value))
    this.#addCopies(8 * map.size)
    return map
  }

  set(value: unknown, what: string): readonly unknown[] {
    if (!isOfKind(value, 'set')) this.#failKind(what, 'a set', value)
    const items = [...(value as Iterable<unknown>)]
    this.#addCopies(8 * items.length)
    return items
  }

  #failKind(what: string, wanted: string, value: unknown): never {
    this.#failArgs(`${what} must be ${wanted}, found ${found(value)}`)
  }
}
