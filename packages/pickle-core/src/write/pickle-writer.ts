/**
 * Decides how each value is written, in the order of C `_pickle`'s `save`: persistent id, atoms, memo, built-in containers by exact
 * type, then reducers: `reducerOverride`, `dispatchTable`, the registry by exact class, the object's own `reduceEx`, the
 * registry along the prototype chain.
 */
import {
  causeText,
  PickleError,
  type PicklingDetails,
  type PicklingErrorCode,
  picklingError,
  ReducerError,
  UnpicklingError,
} from '../errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { notMine, type ReduceValue, type Reduction } from '../registry/contract.ts'
import type { ClassEntry, LookUp } from '../registry/look-up.ts'
import type { TypeEntry } from '../registry/type-entry.ts'
import { AttributeRef } from '../values/attribute-ref.ts'
import { ByteArray } from '../values/byte-array.ts'
import { Complex } from '../values/complex.ts'
import { ExtensionRef } from '../values/extension-ref.ts'
import { Float } from '../values/float.ts'
import { hasFreshArgs, withFreshArgs } from '../values/fresh-args.ts'
import { FrozenSet } from '../values/frozen-set.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { classOfNew } from '../values/inherited-new.ts'
import { KeyTable, UNHASHABLE } from '../values/key-table.ts'
import { PersistentRef } from '../values/persistent-ref.ts'
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { PyDict } from '../values/py-dict.ts'
import { PyObject } from '../values/py-object.ts'
import { PySet } from '../values/py-set.ts'
import { Range } from '../values/range.ts'
import { reduceEx } from '../values/reduce-ex.ts'
import { Singleton } from '../values/singleton.ts'
import { Slice } from '../values/slice.ts'
import { Tuple } from '../values/tuple.ts'
import { BufferWriter, NO_OPTIONS } from './buffer-writer.ts'
import { checkOptions } from './check-options.ts'
import { type Class, classOf } from './class-of.ts'
import { found, helpFor } from './describe.ts'
import type { DumpOptions } from './dump-options.ts'
import { forProtocol } from './for-protocol.ts'
import { FreshText, InternalCall } from './internal-values.ts'
import { type CheckedReduction, callOf, checkReduction, inertReduction } from './reduction.ts'
import { ViewBuffer } from './view-buffer.ts'

/** Node's Buffer is bytes; browsers have none. */
const BufferPrototype: unknown =
  (globalThis as { Buffer?: { prototype: unknown } }).Buffer?.prototype ?? Uint8Array.prototype

export class PickleWriter extends BufferWriter {
  readonly #ownRegistry: LookUp
  /** Objects that their own arguments contain, once they were met. */
  #recursive: Set<object> | undefined
  #busy = false
  #failed = false

  /** @param isSession whether the memo is kept between dumps, so that views refer to what earlier ones wrote. */
  constructor(registry: LookUp, isSession = false) {
    super(registry, isSession)
    this.#ownRegistry = registry
  }

  /** Sets the options of the dumps that follow. */
  configure(options: DumpOptions): void {
    checkOptions(options)
    const { protocol = 'auto', limits, persistentId } = options
    this.options = options
    this.registry = options.registry ?? this.#ownRegistry
    this.proto = protocol === 'auto' ? 4 : protocol
    this.asked = protocol === 'auto' ? 5 : protocol
    this.maxDepth = limits?.maxDepth ?? DEFAULT_LIMITS.maxDepth
    this.hooked = persistentId !== undefined
    this.fixImports = options.fixImports !== false
  }

  /** Lets go of the options, which may hold the caller's functions. */
  releaseOptions(): void {
    this.options = NO_OPTIONS
    this.registry = this.#ownRegistry
  }

  clearMemo(): void {
    // What is being written refers to the memo.
    if (this.#busy) this.fail('busy', undefined)
    this.clearAtoms()
    this.clearGlobals()
    this.clearViews()
    this.#recursive = undefined
    this.#failed = false
  }

  /** Writes one pickle. The memo stays, for the next one of a session. */
  dump(value: unknown): Uint8Array {
    if (this.#busy) this.fail('busy', undefined)
    if (this.#failed) this.fail('closed', undefined)
    this.#busy = true
    this.#failed = true
    const { memoized } = this
    const { size } = this.objects
    try {
      let pos = this.#write(value)
      if (this.hasAsked && this.mustRepeat()) {
        this.#rewind(memoized, size)
        pos = this.#write(value)
      }
      if (this.needs5) this.setProtocol(5)
      this.bytes[pos] = 0x2e // STOP
      const pickle = this.finish(pos + 1)
      if (this.hasAsked) this.shipViews()
      this.#failed = false
      return pickle
    } catch (error) {
      throw this.#explained(error)
    } finally {
      this.#busy = false
      this.releaseGraph()
      this.releaseOutput()
      if (this.hasAsked) this.releaseViews()
    }
  }

  /** Goes over the graph. Returns the position of STOP. */
  #write(value: unknown): number {
    this.needs5 = false
    this.polluted = false
    for (const _ in Object.prototype) this.polluted = true
    return this.saveRoot(value, this.start(this.proto))
  }

  /** As it was before the dump: the memo, and nothing written. */
  #rewind(memoized: number, objects: number): void {
    this.releaseGraph()
    this.releaseOutput()
    this.truncateAtoms(memoized, objects)
    this.truncateGlobals(memoized)
    this.#recursive = undefined
  }

  protected override save(value: unknown, start: number): number {
    const pos = start > this.limit ? this.boundary(start) : start
    // What only the writer knows is nobody's value; a string that is made on the spot is asked for as the string it is.
    if (this.hooked && !(value instanceof InternalCall)) {
      const shown = value instanceof FreshText ? value.text : value
      const id = this.call('persistentId', this.options.persistentId as (value: unknown) => unknown, shown)
      if (id !== undefined && id !== null) return this.#savePersistentId(id, pos)
    }
    return this.saveUnhooked(value, pos)
  }

  protected override saveUnhooked(value: unknown, pos: number): number {
    switch (typeof value) {
      case 'object':
        return value === null ? this.saveConstant(value, pos) : this.#saveObject(value, pos)
      case 'string':
        return this.saveStr(value, pos)
      case 'number':
        return this.saveNumber(value, pos)
      case 'boolean':
        return this.saveConstant(value, pos)
      case 'bigint':
        return this.saveBigInt(value, pos)
      case 'function': {
        const entry = this.registry.findClass(value)
        if (entry !== undefined) return this.saveGlobal(entry.module, entry.name, pos)
        break
      }
    }
    return this.fail('unpicklable', { found: found(value), help: helpFor(value) })
  }

  #saveObject(value: object, pos: number): number {
    const prototype: unknown = Object.getPrototypeOf(value)
    // Atoms that are objects here: no memo.
    if (prototype === Float.prototype) return this.saveFloatObject(value as Float, pos)
    if (prototype === Object.prototype) return this.saveObjectDict(value, pos)
    if (prototype === Array.prototype) return this.saveList(value as unknown[], pos)
    if (prototype === Tuple.prototype) return this.saveTuple(value as Tuple, pos)
    return this.saveMemoized(value, prototype, pos)
  }

  /** The built-in types that are met less often. */
  protected override saveMemoized(value: object, prototype: unknown, pos: number): number {
    switch (prototype) {
      case null:
        return this.saveObjectDict(value, pos)
      case Map.prototype:
        return this.saveMapDict(value as Map<unknown, unknown>, this.#checkMap, pos)
      case PyDict.prototype:
        return this.saveMapDict(value as PyDict, null, pos)
      case Set.prototype: {
        const items = [...(value as Set<unknown>)]
        this.#checkKeys(items, 0, items.length, 1)
        return this.#saveSet(value, items, pos)
      }
      case PySet.prototype:
        return this.#saveSet(value, [...(value as PySet)], pos)
      case FrozenSet.prototype:
        if (this.proto >= 4) return this.saveFrozenSet(value as FrozenSet, pos)
        break
      case GlobalRef.prototype:
        return this.saveGlobalRef(value as GlobalRef, pos)
      case PersistentRef.prototype:
        return this.#savePersistentId((value as PersistentRef).id, pos)
      case ExtensionRef.prototype:
        return this.#saveExtensionRef((value as ExtensionRef).code, pos)
      case Singleton.prototype:
        return this.saveGlobal('builtins', (value as Singleton).name, pos)
      case FreshText.prototype:
        return this.saveFreshStr((value as FreshText).text, pos)
      case ViewBuffer.prototype:
        // Its group is what the memo knows. One of another dump is a PickleBuffer.
        if (this.owns(value as ViewBuffer)) return this.saveViewBuffer(value as ViewBuffer, pos)
    }
    // Nothing in these makes a fingerprint: they share one, and all but the first are in the Map.
    const index = this.objects.find(value, 1)
    return index >= 0 ? this.get(index, pos) : this.#saveNew(value, prototype, pos)
  }

  /** A value that is not in the memo, and that no function above has taken. */
  #saveNew(value: object, prototype: unknown, pos: number): number {
    switch (prototype) {
      case Uint8Array.prototype:
      case BufferPrototype:
        return this.saveBytes(value as Uint8Array, value, pos)
      case ByteArray.prototype:
        return this.saveByteArray(value as ByteArray, value, pos)
      case FrozenSet.prototype:
        return this.saveCall('frozenset', Tuple.of([...(value as FrozenSet)]), value, pos)
      case PickleBuffer.prototype:
      case ViewBuffer.prototype:
        return this.savePickleBuffer(value as PickleBuffer, pos)
      case Complex.prototype: {
        const { real, imag } = value as Complex
        return this.saveCall('complex', Tuple.of(new Float(real), new Float(imag)), value, pos)
      }
      case Range.prototype: {
        const { start, stop, step } = value as Range
        return this.saveCall('range', Tuple.of(start, stop, step), value, pos)
      }
      case Slice.prototype: {
        const { start, stop, step } = value as Slice
        return this.saveCall('slice', Tuple.of(start, stop, step), value, pos)
      }
      case AttributeRef.prototype: {
        const { owner, attribute } = value as AttributeRef
        return this.saveCall('getattr', Tuple.of<unknown>(owner, attribute), value, pos)
      }
      case InternalCall.prototype:
        return this.saveReduce((value as InternalCall).reduction, value, pos)
      default:
        return this.#saveInstance(value, pos)
    }
  }

  // --- built-in types that are calls, at this protocol or at all

  #saveSet(set: object, items: unknown[], pos: number): number {
    if (this.proto >= 4) return this.saveSet(set, items, pos)
    const index = this.objects.find(set, 2)
    return index >= 0 ? this.get(index, pos) : this.saveCall('set', Tuple.of(items), set, pos)
  }

  /** A call of `dict`, which stock Python evaluates to a dict, and which is read back as a Map. */
  protected override saveDictCall(map: object, pairs: readonly unknown[], pos: number): number {
    const index = this.objects.find(map, 3)
    if (index >= 0) return this.get(index, pos)
    const call = callOf(new GlobalRef('builtins', 'dict'), new Tuple())
    return this.saveReduce({ ...call, dictItems: pairs }, map, pos)
  }

  readonly #checkMap = (pairs: readonly unknown[], base: number, top: number): boolean => {
    this.#checkKeys(pairs, base, top, 2)
    // What decides is the first batch, as on reading.
    const end = Math.min(top, base + 2000)
    for (let i = base; i < end; i += 2) {
      const key = pairs[i]
      if (typeof key !== 'string' || key === '__proto__') return false
    }
    return true
  }

  /** Two keys that Python calls equal would become one, and a list as a key cannot be loaded. */
  #checkKeys(keys: readonly unknown[], first: number, end: number, step: number): void {
    let at = first
    // Strings and numbers are equal here exactly if they are in Python.
    while (at < end && (typeof keys[at] === 'string' || typeof keys[at] === 'number')) at += step
    if (at >= end) return
    const table = new KeyTable()
    const seen = new Set<unknown>()
    for (let i = first; i < end; i += step) {
      const key = keys[i]
      const canonical = table.canonical(key)
      if (canonical === UNHASHABLE) this.fail('unhashable', { found: found(key) })
      if (seen.has(canonical)) this.fail('equal-keys', { key: typeof key === 'object' ? found(key) : String(key) })
      seen.add(canonical)
    }
  }

  #savePersistentId(id: unknown, pos: number): number {
    if (this.proto > 0) return this.savePersistent(id, pos)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant
    if (typeof id !== 'string' || !/^[\x00-\x7f]*$/.test(id) || id.includes('\n')) {
      this.fail('persistent-id', { what: `persistent ids at protocol 0 are one line of ASCII, found ${found(id)}` })
    }
    return this.writeText(`P${id}\n`, pos)
  }

  // --- reducers

  #saveInstance(value: object, pos: number): number {
    const { instPersistentId, reducerOverride, dispatchTable } = this.options
    if (instPersistentId !== undefined) {
      const id = this.call('instPersistentId', instPersistentId, value)
      if (id !== undefined && id !== null) return this.#savePersistentId(id, pos)
    }
    if (reducerOverride !== undefined) {
      const reduction = this.#reduce('reducerOverride', () => reducerOverride(value, this.contextOf()))
      if (reduction !== notMine) return this.#saveReduction(reduction, value, pos, 'reducerOverride')
    }
    if (dispatchTable !== undefined) {
      const own = dispatchTable.get(classOf(value) as Class)
      if (own !== undefined) {
        const reduction = this.#reduce('dispatchTable', () => own(value, this.contextOf()))
        if (reduction !== notMine) return this.#saveReduction(reduction, value, pos, 'dispatchTable')
      }
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === PyObject.prototype) return this.#savePyObject(value as PyObject, pos)
    const constant = this.registry.findConstant(value)
    if (constant !== undefined) return this.#saveReduction(constant.callable, value, pos, constant.plugin)
    const exact = this.registry.findWriter(prototype)
    const at = exact === undefined ? -1 : this.#saveBy(exact, value, pos)
    if (at >= 0) return at
    const own = this.#ownReducer(value)
    if (typeof own === 'function') {
      const reduction = this.#reduce('reduceEx', () => own.call(value, this.asked, this.contextOf()) as Reduction)
      if (reduction !== notMine) return this.#saveReduction(reduction, value, pos, 'reduceEx')
    }
    for (const entry of this.registry.inheritedWriters(prototype)) {
      const at = this.#saveBy(entry, value, pos)
      if (at >= 0) return at
    }
    return this.fail('unpicklable', { found: found(value), help: helpFor(value) })
  }

  /** The `reduceEx` of an object, which may be a getter. */
  #ownReducer(value: object): unknown {
    try {
      return (value as { [reduceEx]?: unknown })[reduceEx]
    } catch (error) {
      throw new ReducerError('reduceEx', this.path(), -1, error)
    }
  }

  /** Asks a registered reducer; -1 if it passes. */
  #saveBy(entry: ClassEntry, value: object, pos: number): number {
    const { plugin, owner, reduce, type } = entry
    this.objects.settle()
    let reduction: unknown
    // Not by way of `#reduce`: a closure for each object is 3 % of its time.
    try {
      reduction = reduce.call(owner, value as never, this.contextOf())
    } catch (error) {
      throw new ReducerError(plugin, this.path(), -1, error, type)
    }
    if (reduction === notMine) return -1
    if (type === undefined) return this.#saveReduction(reduction, value, pos, plugin)
    return this.#saveChecked(reduction as ReduceValue, type, value, pos, plugin)
  }

  #saveReduction(reduction: unknown, value: object, pos: number, who: string): number {
    if (typeof reduction === 'string' || reduction instanceof GlobalRef) {
      const ref = typeof reduction === 'string' ? this.#globalOf(reduction, value) : reduction
      const { slot } = this.objects
      const at = this.saveGlobal(ref.module, ref.name, pos)
      // The object is that global: met again, it is a reference to the same memo.
      const index = this.indexOfGlobal(ref.module, ref.name)
      if (index !== undefined) this.objects.assign(slot, index)
      return at
    }
    return this.#saveChecked(reduction as ReduceValue, undefined, value, pos, who)
  }

  /** A reduce value of several parts; the record of its type says what it leaves out. */
  #saveChecked(reduction: ReduceValue, type: TypeEntry | undefined, value: object, pos: number, who: string): number {
    let checked: CheckedReduction | string
    try {
      checked = checkReduction(reduction, type)
    } catch (error) {
      // Its getters and iterables are code of the reducer's.
      throw new ReducerError(who, this.path(), -1, error, type)
    }
    if (typeof checked === 'string') return this.fail('reduce-value', { what: checked })
    return this.#saveForProtocol(checked, checked.callable, value, pos)
  }

  /** An object without a class, as it was read. */
  #savePyObject(object: PyObject, pos: number): number {
    let parts = object
    if (hasFreshArgs(object) || object.kwargs !== undefined) {
      // Met again before it is in the memo: in its own arguments.
      this.#recursive ??= new Set()
      if (this.#recursive.has(object)) parts = withFreshArgs(object)
      else this.#recursive.add(object)
    }
    const reduction = inertReduction(parts)
    if (typeof reduction === 'string') return this.fail('reduce-value', { what: reduction })
    return this.#saveForProtocol(reduction, classOfNew(object), object, pos)
  }

  /** As the opcodes of the protocol allow; `base` is the class whose `__new__` it is. */
  #saveForProtocol(reduction: CheckedReduction, base: unknown, object: object, pos: number): number {
    const written = forProtocol(reduction, this.proto, base)
    if (typeof written === 'string') return this.fail('reference', { what: written })
    return this.saveReduce(written, object, pos)
  }

  #saveExtensionRef(code: number, pos: number): number {
    if (this.proto < 2 || !Number.isInteger(code) || code < 1 || code > 0x7fff_ffff) {
      this.fail('reference', { what: `the extension code ${code} cannot be written at protocol ${this.proto}` })
    }
    return this.saveExtension(code, pos)
  }

  /** A string is the name of a global in the module of the object's own type, as in Python. */
  #globalOf(name: string, value: object): GlobalRef {
    const type = classOf(value)
    const entry = type === undefined ? undefined : this.registry.findClass(type)
    if (entry === undefined) {
      return this.fail('reduce-value', {
        what: `the name ${found(name)} without a type record for its module; return a GlobalRef`,
      })
    }
    return new GlobalRef(entry.module, name)
  }

  // --- user code and errors

  #reduce(who: string, reduce: () => unknown): unknown {
    this.objects.settle()
    try {
      return reduce()
    } catch (error) {
      throw new ReducerError(who, this.path(), -1, error)
    }
  }

  /** What the writer did not throw itself came from the value, where it was looked at. */
  #explained(error: unknown): unknown {
    const isOurs = error instanceof PickleError && !(error instanceof UnpicklingError)
    return isOurs ? error : picklingError('unreadable', { what: causeText(error) }, this.path(), error)
  }

  protected override failDepth(): never {
    this.fail('depth', { max: this.maxDepth })
  }

  protected fail<C extends PicklingErrorCode>(code: C, details: PicklingDetails<C>): never {
    throw picklingError(code, details, this.path())
  }
}
