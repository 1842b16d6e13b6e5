/**
 * Globals, and the objects that are built of them.
 *
 * One gate: REDUCE, NEWOBJ, NEWOBJ_EX, OBJ and INST all end in `construct`. A global is an exact (module, name) pair in the
 * registry. What acts on an object later (BUILD, items) comes from the record that made it, never from the object: a stream can
 * set attributes, and CPython looks its hooks up there.
 */
import { excerpt, ReducerError } from '../errors.ts'
import type { ArgsCheck, Check, Construct, TypeRecord } from '../registry/contract.ts'
import { namesOf } from '../registry/names.ts'
import { python3Name } from '../registry/python3-name.ts'
import { CORE, entryOf, type TypeEntry } from '../registry/registry.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { PyDict } from '../values/py-dict.ts'
import { Tuple } from '../values/tuple.ts'
import { fail, failGlobal } from './failures.ts'
import { LoadScope } from './load-context.ts'
import type { Machine } from './machine.ts'
import { Placeholder } from './placeholder.ts'
import { found, isDict, isOfKind, isTuple } from './value-kind.ts'

/** Marks an object that came from the caller: no opcode acts on it. */
const FOREIGN = Symbol('foreign')

/** Names of the opcodes, by how they build. */
const OPCODE_OF: Readonly<Record<Construct, string>> = {
  reduce: 'REDUCE',
  newobj: 'NEWOBJ',
  newobj_ex: 'NEWOBJ_EX',
  obj: 'OBJ',
  inst: 'INST',
}

/**
 * `functools.partial(cls.__new__, cls, *args, **kwargs)`, as protocols 2 and 3 write NEWOBJ_EX: made by REDUCE, filled by BUILD,
 * and called once by REDUCE.
 */
interface Partial {
  readonly entry: TypeEntry
  args: readonly unknown[] | undefined
  kwargs: unknown
}

/** Resolves globals and builds objects, for one load or one session with a shared memo. */
export class ObjectBuilder {
  readonly #machine: Machine
  readonly #scope: LoadScope
  /** What a global is on the stack, by module and name: each is looked up once. */
  readonly #globals: Map<string, Map<string, unknown>> = new Map()
  /** The records behind these values. */
  readonly #entries: Map<unknown, TypeEntry> = new Map()
  /** `cls.__new__` as `functools.partial` takes it, and the record of cls. */
  readonly #newMethods: Map<unknown, TypeEntry> = new Map()
  /** Who made an object, or that the caller did. */
  readonly #owners: Map<unknown, TypeEntry | typeof FOREIGN> = new Map()
  readonly #stateless: Set<object> = new Set()
  /** What stands for a partial on the stack, until it is called. */
  readonly #partials: Map<unknown, Partial> = new Map()

  constructor(machine: Machine) {
    this.#machine = machine
    this.#scope = new LoadScope(machine)
  }

  /** The value that a global is: its class, its constant, or a {@link GlobalRef}. */
  global(module: string, name: string, at: number, proto: number): unknown {
    const { settings } = this.#machine
    // The mapping comes first, and once: what is asked for is what is decided about.
    if (proto < 3 && settings.fixImports) [module, name] = python3Name(module, name)
    const names = namesOf(this.#globals, module)
    if (names.has(name)) return names.get(name)
    const entry = this.#find(module, name, at)
    const { record } = entry
    let value: unknown = record.value ?? record.class
    // Two records may name one class; the second is then called by its own name.
    if (value === undefined || this.#entries.has(value)) value = new GlobalRef(module, name)
    names.set(name, value)
    this.#entries.set(value, entry)
    return value
  }

  /** The value of an extension code (EXT1, EXT2, EXT4): its global, looked up like any other. */
  extension(code: number, at: number): unknown {
    const m = this.#machine
    if (code < 1) fail(m, at, 'ext-code', { code })
    const extension = m.settings.registry.findExtension(code)
    if (extension === undefined) fail(m, at, 'ext-unregistered', { code })
    // A registered code has Python 3's names.
    return this.global(extension.module, extension.name, at, 5)
  }

  #find(module: string, name: string, at: number): TypeEntry {
    const m = this.#machine
    const { findClass, registry } = m.settings
    if (findClass !== undefined) {
      let record: unknown
      try {
        record = findClass(module, name)
      } catch (cause) {
        fail(m, at, 'callback', { what: 'findClass' }, cause)
      }
      m.checkInput(at)
      if (record !== undefined && record !== null) return this.#entryOf(record, at)
    }
    return registry.findType(module, name) ?? failGlobal(m, at, module, name)
  }

  #entryOf(given: unknown, at: number): TypeEntry {
    const record = given as TypeRecord
    if (typeof record !== 'object' || typeof record.create !== 'function') {
      fail(this.#machine, at, 'option', { what: 'findClass must return a type record or undefined' })
    }
    return entryOf(record, 'findClass')
  }

  /** `callee(*args)` by REDUCE: the forms of copyreg and functools stand for an opcode, the rest is a call. */
  reduce(callee: unknown, args: unknown, at: number): unknown {
    const m = this.#machine
    const partial = this.#partials.get(callee)
    if (partial !== undefined) {
      this.#partials.delete(callee)
      return this.#callPartial(partial, args, at)
    }
    const entry = this.#callee(callee, at)
    if (!isTuple(args)) fail(m, at, 'reduce-args', { found: found(args) })
    switch (entry.record.form) {
      case undefined:
        return this.construct(entry, 'reduce', args, undefined, at)
      case 'reconstructor': {
        // copyreg._reconstructor(cls, object, None); another base makes a subclass of a built-in type.
        const base = this.#entries.get(args[1])
        if (args.length !== 3 || args[2] !== null || base?.plugin !== CORE || base.record.name !== 'object') {
          this.#failForm(entry, at, 'only objects whose base is object are built')
        }
        return this.newObject(args[0], new Tuple(0), at)
      }
      case 'newobj':
        return this.newObject(args[0], args.slice(1), at)
      case 'newobj_ex':
        if (args.length !== 3) this.#failForm(entry, at, 'it takes a class, arguments and keyword arguments')
        return this.newObjectEx(args[0], args[1], args[2], at)
      case 'getattr':
        return this.#getattr(entry, args, at)
      case 'partial':
        return this.#partial(entry, args, at)
    }
  }

  /** `cls.__new__(cls, *args)` by NEWOBJ. */
  newObject(callee: unknown, args: unknown, at: number): unknown {
    if (!isTuple(args)) fail(this.#machine, at, 'reduce-args', { found: found(args) })
    return this.construct(this.#callee(callee, at), 'newobj', args, undefined, at)
  }

  /** `cls.__new__(cls, *args, **kwargs)` by NEWOBJ_EX. */
  newObjectEx(callee: unknown, args: unknown, kwargs: unknown, at: number): unknown {
    const entry = this.#callee(callee, at)
    if (!isTuple(args)) fail(this.#machine, at, 'reduce-args', { found: found(args) })
    return this.construct(entry, 'newobj_ex', args, this.#kwargs(entry, kwargs, at), at)
  }

  /** `cls(*args)` by OBJ or INST. */
  instantiate(callee: unknown, kind: 'obj' | 'inst', args: readonly unknown[], at: number): unknown {
    return this.construct(this.#callee(callee, at), kind, args, undefined, at)
  }

  #callee(value: unknown, at: number): TypeEntry {
    return this.#entries.get(value) ?? fail(this.#machine, at, 'callee', { found: found(value) })
  }

  #kwargs(entry: TypeEntry, value: unknown, at: number): ReadonlyMap<string, unknown> {
    const m = this.#machine
    if (!isDict(value)) fail(m, at, 'kwargs', { found: found(value) })
    const map = new Map<string, unknown>()
    const { module, name, kwargs = [] } = entry.record
    for (const [key, item] of value instanceof Map || value instanceof PyDict ? value : Object.entries(value)) {
      if (typeof key !== 'string') fail(m, at, 'kwargs', { found: `${found(key)} as a key` })
      if (!kwargs.includes(key)) {
        fail(m, at, 'args', { module, name, what: `there is no keyword argument ${excerpt(key)}` })
      }
      map.set(key, item)
    }
    return map
  }

  /** The one gate to plugin code that makes an object. */
  construct(
    entry: TypeEntry,
    kind: Construct,
    args: readonly unknown[],
    kwargs: ReadonlyMap<string, unknown> | undefined,
    at: number,
  ): unknown {
    const m = this.#machine
    const { record, opcodes } = entry
    const { module, name } = record
    if (!opcodes.includes(kind)) {
      const allowed = opcodes.map((construct) => OPCODE_OF[construct]).join(', ')
      fail(m, at, 'construct-not-allowed', { module, name, opcode: OPCODE_OF[kind], allowed })
    }
    const scope = this.#enter(entry, at)
    let what: string | undefined
    let result: unknown
    try {
      what = record.args === undefined ? undefined : argsMismatch(args, record.args)
      if (what === undefined) result = record.create(args, scope, kwargs)
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    if (what !== undefined) fail(m, at, 'args', { module, name, what })
    if (entry.plugin === CORE) return result
    m.checkInput(at)
    if (typeof result !== 'object' && typeof result !== 'function') return result
    if (result !== null) this.#own(entry, result, at)
    return result
  }

  /** From now on the record that made an object answers for it. */
  #own(entry: TypeEntry, object: object, at: number): void {
    const m = this.#machine
    const { module, name, stateRequired } = entry.record
    if (object instanceof GlobalRef || this.#entries.has(object)) {
      fail(m, at, 'result', { module, name, what: 'a reference to a global' })
    }
    let then: unknown
    try {
      then = (object as { then?: unknown }).then
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    // `await` on it would call that method.
    if (typeof then === 'function') fail(m, at, 'result', { module, name, what: 'an object with a then method' })
    this.#owners.set(object, entry)
    if (stateRequired === true) this.#stateless.add(object)
  }

  /** BUILD: gives an object its state. */
  build(object: unknown, state: unknown, at: number): void {
    const m = this.#machine
    const partial = this.#partials.get(object)
    if (partial !== undefined) {
      this.#buildPartial(partial, state, at)
      return
    }
    const entry = this.#owners.get(object)
    if (entry === undefined || entry === FOREIGN) fail(m, at, 'build-target', { found: found(object) })
    const { record } = entry
    const { module, name } = record
    if (record.setState === undefined || record.state === 'none') {
      fail(m, at, 'state', { module, name, what: 'its record takes none' })
    }
    const scope = this.#enter(entry, at)
    let fits = true
    try {
      fits = record.state === undefined || isOfKind(state, record.state)
      if (fits) record.setState(object, state, scope)
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    if (!fits) {
      fail(m, at, 'state', { module, name, what: `it must be ${kindText(record.state)}, found ${found(state)}` })
    }
    this.#stateless.delete(object as object)
    m.checkInput(at)
  }

  /** APPEND, APPENDS, ADDITEMS on an object that a record made. */
  addItems(opcode: string, object: unknown, items: readonly unknown[], from: number, to: number, at: number): void {
    const entry = this.#owner(opcode, object, at)
    const { record } = entry
    const add = opcode === 'ADDITEMS' ? record.addItem : record.append
    if (add === undefined) this.#failTarget(opcode, object, at)
    this.#enter(entry, at)
    try {
      for (let i = from; i < to; i++) {
        this.#scope.spend(1)
        add.call(record, object, items[i])
      }
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    this.#machine.checkInput(at)
  }

  /** SETITEM, SETITEMS on an object that a record made. */
  setItems(opcode: string, object: unknown, items: readonly unknown[], from: number, to: number, at: number): void {
    const entry = this.#owner(opcode, object, at)
    const { record } = entry
    if (record.setItem === undefined) this.#failTarget(opcode, object, at)
    if ((to - from) & 1) fail(this.#machine, at, 'odd-items', undefined)
    this.#enter(entry, at)
    try {
      for (let i = from; i < to; i += 2) {
        this.#scope.spend(1)
        record.setItem(object, items[i], items[i + 1])
      }
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    this.#machine.checkInput(at)
  }

  #owner(opcode: string, object: unknown, at: number): TypeEntry {
    const entry = this.#owners.get(object)
    if (entry === undefined || entry === FOREIGN) this.#failTarget(opcode, object, at)
    return entry
  }

  /** A persistent id: what the caller makes of it. */
  persistent(pid: unknown, at: number): unknown {
    const m = this.#machine
    const { persistentLoad } = m.settings
    if (persistentLoad === undefined) fail(m, at, 'persistent-id', undefined)
    let value: unknown
    try {
      value = persistentLoad(pid)
    } catch (cause) {
      fail(m, at, 'callback', { what: 'persistentLoad' }, cause)
    }
    m.checkInput(at)
    if ((typeof value === 'object' || typeof value === 'function') && value !== null && !this.#entries.has(value)) {
      this.#owners.set(value, FOREIGN)
    }
    return value
  }

  /** Whether somebody else than the reader made this object, so that the reader's own opcodes do not act on it. */
  isOwned(object: unknown): boolean {
    return this.#owners.has(object)
  }

  /** At STOP: nothing may be half built. */
  finish(at: number): void {
    const m = this.#machine
    for (const object of this.#stateless) {
      const { module, name } = (this.#owners.get(object) as TypeEntry).record
      fail(m, at, 'state-required', { module, name })
    }
    if (this.#partials.size > 0) fail(m, at, 'callee', { found: 'a partial that was not called' })
  }

  // Counts a call into a plugin, and lets the context know whose it is.
  #enter(entry: TypeEntry, at: number): LoadScope {
    const scope = this.#scope
    scope.entry = entry
    scope.at = at
    if (entry.plugin !== CORE) scope.spend(1)
    return scope
  }

  /** `getattr(cls, name)`: a nested global, by its dotted name, as a string. */
  #getattr(entry: TypeEntry, args: readonly unknown[], at: number): unknown {
    const [owner, attribute] = args
    const base = this.#entries.get(owner)
    if (args.length !== 2 || base === undefined || typeof attribute !== 'string') {
      this.#failForm(entry, at, 'it takes a registered global and a name')
    }
    const { module, name } = base.record
    if (attribute !== '__new__') return this.global(module, `${name}.${attribute}`, at, 5)
    const method = new GlobalRef(module, `${name}.__new__`)
    this.#newMethods.set(method, base)
    return method
  }

  #partial(entry: TypeEntry, args: readonly unknown[], at: number): unknown {
    const base = this.#newMethods.get(args[0])
    if (base === undefined || args.length !== 1) {
      // A plugin may have a record for partial objects; the codec has none.
      if (entry.plugin !== CORE) return this.construct(entry, 'reduce', args, undefined, at)
      this.#failForm(entry, at, 'only a partial of cls.__new__ is built')
    }
    const partial = new Placeholder()
    this.#partials.set(partial, { entry: base, args: undefined, kwargs: undefined })
    return partial
  }

  #buildPartial(partial: Partial, state: unknown, at: number): void {
    const m = this.#machine
    const [method, args, kwargs, attributes] = isTuple(state) ? state : []
    if (
      this.#newMethods.get(method) !== partial.entry ||
      !isTuple(args) ||
      this.#entries.get(args[0]) !== partial.entry ||
      (attributes !== null && attributes !== undefined)
    ) {
      fail(m, at, 'state', { module: 'functools', name: 'partial', what: 'it is not that of a partial of cls.__new__' })
    }
    partial.args = args.slice(1)
    partial.kwargs = kwargs
  }

  #callPartial(partial: Partial, args: unknown, at: number): unknown {
    const m = this.#machine
    const { entry } = partial
    if (!isTuple(args) || args.length > 0 || partial.args === undefined) {
      fail(m, at, 'reduce-args', { found: 'something else than a call of a complete partial without arguments' })
    }
    return this.construct(entry, 'newobj_ex', partial.args, this.#kwargs(entry, partial.kwargs, at), at)
  }

  #failForm(entry: TypeEntry, at: number, what: string): never {
    const { module, name } = entry.record
    fail(this.#machine, at, 'args', { module, name, what })
  }

  #failTarget(opcode: string, object: unknown, at: number): never {
    fail(this.#machine, at, 'target', { opcode, found: found(object) })
  }

  /** What plugin code threw: as it is if the context made it, else wrapped. */
  #failPlugin(entry: TypeEntry, at: number, cause: unknown): never {
    const { plugin, record } = entry
    if (plugin === CORE || cause === this.#scope.raised) throw cause
    throw new ReducerError(plugin, `${record.module}.${record.name}`, this.#machine.origin + at, cause)
  }
}

/** What is wrong with the arguments of a call, if anything. */
function argsMismatch(args: readonly unknown[], declared: ArgsCheck): string | undefined {
  if ('min' in declared) {
    const { min, max, rest } = declared
    if (args.length < min || args.length > max) return `it takes ${min} to ${max} arguments, found ${args.length}`
    if (rest === undefined) return undefined
    const index = args.findIndex((arg) => !isOfKind(arg, rest))
    return index < 0 ? undefined : argMismatch(index, rest, args[index])
  }
  if (args.length !== declared.length) return `it takes ${declared.length} arguments, found ${args.length}`
  const index = declared.findIndex((check, i) => !isOfKind(args[i], check))
  return index < 0 ? undefined : argMismatch(index, declared[index], args[index])
}

function argMismatch(index: number, check: Check | undefined, value: unknown): string {
  return `argument ${index + 1} must be ${kindText(check)}, found ${found(value)}`
}

function kindText(check: Check | undefined): string {
  return typeof check === 'string' ? check.replaceAll('|', ' or ') : 'what its record asks for'
}
