/**
 * Writes bytes and buffers: bytes and bytearray as the protocol has them, PickleBuffers in band or out of band (PEP 574), and views that
 * share memory (`DumpContext.shareView`), each group of them as one buffer.
 */
import { readLatin1 } from '../bytes/read-latin1.ts'
import { BufferError, picklingError } from '../errors.ts'
import type { LookUp } from '../registry/look-up.ts'
import { ByteArray } from '../values/byte-array.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { isDetached, PickleBuffer } from '../values/pickle-buffer.ts'
import { Tuple } from '../values/tuple.ts'
import { type AskCallback, BufferCalls } from './buffer-calls.ts'
import type { DumpOptions } from './dump-options.ts'
import { GlobalWriter } from './global-writer.ts'
import { FreshText } from './internal-values.ts'
import { ReducerContext } from './reducer-context.ts'
import { callOf } from './reduction.ts'
import { ShippedViews } from './shipped-views.ts'
import type { ViewBuffer } from './view-buffer.ts'
import type { ViewGroup } from './view-group.ts'
import { ViewGroups } from './view-groups.ts'

export const NO_OPTIONS: DumpOptions = {}

export abstract class BufferWriter extends GlobalWriter {
  protected options: DumpOptions = NO_OPTIONS
  /** The protocol that reducers are asked with: 5 for `auto`. */
  protected asked = 5
  /** Whether something was written that only protocol 5 has; `auto` then says so in the header. */
  protected needs5 = false
  /** Whether a reducer or `bufferCallback` was asked in this dump: else there is nothing of below, and nothing to let go of. */
  protected hasAsked = false
  /** What the reducers of this dump are given, from the first on. */
  #context: ReducerContext | undefined
  /** The views of this dump, from the first on. */
  #views: ViewGroups | undefined
  /** The views of earlier dumps, in a session. */
  readonly #shipped: ShippedViews | undefined
  readonly #bufferCalls: BufferCalls = new BufferCalls()

  /** @param isSession whether the memo is kept between dumps, so that views refer to what earlier ones wrote. */
  constructor(registry: LookUp, isSession: boolean) {
    super(registry)
    this.#shipped = isSession ? new ShippedViews() : undefined
  }

  /** Writes an object that is not in the memo yet, or its GET. */
  protected abstract saveMemoized(value: object, prototype: unknown, pos: number): number

  /** What a reducer of this dump is given. */
  protected contextOf(): ReducerContext {
    if (this.#context === undefined) {
      this.#context = new ReducerContext(this.asked, this.#groups)
      this.hasAsked = true
    }
    return this.#context
  }

  /** Calls a function of the caller with a value of the graph. */
  protected call<T>(name: string, callback: (value: T) => unknown, value: T): unknown {
    this.objects.settle()
    try {
      return callback(value)
    } catch (error) {
      throw picklingError('callback', { what: name }, this.path(), error)
    }
  }

  // --- the views of a dump

  readonly #groups = (): ViewGroups => {
    this.#views ??= new ViewGroups({
      splits: this.asked < 5,
      compacts: this.options.compact !== 'never',
      shipped: this.#shipped,
    })
    return this.#views
  }

  /**
   * The graph was gone over. Whether it has to be done again, because views turned out to share memory, or because a buffer stays in band that
   * was taken to go out; from here on their groups are known.
   */
  protected mustRepeat(): boolean {
    const views = this.#views
    if (views === undefined || !(views.isShared() || this.#bufferCalls.finish(this.#askCallback))) return false
    views.join()
    this.#bufferCalls.restart()
    return true
  }

  /** The dump is complete: later ones of the session may refer to its views. */
  protected shipViews(): void {
    this.#views?.ship()
  }

  /** The dump is over. */
  protected releaseViews(): void {
    this.hasAsked = false
    this.#bufferCalls.clear()
    this.#context?.end()
    this.#context = undefined
    this.#views = undefined
  }

  protected clearViews(): void {
    this.#shipped?.clear()
  }

  // --- bytes and buffers

  /** A global of builtins, called; `object` stands for the result in the memo. */
  protected saveCall(name: string, args: Tuple, object: object, pos: number): number {
    return this.saveReduce(callOf(new GlobalRef('builtins', name), args), object, pos)
  }

  protected saveBytes(bytes: Uint8Array, object: object, pos: number): number {
    if (bytes.byteLength === 0 && isDetached(bytes.buffer)) this.fail('buffer-detached', undefined)
    if (this.proto >= 3) {
      this.objects.assign(this.objects.slot, this.memoized)
      return this.put(this.saveBytesPayload(bytes, pos))
    }
    if (bytes.byteLength === 0) return this.saveCall('bytes', new Tuple(), object, pos)
    // CPython makes the string on the spot, so that no equal one is found; but strings of one character it shares.
    const text = readLatin1(bytes, 0, bytes.byteLength)
    const args = Tuple.of<unknown>(text.length === 1 ? text : new FreshText(text), 'latin1')
    return this.saveReduce(callOf(new GlobalRef('_codecs', 'encode'), args), object, pos)
  }

  protected saveByteArray(bytes: Uint8Array, object: object, pos: number): number {
    if (bytes.byteLength === 0 && isDetached(bytes.buffer)) this.fail('buffer-detached', undefined)
    // `auto` is protocol 4 here: a bytearray alone is no reason to shut out older readers.
    if (this.proto >= 5) {
      this.objects.assign(this.objects.slot, this.memoized)
      return this.put(this.saveByteArrayPayload(bytes, pos))
    }
    const args =
      bytes.byteLength === 0 ? new Tuple() : Tuple.of(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    return this.saveCall('bytearray', args, object, pos)
  }

  /** PEP 574: in band as bytes or bytearray, out of band as NEXT_BUFFER, with READONLY_BUFFER if it is readonly. */
  protected savePickleBuffer(buffer: PickleBuffer, pos: number): number {
    if (this.asked < 5) this.fail('buffer-protocol', { protocol: this.asked })
    const bytes = this.#take(buffer, raw)
    if (!this.#staysInBand(buffer, buffer)) return this.#saveNextBuffer(buffer.readonly, pos)
    this.objects.assign(this.objects.slot, this.memoized)
    return this.put(this.#saveBufferBytes(bytes, buffer.readonly, pos))
  }

  /** Whether a view is of this dump. */
  protected owns(view: ViewBuffer): boolean {
    return view.owner === this.#context
  }

  /** The memory of a group of views, or a reference to it. A readonly view of what others may write to gets a readonly wrapper. */
  protected saveViewBuffer(view: ViewBuffer, start: number): number {
    const { group } = view
    this.#take(view, memoryOf)
    group.writes++
    if (this.asked < 5) {
      const payload = this.#payloadOf(group)
      return this.saveMemoized(payload, Object.getPrototypeOf(payload), start)
    }
    const pos = group.index >= 0 ? this.get(group.index, start) : this.#saveGroup(group, view, start)
    if (!view.readonly || group.readonly) return pos
    this.needs5 = true
    this.bytes[pos] = 0x98 // READONLY_BUFFER
    return pos + 1
  }

  /** The bytes or bytearray that a group is below protocol 5. */
  #payloadOf(group: ViewGroup): Uint8Array {
    if (group.payload === undefined) {
      const bytes = group.bytes()
      const { buffer, byteOffset, byteLength } = bytes
      group.payload = group.readonly ? bytes : new ByteArray(buffer as ArrayBuffer, byteOffset, byteLength)
    }
    return group.payload
  }

  /** The memory of a group, where it stands. */
  #saveGroup(group: ViewGroup, view: ViewBuffer, pos: number): number {
    const { readonly } = group
    // What the callback gets is nobody's view.
    const isInBand =
      this.options.bufferCallback === undefined ||
      this.#staysInBand(new PickleBuffer(view.readonly === readonly ? view : group.bytes(), { readonly }), group)
    const at = isInBand ? this.#saveBufferBytes(group.bytes(), readonly, pos) : this.#saveNextBuffer(readonly, pos)
    if (!isInBand && !group.memoized) return at
    group.index = this.memoized
    return this.put(at)
  }

  #saveNextBuffer(readonly: boolean, pos: number): number {
    this.needs5 = true
    this.bytes[pos] = 0x97 // NEXT_BUFFER
    if (!readonly) return pos + 1
    this.bytes[pos + 1] = 0x98 // READONLY_BUFFER
    return pos + 2
  }

  #saveBufferBytes(raw: Uint8Array, readonly: boolean, pos: number): number {
    if (readonly) return this.saveBytesPayload(raw, pos)
    this.needs5 = true
    return this.saveByteArrayPayload(raw, pos)
  }

  /** Asks `bufferCallback`, if there is one; with views, when the groups are known. */
  #staysInBand(buffer: PickleBuffer, memoized: object): boolean {
    if (this.options.bufferCallback === undefined) return true
    this.hasAsked = true
    const defers = this.#views !== undefined && !this.#views.isKnown
    return this.#bufferCalls.staysInBand(buffer, memoized, defers, this.#askCallback)
  }

  readonly #askCallback: AskCallback = (buffer) => {
    const { bufferCallback } = this.options
    if (!Array.isArray(bufferCallback)) return this.call('bufferCallback', bufferCallback as never, buffer) === true
    bufferCallback.push(buffer)
    return false
  }

  /** What one of these functions takes of a buffer; an error that says where, if its memory is gone. */
  #take<T>(buffer: PickleBuffer, take: (buffer: PickleBuffer) => T): T {
    try {
      return take(buffer)
    } catch (error) {
      if (!(error instanceof BufferError)) throw error
      return this.fail(error.code as 'buffer-released' | 'buffer-detached' | 'buffer-contiguous', undefined)
    }
  }
}

const raw = (buffer: PickleBuffer): Uint8Array => buffer.raw()
const memoryOf = (buffer: PickleBuffer): ArrayBufferLike => buffer.buffer
