/**
 * An object of a Python class that nobody registered, kept as its pickle gave it. Inert: nothing of the class was looked up or run.
 */
import type { Construct } from './construct.ts'
import type { ExtensionRef } from './extension-ref.ts'
import { GlobalRef } from './global-ref.ts'
import { named, showAs } from './inspect-view.ts'
import { Tuple } from './tuple.ts'

/** What was called to make an object: a global, or in rare pickles what another call returned. */
export type PyCallable = GlobalRef | ExtensionRef | PyObject

/** How the object was made; `'reconstructor'` is `copyreg._reconstructor`, as protocols 0 and 1 write it. */
export type PyConstruct = Construct | 'reconstructor'

/** The parts of a {@link PyObject}; all but the class may be left out. */
export interface PyObjectParts {
  readonly construct?: PyConstruct | undefined
  readonly args?: Tuple | undefined
  readonly kwargs?: object | undefined
  readonly state?: unknown
  readonly listItems?: unknown[] | undefined
  readonly dictItems?: [key: unknown, value: unknown][] | undefined
  readonly stateSetter?: PyCallable | undefined
}

/**
 * An object of a class that is not registered, as the parts that its pickle is made of (the reduce value in the Python docs).
 * `loads` makes it with `unknownGlobals: 'inert'`; `dumps` writes it as it was. The fields may be changed.
 *
 * @example
 * ```ts
 * import { dumps, GlobalRef, loads, PyObject, Tuple } from '@pickle-ts/pickle-core'
 * const point = new PyObject(new GlobalRef('shapes', 'Point'), { args: Tuple.of(1, 2), construct: 'newobj' })
 * const copy = loads<PyObject>(dumps(point), { unknownGlobals: 'inert' })
 * copy.args // Tuple(2) [ 1, 2 ]
 * String(copy) // '<shapes.Point object>'
 * ```
 */
export class PyObject {
  /** The class, or the function that was called. */
  class: PyCallable
  /** How it is made: by a call (`'reduce'`), by `__new__` (`'newobj'`, `'newobj_ex'`), or as protocols 0 to 2 of Python 2 do. */
  construct: PyConstruct
  /** The positional arguments. For `'reconstructor'`: the base class and its value. */
  args: Tuple
  /** The keyword arguments of `'newobj_ex'`: a dict with string keys, as the mapping reads it. */
  kwargs: object | undefined
  /** What BUILD, or the state setter, gives to the object; `undefined` for none, `null` for None. */
  state: unknown
  /** What is appended to the object, as to a list. */
  listItems: unknown[] | undefined
  /** Keys and values that are set on the object, as on a dict. */
  dictItems: [key: unknown, value: unknown][] | undefined
  /** Called as `stateSetter(object, state)` in place of BUILD. */
  stateSetter: PyCallable | undefined

  constructor(type: PyCallable, parts: PyObjectParts = {}) {
    this.class = type
    this.construct = parts.construct ?? (parts.kwargs === undefined ? 'reduce' : 'newobj_ex')
    this.args = parts.args ?? new Tuple(0)
    this.kwargs = parts.kwargs
    this.state = parts.state
    this.listItems = parts.listItems
    this.dictItems = parts.dictItems
    this.stateSetter = parts.stateSetter
  }

  /** `<module.Class object>`; the parts are in the fields. */
  toString(): string {
    return `<${nameOf(this)} object>`
  }

  static {
    // Under the class's own name, the parts that there are.
    const make = (object: PyObject): Record<string, unknown> => named(nameOf(object), class {} as never)
    showAs(PyObject.prototype, make, (view, object) => {
      const { class: type, construct, args, kwargs, state, listItems, dictItems, stateSetter } = object
      for (const key of Object.keys(view)) delete view[key]
      if (!(type instanceof GlobalRef)) view['class'] = type
      if (construct !== 'newobj') view['construct'] = construct
      const parts = { args: args.length === 0 ? undefined : args, kwargs, state, listItems, dictItems, stateSetter }
      for (const [key, part] of Object.entries(parts)) if (part !== undefined) view[key] = part
    })
  }
}

/** `module.Class`, for messages and for printing. */
export function nameOf({ class: type }: PyObject): string {
  if (type instanceof GlobalRef) return `${type.module}.${type.name}`
  return type instanceof PyObject ? 'what a call returned' : String(type)
}
