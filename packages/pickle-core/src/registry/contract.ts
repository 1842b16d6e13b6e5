/**
 * The plugin contract: what a plugin declares, and what it is given.
 *
 * Reading: a {@link TypeRecord} owns one exact (module, name). It says which opcodes may build it and of what; anything
 * undeclared is refused before its code runs. Writing: a {@link Reducer}, or the record's own `reduce`, turns an object
 * into CPython's reduce value (`object.__reduce__` in the Python docs), as an object with named fields.
 *
 * **Who writes an object.** Values of built-in types never reach a plugin. For any other object the first of these decides, and
 * {@link notMine} passes on to the next:
 * 1. `reducerOverride`, then `dispatchTable`, of the call;
 * 2. the registry, for exactly the class that the object has;
 * 3. the object's own `[reduceEx]` method, which may be inherited;
 * 4. the registry, for each class along the prototype chain, the nearest first.
 *
 * - *The class that an object has* is its prototype at that time (`Object.getPrototypeOf`), never a `constructor` property, which is data.
 * - *An object of a subclass* is written by its base's reducer, if nothing nearer is registered, and so it comes back as the base.
 *   Register the subclass, or let the reducer return `notMine` for it, which makes it an error.
 * - *A frozen object* is like any other: nothing is written to an object that is dumped.
 * - *A Proxy* has the class that its `getPrototypeOf` trap gives, as a rule its target's; the reducer is given the Proxy. It is
 *   another object than its target, and private fields (`#x`) are not seen through it.
 * - *A class of another realm* (an iframe, `node:vm`) is another class, though it has the same name: register its own constructor. That
 *   goes for that realm's built-in classes, too.
 * - *An object without a class* whose prototype is null is a dict. One that inherits from such an object is an error, and one that
 *   inherits from an object of a class is an object of a subclass.
 * - What a prototype chain gives is remembered, per registry. A prototype that is changed after it was first met changes nothing.
 */
import type { Construct } from '../values/construct.ts'
import type { GlobalRef } from '../values/global-ref.ts'
import type { PickleBuffer } from '../values/pickle-buffer.ts'

/** Returned by a reducer: not mine, ask the next. */
export const notMine: unique symbol = /* @__PURE__ */ Symbol.for('@pickle-ts/pickle-core/notMine') as never

/** CPython's reduce value (2 to 6 parts), with names. */
export interface ReduceValue {
  /** The class or function that is called on reading. */
  readonly callable: GlobalRef
  /** Its positional arguments. */
  readonly args: readonly unknown[]
  /** Its keyword arguments; implies `construct: 'newobj_ex'`. */
  readonly kwargs?: ReadonlyMap<string, unknown> | undefined
  /** Given to BUILD; `undefined` for none. */
  readonly state?: unknown
  /** Appended to the object, as `list.append` does. */
  readonly listItems?: Iterable<unknown> | undefined
  /** Set on the object, as `dict.__setitem__` does. */
  readonly dictItems?: Iterable<readonly [unknown, unknown]> | undefined
  /** Called as `stateSetter(obj, state)` in place of BUILD. */
  readonly stateSetter?: GlobalRef | undefined
  /** The opcode that builds it; default `'reduce'`. `'newobj'` calls `callable.__new__(callable, *args)`. */
  readonly construct?: Construct | undefined
}

/** How the items of a view lie in its span. */
export interface ViewLayout {
  /** A promise not to write. Default false. */
  readonly readonly?: boolean | undefined
  /** Items along each dimension. Default: one dimension over the whole span. */
  readonly shape?: readonly number[] | undefined
  /** Bytes from one item to the next along each dimension, negative and zero allowed. Default: C order. */
  readonly strides?: readonly number[] | undefined
  /** Bytes of one item. Default 1. */
  readonly itemSize?: number | undefined
}

/** What a reducer writes for a view: a buffer that other views may share, and where in it the view lies. */
export interface SharedView {
  /** Stands for the group's memory, in whatever way the dump carries it: out of band, or as bytes or a bytearray. */
  readonly buffer: PickleBuffer
  /** Where the first item (index 0 along each dimension) lies in the buffer, in bytes. */
  readonly offset: number
  /** Bytes from one item to the next along each dimension: as they were given, unless the view was compacted. */
  readonly strides: readonly number[]
}

/** What a reducer is told about the dump, and may ask of it. It is good for this one dump. */
export interface DumpContext {
  /** The protocol; 5 for `'auto'`. */
  readonly protocol: number
  /**
   * The buffer for a view of memory. Views on one ArrayBuffer whose spans overlap share one buffer, which is written once and is
   * as long as their union, so that they are views on one memory after loading, too. Works at every protocol.
   *
   * Only when the graph was gone over is it known who shares. If some do, it is gone over a second time: so a reducer must be pure,
   * and ask for the same views again.
   *
   * @param memory an ArrayBuffer or SharedArrayBuffer.
   * @param byteOffset where the lowest byte of any item lies in it.
   * @param byteLength bytes from there to the end of the last item.
   * @throws {@link BufferError} `buffer-type`, `buffer-layout`, `buffer-detached`; `buffer-context` after the dump.
   */
  shareView(memory: ArrayBufferLike, byteOffset: number, byteLength: number, layout?: ViewLayout): SharedView
}

/** What a reducer may return: a reduce value, a global by name (`'module.name'` is given as a GlobalRef), or {@link notMine}. */
export type Reduction = ReduceValue | GlobalRef | string | typeof notMine

/**
 * Kinds of values that an argument or a state may be declared to be, under either mapping. `'int'` is a number or a bigint, `'float'` any
 * number or a Float, `'bytes'` no bytearray, `'buffer'` a PickleBuffer, bytes or a bytearray, `'set'` a set or a frozenset, `'global'` a
 * GlobalRef or a function: a registered class, as a rule, but another record or `persistentLoad` may give functions, too.
 */
export type CheckName =
  | 'any'
  | 'none'
  | 'bool'
  | 'int'
  | 'float'
  | 'str'
  | 'bytes'
  | 'bytearray'
  | 'buffer'
  | 'tuple'
  | 'list'
  | 'dict'
  | 'set'
  | 'global'

/** A declared kind, several of them (`'int|none'`), or a test of one's own; only exactly `true` passes. */
export type Check = CheckName | `${CheckName}|${CheckName}` | ((value: unknown) => boolean)

/** Positional arguments: one check each; or how many there may be, and what each of them must be. */
export type ArgsCheck =
  | readonly Check[]
  | { readonly min: number; readonly max: number; readonly rest?: Check | undefined }

/** Which global, by its exact module and qualified name. */
export type GlobalName = readonly [module: string, name: string]

/** Any class: abstract, generic, with whatever constructor. */
export type AnyClass = abstract new (...args: never[]) => unknown

/** Turns decoded values into JavaScript ones, whatever the mapping; the errors name `what`. */
export interface LoadChecks {
  /** An int in the safe range, from a number or a bigint. */
  int(value: unknown, what: string): number
  /** An int of any size. */
  bigint(value: unknown, what: string): bigint
  /** A float or an int, as a number. */
  float(value: unknown, what: string): number
  bool(value: unknown, what: string): boolean
  str(value: unknown, what: string): string
  /** bytes or bytearray. */
  bytes(value: unknown, what: string): Uint8Array
  list(value: unknown, what: string): readonly unknown[]
  /** A Tuple, whose `map` and `slice` give Tuples; `Array.from(tuple, fn)` gives an array. */
  tuple(value: unknown, what: string): readonly unknown[]
  /** A dict, under either mapping, as a Map. */
  dict(value: unknown, what: string): ReadonlyMap<unknown, unknown>
  /** The items of a set or frozenset, under either mapping. */
  set(value: unknown, what: string): readonly unknown[]
}

/** The memory behind a value, without a copy. */
export interface MemorySpan {
  readonly memory: ArrayBufferLike
  readonly byteOffset: number
  readonly byteLength: number
  /** Whether it may be written to. */
  readonly readonly: boolean
}

/**
 * What a type record is given on reading: checks, memory, a budget. Never the reader. What `check` and `memoryOf` throw says the module, the
 * name and the byte, and reaches the caller as it is; anything else that plugin code throws arrives as a {@link ReducerError}.
 */
export interface LoadContext {
  readonly check: LoadChecks
  /** The memory behind a PickleBuffer, bytes or bytearray. */
  memoryOf(value: unknown): MemorySpan
  readonly budget: {
    /** Counts work against `limits.maxPluginCalls`. */
    spend(units: number): void
  }
}

/**
 * One Python type, class, function or constant, by its exact module and name: how it is read, and, with `reduce`, how it is written.
 *
 * The registry reads a record once, so changing it later changes nothing. It may be an object of a class; its functions are called on it.
 * Members that come from `Object.prototype` do not count.
 */
export interface TypeRecord<T = unknown> {
  /** The module, by Python 3's name. */
  readonly module: string
  /** The qualified name in the module; a dot in it is part of the name. */
  readonly name: string
  /**
   * Its class here: the global loads as this class, and the class itself dumps by reference. Its objects are objects: `create` may not return
   * a primitive.
   */
  readonly class?: (abstract new (...args: never[]) => T) | undefined
  /**
   * The function or constant that the global is here: it loads as this very value, and this value dumps by reference. A function, or an
   * object of a class that is not built in. No pickle can call it; with `opcodes`, what a pickle calls is `create`.
   */
  readonly value?: object | undefined
  /**
   * Which opcodes may build it: `'reduce'` (`module.name(*args)`), `'newobj'` and `'newobj_ex'` (`cls.__new__`), `'obj'` and `'inst'` (protocols 0
   * and 1). `[]` for a global that is only referred to. Default: `[]` with `value`, else `['reduce', 'newobj']`.
   */
  readonly opcodes?: readonly Construct[] | undefined
  /** What its positional arguments must be. Default: any. */
  readonly args?: ArgsCheck | undefined
  /** Names of the keyword arguments that NEWOBJ_EX may give. Default: none. */
  readonly kwargs?: readonly string[] | undefined
  /** What its state must be; `'none'` alone refuses BUILD. Default: `'none'` without `setState`, else any. */
  readonly state?: Check | 'none' | undefined
  /** An object that never gets a state is an error. */
  readonly stateRequired?: boolean | undefined
  /**
   * Makes the object; left out only where `opcodes` is `[]`. Cycles through the object are closed later, by state and items; an argument never
   * contains it.
   *
   * It returns any value but a reference to a global, an extension code or a persistent id, and nothing with a `then` method. null and
   * undefined are values like others, without a `class`. The record that returned an object first owns it: later BUILD and items come to it.
   */
  create?(args: readonly unknown[], ctx: LoadContext, kwargs?: ReadonlyMap<string, unknown>): T
  /** Takes the state (BUILD). */
  setState?(object: T, state: unknown, ctx: LoadContext): void
  /** Takes one list item (APPEND, APPENDS). */
  append?(object: T, item: unknown): void
  /** Takes one dict item (SETITEM, SETITEMS). */
  setItem?(object: T, key: unknown, value: unknown): void
  /** Takes one set item (ADDITEMS). */
  addItem?(object: T, item: unknown): void
  /** Writes an object of `class`; the callable is this global. Without side effects: one dump may call it twice. */
  reduce?(object: T, ctx: DumpContext): Omit<ReduceValue, 'callable'> | typeof notMine
}

/** Writes the objects of one class; made by {@link reducer}. */
export interface Reducer<T = unknown> {
  readonly class: abstract new (...args: never[]) => T
  /** Without side effects: one dump may call it twice for one object. */
  reduce(object: T, ctx: DumpContext): Reduction
}

/** An extension code of copyreg: a global as one number. */
export interface ExtensionCode {
  readonly code: number
  readonly module: string
  readonly name: string
}

/** What a plugin takes over from another: the record of a global, or how the objects of a class are written. */
export type Replaced = GlobalName | AnyClass

/**
 * A plugin: plain data. Make it with {@link definePlugin}. An object of a class is one, too: its members may be getters and come from
 * its prototype, and are read once for each registry.
 */
export interface Plugin {
  /** Its name in errors and in `registry.list()`: the package's, usually. */
  readonly id: string
  /** Plugins that it needs; they are added with it. */
  readonly extends?: readonly Plugin[] | undefined
  /**
   * What it takes over from other plugins, by their ids: `{ stdlib: [Float64Array, ['array', 'array']] }`. It holds wherever they stand in the
   * list, and where they are absent. All else that two plugins own is an error still.
   *
   * A `[module, name]` takes the other's record whole, with its class, its writer and its extension code. A class takes the other's reducer for
   * it; and, if this plugin has a record for the class, the other's record for it, too. This plugin must give each of them itself. The
   * codec's own globals cannot be taken over.
   */
  readonly replaces?: Readonly<Record<string, readonly Replaced[]>> | undefined
  // biome-ignore lint/suspicious/noExplicitAny: a list of records of different types
  readonly types?: readonly TypeRecord<any>[] | undefined
  // biome-ignore lint/suspicious/noExplicitAny: a list of reducers of different types
  readonly reducers?: readonly Reducer<any>[] | undefined
  /** Numbers that stand for globals at protocol 2 and above, as `copyreg.add_extension` gives them. */
  readonly extensionCodes?: readonly ExtensionCode[] | undefined
}
