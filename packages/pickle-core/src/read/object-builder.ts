/**
 * The objects that are built of globals.
 *
 * One gate: REDUCE, NEWOBJ, NEWOBJ_EX, OBJ and INST all end in `construct`. What acts on an object later (BUILD, items) comes from the
 * record that made it, never from the object: a stream can set attributes, and CPython looks its hooks up there.
 */
import { excerpt, ReducerError } from '../errors.ts'
import { type LoadContext, notMine } from '../registry/contract.ts'
import { CORE, type CoreForm } from '../registry/core-plugin.ts'
import type { TypeEntry } from '../registry/type-entry.ts'
import { AttributeRef } from '../values/attribute-ref.ts'
import type { Construct } from '../values/construct.ts'
import { ExtensionRef } from '../values/extension-ref.ts'
import { noteFreshArgs } from '../values/fresh-args.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { noteInheritedNew } from '../values/inherited-new.ts'
import { PersistentRef } from '../values/persistent-ref.ts'
import { PyDict } from '../values/py-dict.ts'
import { nameOf, type PyCallable, type PyConstruct, PyObject } from '../values/py-object.ts'
import { Tuple } from '../values/tuple.ts'
import { argsMismatch, kindText } from './args-check.ts'
import { fail } from './failures.ts'
import { Globals } from './globals.ts'
import { appendInert, buildInert, failInert, setItemsInert, setStateInert } from './inert-objects.ts'
import { LoadScope } from './load-context.ts'
import type { Machine } from './machine.ts'
import { Partials } from './partials.ts'
import { found, isDict, isOfKind, isTuple } from './value-kind.ts'

/** Marks an object that came from the caller: no opcode acts on it. */
const FOREIGN = Symbol('foreign')

type Create = NonNullable<TypeEntry['create']>

/** Names of the opcodes, by how they build. */
const OPCODE_OF: Readonly<Record<Construct, string>> = {
  reduce: 'REDUCE',
  newobj: 'NEWOBJ',
  newobj_ex: 'NEWOBJ_EX',
  obj: 'OBJ',
  inst: 'INST',
}

/** Builds objects, for one load or one session with a shared memo. */
export class ObjectBuilder extends Globals {
  readonly #scope: LoadScope
  /** Who made an object, or that the caller did. A {@link PyObject} without an entry is the reader's own. */
  readonly #owners: Map<unknown, TypeEntry | typeof FOREIGN> = new Map()
  readonly #stateless: Set<object> = new Set()
  readonly #partials: Partials
  /** The PyObject that was made last, and the opcode that did it. */
  #made: PyObject | undefined
  #madeAt = -1
  /** How many values may be compared, to tell an object that contains itself. */
  #comparisons: number

  constructor(machine: Machine) {
    super(machine)
    this.#scope = new LoadScope(machine)
    this.#partials = new Partials(machine)
    this.#comparisons = machine.inputEnd
  }

  /** `callee(*args)` by REDUCE: the forms of copyreg and functools stand for an opcode, the rest is a call. */
  reduce(callee: unknown, args: unknown, at: number): unknown {
    const m = this.machine
    const call = this.#partials.call(callee, args, at)
    if (call !== undefined) {
      const made = this.#construct(call.cls, 'newobj_ex', call.args, call.kwargs, at)
      if (call.base !== call.cls && this.#isOurInert(made)) noteInheritedNew(made, call.base)
      return made
    }
    const form = this.entries.get(callee)?.form
    if (form === undefined) return this.#construct(callee, 'reduce', args, undefined, at)
    if (!isTuple(args)) fail(m, at, 'reduce-args', { found: found(args) })
    return this.#reduceForm(form, callee, args, at)
  }

  /** A call that stands for something else. */
  #reduceForm(form: CoreForm, callee: unknown, args: Tuple, at: number): unknown {
    switch (form) {
      case 'reconstructor':
        return this.#reconstruct(callee, args, at)
      case 'newobj':
        this.machine.addCopies(8 * args.length, at)
        return this.newObject(args[0], Tuple.from(args.slice(1)), at)
      case 'newobj_ex':
        if (args.length === 3) return this.newObjectEx(args[0], args[1], args[2], at)
        return this.#otherForm(callee, args, at, 'it takes a class, arguments and keyword arguments')
      case 'getattr':
        return this.#getattr(callee, args, at)
      case 'partial':
        return this.#partials.begin(args) ?? this.#otherForm(callee, args, at, 'only a partial of cls.__new__ is built')
    }
  }

  /** `copyreg._reconstructor(cls, base, value)`: for base object as `cls.__new__(cls)`; another makes a subclass of a built-in type. */
  #reconstruct(callee: unknown, args: Tuple, at: number): unknown {
    const [cls, base, value] = args
    const type = this.entries.get(cls)
    const isData = this.#isInert(cls, type) || (this.machine.settings.inert && type?.plugin === CORE)
    if (args.length === 3 && isData) {
      return this.#makeInert('reconstructor', cls, Tuple.of(base, value), undefined, at)
    }
    const entry = this.entries.get(base)
    if (args.length !== 3 || value !== null || entry?.plugin !== CORE || entry.name !== 'object') {
      return this.#otherForm(callee, args, at, 'only objects whose base is object are built')
    }
    return this.newObject(cls, new Tuple(0), at)
  }

  /** A call of one of these functions that stands for nothing else. */
  #otherForm(callee: unknown, args: Tuple, at: number, what: string): unknown {
    if (this.machine.settings.inert) return this.#makeInert('reduce', callee as PyCallable, args, undefined, at)
    const { module, name } = this.entries.get(callee) as TypeEntry
    fail(this.machine, at, 'args', { module, name, what })
  }

  /** `cls.__new__(cls, *args)` by NEWOBJ. */
  newObject(callee: unknown, args: unknown, at: number): unknown {
    return this.#construct(callee, 'newobj', args, undefined, at)
  }

  /** `cls.__new__(cls, *args, **kwargs)` by NEWOBJ_EX. */
  newObjectEx(callee: unknown, args: unknown, kwargs: unknown, at: number): unknown {
    return this.#construct(callee, 'newobj_ex', args, kwargs, at)
  }

  /** `cls(*args)` by OBJ or INST. */
  instantiate(callee: unknown, kind: 'obj' | 'inst', args: Tuple, at: number): unknown {
    return this.#construct(callee, kind, args, undefined, at)
  }

  /** Keyword arguments as a Map; those of a class that is kept as data have no names that are known. */
  #kwargs(entry: TypeEntry | undefined, dict: object, at: number): ReadonlyMap<string, unknown> {
    const m = this.machine
    const map = new Map<string, unknown>()
    for (const [key, item] of dict instanceof Map || dict instanceof PyDict ? dict : Object.entries(dict)) {
      if (typeof key !== 'string') fail(m, at, 'kwargs', { found: `${found(key)} as a key` })
      if (entry !== undefined && !entry.kwargs.includes(key)) {
        const { module, name } = entry
        fail(m, at, 'args', { module, name, what: `there is no keyword argument ${excerpt(key)}` })
      }
      map.set(key, item)
    }
    m.addCopies(8 * map.size, at)
    return map
  }

  /** The one gate to whatever makes an object. */
  #construct(callee: unknown, kind: Construct, args: unknown, kwargs: unknown, at: number): unknown {
    const m = this.machine
    const entry = this.entries.get(callee)
    const inert = this.#isInert(callee, entry)
    if (entry === undefined && !inert) fail(m, at, 'callee', { found: found(callee) })
    if (!isTuple(args)) fail(m, at, 'reduce-args', { found: found(args) })
    if (kind === 'newobj_ex' && !isDict(kwargs)) fail(m, at, 'kwargs', { found: found(kwargs) })
    if (entry === undefined || inert) return this.#makeInert(kind, callee, args, kwargs, at)
    const { module, name, opcodes } = entry
    // What the codec's own records do not build is data like any other.
    const fallback = m.settings.inert && entry.plugin === CORE
    if (!opcodes.includes(kind)) {
      if (fallback) return this.#makeInert(kind, callee, args, kwargs, at)
      const allowed = opcodes.map((construct) => OPCODE_OF[construct]).join(', ')
      fail(m, at, 'construct-not-allowed', { module, name, opcode: OPCODE_OF[kind], allowed })
    }
    const named = kwargs === undefined ? undefined : this.#kwargs(entry, kwargs as object, at)
    const scope = this.#enter(entry, at)
    let what: string | undefined
    let result: unknown
    try {
      what = entry.args === undefined ? undefined : argsMismatch(args, entry.args)
      // Whatever has an opcode has a `create`.
      if (what === undefined) result = (entry.create as Create).call(entry.record, args, scope, named)
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    if (what !== undefined) {
      if (fallback) return this.#makeInert(kind, callee, args, kwargs, at)
      fail(m, at, 'args', { module, name, what })
    }
    if (entry.plugin === CORE) return result
    m.checkInput(at)
    if (result !== null && (typeof result === 'object' || typeof result === 'function')) this.#own(entry, result, at)
    else if (entry.isObject || result === notMine) {
      fail(m, at, 'result', { module, name, what: `${found(result)}, and not an object; does create return it?` })
    }
    return result
  }

  /** Whether what is made of a callee is data: it stands for a class that is, or it is such data itself. */
  #isInert(callee: unknown, entry: TypeEntry | undefined): boolean {
    if (entry?.inert === true) return true
    if (!(callee instanceof PyObject || callee instanceof ExtensionRef)) return false
    return this.machine.settings.inert && !this.#owners.has(callee)
  }

  #makeInert(construct: PyConstruct, callee: unknown, args: Tuple, kwargs: unknown, at: number): PyObject {
    const dict = kwargs as object | undefined
    if (dict !== undefined) this.#kwargs(undefined, dict, at)
    const object = new PyObject(callee as PyCallable, { construct, args, kwargs: dict })
    this.#made = object
    this.#madeAt = at
    return object
  }

  /**
   * A PyObject is taken off the stack by POP. CPython writes that in two cases: after `setter(object, state)`, and for an object that
   * its own arguments contain, where the GET of the inner one comes next. Else the result of a call would be lost.
   *
   * @param below what lies below it on the stack.
   * @param next what the next opcode gets from the memo, if it does.
   */
  popped(object: PyObject, below: unknown, next: unknown, at: number): void {
    // One that was memoized is not lost.
    if (object !== this.#made || at !== this.#madeAt + 1) return
    const m = this.machine
    const { construct, args } = object
    const inner = next instanceof PyObject && next !== object ? next : undefined
    const isSetter = construct === 'reduce' && args.length === 2 && args[0] === below && this.#isOurInert(below)
    // An object can be the last item of `below`, and have it as its first argument; but then the inner one is the same call.
    if (isSetter && !(inner !== undefined && isSameCall(inner, object))) {
      setStateInert(m, below, object.class, args[1], at)
    } else if (inner !== undefined) {
      this.#comparisons = noteFreshArgs(inner, object, this.#comparisons)
    } else failInert(m, object, 'is thrown away', at)
  }

  /** Whether the reader made this PyObject, so that its opcodes act on it. */
  #isOurInert(object: unknown): object is PyObject {
    return object instanceof PyObject && !this.#owners.has(object)
  }

  /** From now on the record that made an object answers for it. */
  #own(entry: TypeEntry, object: object, at: number): void {
    const m = this.machine
    const { module, name } = entry
    let then: unknown
    let isReference: boolean
    try {
      isReference = Object.getPrototypeOf(object) !== entry.prototype && this.#isReference(object)
      then = (object as { then?: unknown }).then
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    if (isReference) fail(m, at, 'result', { module, name, what: 'a reference to something outside of the pickle' })
    // `await` on it would call that method.
    if (typeof then === 'function') fail(m, at, 'result', { module, name, what: 'an object with a then method' })
    // A constant stays what it is, and an object of another record that one's: no opcode comes to it by a detour.
    if ((this.hasConstants && this.isConstant(object)) || this.#owners.get(object) !== undefined) return
    this.#owners.set(object, entry)
    if (entry.stateRequired) this.#stateless.add(object)
  }

  /** Whether this stands for what is not in the pickle: only the reader hands such things out. */
  #isReference(object: object): boolean {
    if (typeof object === 'function') {
      return this.entries.has(object) || this.machine.settings.registry.findClass(object) !== undefined
    }
    return object instanceof GlobalRef || object instanceof ExtensionRef || object instanceof PersistentRef
  }

  /** BUILD: gives an object its state. */
  build(object: unknown, state: unknown, at: number): void {
    const m = this.machine
    if (this.#partials.build(object, state, at)) return
    if (this.#isOurInert(object)) {
      buildInert(m, object, state, at)
      return
    }
    const entry = this.#owners.get(object)
    if (entry === undefined || entry === FOREIGN) fail(m, at, 'build-target', { found: found(object) })
    const { module, name, setState } = entry
    if (setState === undefined || entry.state === 'none') {
      fail(m, at, 'state', { module, name, what: 'its record takes none' })
    }
    const scope = this.#enter(entry, at)
    let fits = true
    let returned: unknown
    try {
      fits = entry.state === undefined || isOfKind(state, entry.state)
      if (fits) returned = setState.call(entry.record, object, state, scope)
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    if (!fits) {
      fail(m, at, 'state', { module, name, what: `it must be ${kindText(entry.state)}, found ${found(state)}` })
    }
    this.#stateless.delete(object as object)
    this.#finishCall(entry, 'setState', returned, at)
  }

  /** APPEND, APPENDS, ADDITEMS on an object that a record made. */
  addItems(opcode: string, object: unknown, items: readonly unknown[], from: number, to: number, at: number): void {
    if (opcode !== 'ADDITEMS' && this.#isOurInert(object)) {
      appendInert(this.machine, object, items, from, to, at)
      return
    }
    const entry = this.#owner(opcode, object, at)
    const add = opcode === 'ADDITEMS' ? entry.addItem : entry.append
    if (add === undefined) this.#failTarget(opcode, object, at)
    this.#enter(entry, at)
    let returned: unknown
    try {
      for (let i = from; i < to; i++) {
        this.#scope.spend(1)
        returned = add.call(entry.record, object, items[i])
      }
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    this.#finishCall(entry, opcode === 'ADDITEMS' ? 'addItem' : 'append', returned, at)
  }

  /** SETITEM, SETITEMS on an object that a record made. */
  setItems(opcode: string, object: unknown, items: readonly unknown[], from: number, to: number, at: number): void {
    const entry = this.#isOurInert(object) ? undefined : this.#owner(opcode, object, at)
    const setItem = entry?.setItem
    if (entry !== undefined && setItem === undefined) this.#failTarget(opcode, object, at)
    if ((to - from) & 1) fail(this.machine, at, 'odd-items', undefined)
    if (entry === undefined) {
      setItemsInert(this.machine, object as PyObject, items, from, to, at)
      return
    }
    this.#enter(entry, at)
    let returned: unknown
    try {
      for (let i = from; i < to; i += 2) {
        this.#scope.spend(1)
        returned = setItem?.call(entry.record, object, items[i], items[i + 1])
      }
    } catch (cause) {
      this.#failPlugin(entry, at, cause)
    }
    this.#finishCall(entry, 'setItem', returned, at)
  }

  #owner(opcode: string, object: unknown, at: number): TypeEntry {
    const entry = this.#owners.get(object)
    if (entry === undefined || entry === FOREIGN) this.#failTarget(opcode, object, at)
    return entry
  }

  /** A persistent id: what the caller makes of it. */
  persistent(pid: unknown, at: number): unknown {
    const m = this.machine
    const { persistentLoad, inert } = m.settings
    if (persistentLoad === undefined) {
      if (inert) return new PersistentRef(pid)
      fail(m, at, 'persistent-id', undefined)
    }
    let value: unknown
    try {
      value = persistentLoad(pid)
    } catch (cause) {
      fail(m, at, 'callback', { what: 'persistentLoad' }, cause)
    }
    m.checkInput(at)
    if ((typeof value === 'object' || typeof value === 'function') && value !== null && !this.entries.has(value)) {
      this.#owners.set(value, FOREIGN)
    }
    return value
  }

  /**
   * Whether the reader's own opcodes do not act on a container: somebody else made it, it is what a global is here, or a plugin that was
   * given it froze it.
   */
  isOwned(object: unknown): boolean {
    if (this.#owners.has(object) || !Object.isExtensible(object)) return true
    return this.hasConstants && this.isConstant(object as object)
  }

  /** Before the next pickle of a session that keeps its memo: its budgets are its own. */
  begin(): void {
    this.beginNames()
    this.#scope.begin()
    this.#comparisons = this.machine.inputEnd
  }

  /** At STOP: nothing may be half built. */
  finish(at: number): void {
    const m = this.machine
    for (const object of this.#stateless) {
      const { module, name } = this.#owners.get(object) as TypeEntry
      fail(m, at, 'state-required', { module, name })
    }
    this.#partials.finish(at)
  }

  /** Counts a call into a plugin, and lets the context know whose it is. The codec's own records are given the whole of it. */
  #enter(entry: TypeEntry, at: number): LoadContext {
    const scope = this.#scope
    scope.entry = entry
    scope.at = at
    scope.raised = undefined
    if (entry.plugin === CORE) return scope
    scope.spend(1)
    return scope.ctx
  }

  /** `getattr(cls, name)`: a nested global, by its dotted name, as a string. */
  #getattr(callee: unknown, args: Tuple, at: number): unknown {
    const [owner, attribute] = args
    const base = this.entries.get(owner)
    if (args.length !== 2 || base === undefined || typeof attribute !== 'string') {
      return this.#otherForm(callee, args, at, 'it takes a registered global and a name')
    }
    const { module, name } = base
    if (attribute === '__new__') {
      const method = new AttributeRef(module, name, owner, attribute)
      this.#partials.addMethod(method, owner)
      return method
    }
    const value = this.global(module, `${name}.${attribute}`, at, 5)
    const entry = this.entries.get(value) as TypeEntry
    if (!entry.inert) return value
    const ref = new AttributeRef(module, name, owner, attribute)
    this.entries.set(ref, entry)
    return ref
  }

  /** After plugin code that changed an object. Nobody would wait for what it does later, nor see what it throws then. */
  #finishCall(entry: TypeEntry, member: string, returned: unknown, at: number): void {
    const { module, name } = entry
    if (returned instanceof Promise) {
      fail(this.machine, at, 'result', { module, name, what: `a promise in ${member}, which cannot be async` })
    }
    this.machine.checkInput(at)
  }

  #failTarget(opcode: string, object: unknown, at: number): never {
    fail(this.machine, at, 'target', { opcode, found: found(object) })
  }

  /** What plugin code threw: as it is if the context made it, else wrapped. */
  #failPlugin(entry: TypeEntry, at: number, cause: unknown): never {
    const { plugin, module, name } = entry
    const { raised } = this.#scope
    if (plugin === CORE || (raised !== undefined && cause === raised)) throw cause
    throw new ReducerError(plugin, `${module}.${name}`, this.machine.origin + at, cause, { module, name })
  }
}

/** Whether two objects may be two writings of one. */
function isSameCall(a: PyObject, b: PyObject): boolean {
  return (
    a.construct === b.construct && a.args.length === b.args.length && a.args[0] === b.args[0] && nameOf(a) === nameOf(b)
  )
}
