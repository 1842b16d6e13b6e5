/** A type record as a registry keeps it: read once, so that what was checked is what is used, whatever becomes of the record. */
import type { Construct } from '../values/construct.ts'
import { GlobalRef } from '../values/global-ref.ts'
import type { ArgsCheck, Check, DumpContext, LoadContext } from './contract.ts'
import type { CoreForm } from './core-plugin.ts'
import { fieldOf } from './fields.ts'

/** The members of a type record. */
export interface TypeParts {
  readonly module: string
  readonly name: string
  readonly class: (abstract new (...args: never[]) => unknown) | undefined
  readonly value: object | undefined
  readonly opcodes: readonly Construct[] | undefined
  readonly args: ArgsCheck | undefined
  readonly kwargs: readonly string[] | undefined
  readonly state: Check | 'none' | undefined
  readonly stateRequired: boolean | undefined
  readonly create:
    | ((args: readonly unknown[], ctx: LoadContext, kwargs?: ReadonlyMap<string, unknown>) => unknown)
    | undefined
  readonly setState: ((object: unknown, state: unknown, ctx: LoadContext) => void) | undefined
  readonly append: ((object: unknown, item: unknown) => void) | undefined
  readonly setItem: ((object: unknown, key: unknown, value: unknown) => void) | undefined
  readonly addItem: ((object: unknown, item: unknown) => void) | undefined
  readonly reduce: ((object: unknown, ctx: DumpContext) => unknown) | undefined
}

/** Members that are functions. */
export const FUNCTIONS: readonly (keyof TypeParts)[] = ['create', 'setState', 'append', 'setItem', 'addItem', 'reduce']
/** All members. */
export const FIELDS: readonly (keyof TypeParts)[] = [
  'module',
  'name',
  'class',
  'value',
  'opcodes',
  'args',
  'kwargs',
  'state',
  'stateRequired',
  ...FUNCTIONS,
]
/** The ways in which a pickle builds an object. */
export const CONSTRUCTS: readonly Construct[] = ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst']

/** The members of a record, before they are checked. */
export type RawParts = Readonly<Record<keyof TypeParts, unknown>>

const DEFAULT_OPCODES: readonly Construct[] = ['reduce', 'newobj']
const NONE: readonly never[] = []

/** A type record with the plugin that owns it. */
export class TypeEntry {
  readonly plugin: string
  /** The record: `this` of its functions. */
  readonly record: object
  readonly module: string
  readonly name: string
  readonly class: TypeParts['class']
  /** The prototype of that class. */
  readonly prototype: unknown
  /** Whether `create` must return an object. */
  readonly isObject: boolean
  /** What the global is here: its class or its value. */
  readonly value: object | undefined
  readonly opcodes: readonly Construct[]
  readonly args: ArgsCheck | undefined
  readonly kwargs: readonly string[]
  readonly state: Check | 'none' | undefined
  readonly stateRequired: boolean
  readonly create: TypeParts['create']
  readonly setState: TypeParts['setState']
  readonly append: TypeParts['append']
  readonly setItem: TypeParts['setItem']
  readonly addItem: TypeParts['addItem']
  readonly reduce: TypeParts['reduce']
  /** Kept as data: the reader makes a PyObject itself. */
  readonly inert: boolean
  /** A call that is not a call; only the codec's own records have one. */
  readonly form: CoreForm | undefined
  /** What its objects are built by, when they are written. */
  readonly callable: GlobalRef
  /** How, unless the reducer says otherwise. */
  readonly construct: Construct

  constructor(plugin: string, record: object, parts: TypeParts, inert: boolean, form?: CoreForm) {
    this.plugin = plugin
    this.record = record
    this.module = parts.module
    this.name = parts.name
    this.class = parts.class
    this.prototype = parts.class?.prototype
    this.isObject = parts.class !== undefined || parts.stateRequired === true
    this.value = parts.value ?? parts.class
    this.opcodes = parts.opcodes ?? (parts.value === undefined ? DEFAULT_OPCODES : NONE)
    this.args = parts.args
    this.kwargs = parts.kwargs ?? NONE
    this.state = parts.state
    this.stateRequired = parts.stateRequired === true
    this.create = parts.create
    this.setState = parts.setState
    this.append = parts.append
    this.setItem = parts.setItem
    this.addItem = parts.addItem
    this.reduce = parts.reduce
    this.inert = inert
    this.form = form
    this.callable = new GlobalRef(parts.module, parts.name)
    this.construct = this.opcodes.includes('reduce') ? 'reduce' : (this.opcodes[0] ?? 'reduce')
    // A registry is an allow-list: whoever looks into it must not be able to widen it.
    for (const part of [this, this.opcodes, this.args, this.kwargs]) Object.freeze(part)
  }
}

/** The members of a record, with lists of our own. Getters run here, and never again. */
export function partsOf(record: object): RawParts {
  const parts = {} as Record<keyof TypeParts, unknown>
  for (const name of FIELDS) {
    const value = fieldOf(record, name)
    const isRange = name === 'args' && typeof value === 'object' && value !== null
    // A constant is that very object.
    const isList = name !== 'value' && Array.isArray(value)
    parts[name] = isList ? [...value] : isRange ? { ...value } : value
  }
  return parts
}

/** Whether this can be what a global is: primitives have no identity, and an equal one elsewhere in a pickle would be that global, too. */
export function isIdentity(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** Whether each member is of its type, so that none allows by accident what it does not say. */
export function areSound(parts: RawParts): parts is TypeParts {
  const { module, name, opcodes, args, kwargs, create } = parts
  const { min, max } = Object(args) as { min: unknown; max: unknown }
  return (
    typeof module === 'string' &&
    typeof name === 'string' &&
    (parts.value === undefined || isIdentity(parts.value)) &&
    (parts.class === undefined || typeof parts.class === 'function') &&
    (opcodes === undefined || isListOf(opcodes, CONSTRUCTS)) &&
    (create !== undefined || (opcodes === undefined ? parts.value !== undefined : opcodes.length === 0)) &&
    FUNCTIONS.every((key) => parts[key] === undefined || typeof parts[key] === 'function') &&
    (args === undefined || Array.isArray(args) || (typeof min === 'number' && typeof max === 'number')) &&
    (kwargs === undefined || Array.isArray(kwargs))
  )
}

/** Whether this is a list of nothing but these. */
export function isListOf(value: unknown, known: readonly unknown[]): value is readonly unknown[] {
  return Array.isArray(value) && value.every((item) => known.includes(item))
}
