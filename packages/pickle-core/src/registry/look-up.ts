/**
 * How a codec finds what it can read and write: exact (module, name) pairs, and classes by identity. Safety rests on it: nested Maps,
 * and nothing else. No prefix, no dots, no import, no attribute.
 */
import type { AnyClass, DumpContext, ExtensionCode } from './contract.ts'
import { coreEntries } from './core-plugin.ts'
import { MAX_CHAIN } from './fields.ts'
import { namesOf } from './names.ts'
import type { TypeEntry } from './type-entry.ts'

/** How the objects of one class are written: by a reducer, or by the record of their type. */
export interface ClassEntry {
  readonly plugin: string
  readonly class: AnyClass
  /** The reducer or record: `this` of its function. */
  readonly owner: object
  readonly reduce: (object: never, ctx: DumpContext) => unknown
  /** The record, which says what the reduce value leaves out. */
  readonly type: TypeEntry | undefined
}

/** An extension code with the plugin that gave it. */
export interface ExtensionEntry extends ExtensionCode {
  readonly plugin: string
}

/** What a {@link LookUp} looks in. */
export interface Tables {
  /** By module and name. */
  readonly types: Map<string, Map<string, TypeEntry>>
  /** By what the global is here: a class, a function or a constant. */
  readonly values: Map<unknown, TypeEntry>
  /** By the prototype that the objects have. */
  readonly writers: Map<unknown, ClassEntry>
  readonly extensions: Map<number, ExtensionEntry>
  /** Extension codes by module and name. */
  readonly codes: Map<string, Map<string, number>>
}

/** Tables of the codec's own globals. */
export function coreTables(): Tables {
  const tables: Tables = {
    types: new Map(),
    values: new Map(),
    writers: new Map(),
    extensions: new Map(),
    codes: new Map(),
  }
  for (const entry of coreEntries()) namesOf(tables.types, entry.module).set(entry.name, entry)
  return tables
}

const NONE: readonly ClassEntry[] = []

/** The tables of one registry, and what they say. */
export class LookUp {
  readonly #tables: Tables
  /** Whether some global is an object here, and no class or function. */
  readonly hasConstants: boolean
  /** What the prototype chains above these prototypes give. */
  readonly #inherited: WeakMap<object, readonly ClassEntry[]> = new WeakMap()

  constructor(tables: Tables) {
    this.#tables = tables
    this.hasConstants = [...tables.values.keys()].some((value) => typeof value === 'object')
  }

  /** The record that owns exactly this module and name. */
  findType(module: string, name: string): TypeEntry | undefined {
    return this.#tables.types.get(module)?.get(name)
  }

  /** The global that an extension code stands for. */
  findExtension(code: number): ExtensionCode | undefined {
    return this.#tables.extensions.get(code)
  }

  /** The extension code of a global. */
  extensionCodeOf(module: string, name: string): number | undefined {
    return this.#tables.codes.get(module)?.get(name)
  }

  /** The record whose class or function this is: it is written as that global. */
  findClass(value: unknown): TypeEntry | undefined {
    return this.#tables.values.get(value)
  }

  /** The record whose constant this object is: it is written as that global. */
  findConstant(value: object): TypeEntry | undefined {
    return this.hasConstants ? this.#tables.values.get(value) : undefined
  }

  /** How objects with exactly this prototype are written. */
  findWriter(prototype: unknown): ClassEntry | undefined {
    return this.#tables.writers.get(prototype)
  }

  /** How objects that inherit from this prototype's own prototypes are written, the nearest first. Each chain is walked once. */
  inheritedWriters(prototype: unknown): readonly ClassEntry[] {
    const { writers } = this.#tables
    if (writers.size === 0 || !isObject(prototype)) return NONE
    const known = this.#inherited.get(prototype)
    if (known !== undefined) return known
    const found: ClassEntry[] = []
    let holder: unknown = prototype
    for (let i = 0; i < MAX_CHAIN && isObject(holder); i++) {
      holder = Object.getPrototypeOf(holder)
      const entry = writers.get(holder)
      if (entry !== undefined) found.push(entry)
    }
    const writing = found.length === 0 ? NONE : found
    this.#inherited.set(prototype, writing)
    return writing
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
