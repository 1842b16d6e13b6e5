/** A reduce value as the writer takes it: checked, with the opcode that builds the object decided. */
import type { ReduceValue } from '../registry/contract.ts'
import type { TypeEntry } from '../registry/type-entry.ts'
import type { Construct } from '../values/construct.ts'
import { ExtensionRef } from '../values/extension-ref.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { PyDict } from '../values/py-dict.ts'
import { type PyCallable, PyObject } from '../values/py-object.ts'
import { Tuple } from '../values/tuple.ts'
import { found } from './describe.ts'

/** What is written for an object that has no opcode of its own. */
export interface CheckedReduction {
  readonly construct: Construct
  /** Usually a GlobalRef; the writer's own forms may call what another call returned. */
  readonly callable: unknown
  readonly args: Tuple
  /** A dict. */
  readonly kwargs: unknown
  readonly state: unknown
  readonly listItems: readonly unknown[] | undefined
  /** Keys and values in turn. */
  readonly dictItems: readonly unknown[] | undefined
  readonly stateSetter: unknown
}

/** A reduction that calls `callable` with `args`, and no more. */
export function callOf(callable: unknown, args: Tuple, state?: unknown): CheckedReduction {
  return {
    construct: 'reduce',
    callable,
    args,
    kwargs: undefined,
    state,
    listItems: undefined,
    dictItems: undefined,
    stateSetter: undefined,
  }
}

const CONSTRUCTS: readonly unknown[] = ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst']

/** Python's `()`; nobody can change it. */
const NO_ARGS: Tuple = /* @__PURE__ */ Object.freeze(new Tuple(0))

/** Checks what a reducer returned, which leaves out what `type` says. Returns the reduction, or what is wrong with it. */
export function checkReduction(reduction: ReduceValue, type: TypeEntry | undefined): CheckedReduction | string {
  if (typeof reduction !== 'object' || reduction === null) return `found ${found(reduction)}`
  if (reduction instanceof Promise) return 'a promise; a reducer cannot be async'
  if (type === undefined && !('callable' in reduction)) return 'it has no callable'
  const { args, kwargs, state, listItems, dictItems, stateSetter } = reduction
  let callable = type === undefined ? reduction.callable : type.callable
  let construct = reduction.construct ?? type?.construct
  if (!(callable instanceof GlobalRef)) return `callable must be a GlobalRef, found ${found(callable)}`
  if (!Array.isArray(args)) return `args must be an array, found ${found(args)}`
  if (kwargs !== undefined && !(kwargs instanceof Map)) return `kwargs must be a Map, found ${found(kwargs)}`
  if (stateSetter !== undefined && !(stateSetter instanceof GlobalRef)) {
    return `stateSetter must be a GlobalRef, found ${found(stateSetter)}`
  }
  if (construct !== type?.construct && construct !== undefined && !CONSTRUCTS.includes(construct))
    return `construct is ${found(construct)}`
  let positional: readonly unknown[] = args
  let named: ReadonlyMap<string, unknown> | undefined = kwargs
  if (callable.module === 'copyreg' && (callable.name === '__newobj__' || callable.name === '__newobj_ex__')) {
    // The helper functions of copyreg stand for the opcodes, as in `save_reduce`.
    const cls: unknown = args[0]
    if (!(cls instanceof GlobalRef)) return `the first argument of ${callable.name} must be a GlobalRef`
    if (callable.name === '__newobj__') {
      construct = 'newobj'
      positional = args.slice(1)
    } else {
      if (args.length !== 3 || !Array.isArray(args[1]) || !(args[2] instanceof Map)) {
        return '__newobj_ex__ takes a GlobalRef, an array and a Map'
      }
      positional = args[1] as unknown[]
      named = args[2] as ReadonlyMap<string, unknown>
    }
    callable = cls
  }
  if (named !== undefined) {
    construct = 'newobj_ex'
    for (const key of named.keys())
      if (typeof key !== 'string') return `kwargs must have strings as keys, found ${found(key)}`
  }
  const list = listItems === undefined ? undefined : collect(listItems)
  if (typeof list === 'string') return `listItems ${list}`
  const pairs = dictItems === undefined ? undefined : collect(dictItems)
  if (typeof pairs === 'string') return `dictItems ${pairs}`
  const flat: unknown[] = []
  for (const pair of pairs ?? []) {
    if (!Array.isArray(pair) || pair.length !== 2) return `dictItems must give pairs, found ${found(pair)}`
    flat.push(pair[0], pair[1])
  }
  return {
    construct: construct ?? 'reduce',
    callable,
    args: positional.length === 0 ? NO_ARGS : Tuple.from(positional),
    kwargs: construct === 'newobj_ex' ? new PyDict(named) : undefined,
    state,
    listItems: list,
    dictItems: pairs === undefined ? undefined : flat,
    stateSetter,
  }
}

/** What is written for a {@link PyObject}, whose fields anybody may have set. Returns the reduction, or what is wrong with it. */
export function inertReduction(object: PyObject): CheckedReduction | string {
  const { class: callable, construct, args, kwargs, state, listItems, dictItems, stateSetter } = object
  if (!isCallable(callable)) return `class must be a GlobalRef, found ${found(callable)}`
  if (!Array.isArray(args)) return `args must be a Tuple, found ${found(args)}`
  if (stateSetter !== undefined && !isCallable(stateSetter)) {
    return `stateSetter must be a GlobalRef, found ${found(stateSetter)}`
  }
  if (construct === 'inst' && !(callable instanceof GlobalRef)) return "the class of 'inst' must be a GlobalRef"
  if ((construct === 'newobj_ex') !== (kwargs !== undefined)) return "kwargs belong to 'newobj_ex', and to nothing else"
  if (kwargs !== undefined && !isDict(kwargs)) return `kwargs must be a dict, found ${found(kwargs)}`
  if (construct !== 'reconstructor' && !CONSTRUCTS.includes(construct)) return `construct is ${found(construct)}`
  if (listItems !== undefined && !Array.isArray(listItems))
    return `listItems must be an array, found ${found(listItems)}`
  if (dictItems !== undefined && !Array.isArray(dictItems))
    return `dictItems must be an array, found ${found(dictItems)}`
  const flat: unknown[] = []
  for (const pair of dictItems ?? []) {
    if (!Array.isArray(pair) || pair.length !== 2) return `dictItems must hold pairs, found ${found(pair)}`
    flat.push(pair[0], pair[1])
  }
  const given = args instanceof Tuple ? args : Tuple.from<unknown>(args)
  const rest = { kwargs, state, listItems, dictItems: dictItems === undefined ? undefined : flat, stateSetter }
  if (construct !== 'reconstructor') return { construct, callable, args: given, ...rest }
  const reconstructor = new GlobalRef('copyreg', '_reconstructor')
  return { construct: 'reduce', callable: reconstructor, args: Tuple.of<unknown>(callable, ...given), ...rest }
}

/** Whether this is written as a dict. */
function isDict(value: unknown): boolean {
  if (value instanceof Map || value instanceof PyDict) return true
  const prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined
  return prototype === null || prototype === Object.prototype
}

function isCallable(value: unknown): value is PyCallable {
  return (
    value instanceof GlobalRef ||
    value instanceof ExtensionRef ||
    value instanceof PyObject ||
    typeof value === 'function'
  )
}

function collect<T>(items: Iterable<T>): readonly T[] | string {
  if (items === null || typeof (items as { [Symbol.iterator]?: unknown })?.[Symbol.iterator] !== 'function') {
    return `must be iterable, found ${found(items)}`
  }
  return [...items]
}
