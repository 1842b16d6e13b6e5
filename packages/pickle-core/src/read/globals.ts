/**
 * Globals: exact (module, name) pairs of the registry, each looked up once. What a pickle names, and nobody registered, is refused or kept
 * as data; nothing is imported, and no attribute is followed.
 */
import { inertEntry, isInert } from '../registry/inert.ts'
import { namesOf } from '../registry/names.ts'
import { python3Name } from '../registry/python3-name.ts'
import { areSound, partsOf, TypeEntry } from '../registry/type-entry.ts'
import { ExtensionRef } from '../values/extension-ref.ts'
import { noteFreshNames } from '../values/fresh-names.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { MAX_HASHED_UNITS } from '../values/long-string-map.ts'
import { fail, failGlobal } from './failures.ts'
import type { Machine } from './machine.ts'

/** The globals of one load, or of one session with a shared memo. */
export class Globals {
  protected readonly machine: Machine
  /** The records behind the values on the stack that are globals. */
  protected readonly entries: Map<unknown, TypeEntry> = new Map()
  /** What a global is on the stack, by module and name. */
  readonly #globals: Map<string, Map<string, unknown>> = new Map()
  /** Whether a global, here or in the registry, is an object and no class or function: then each object needs a look. */
  protected hasConstants: boolean
  /** How many names may be compared, to tell one that stands twice. */
  #nameComparisons = 0

  constructor(machine: Machine) {
    this.machine = machine
    this.hasConstants = machine.settings.registry.hasConstants
    this.beginNames()
  }

  /** Before each pickle. */
  protected beginNames(): void {
    this.#nameComparisons = 16 * this.machine.inputEnd
  }

  /** The value that a global is: its class, its constant, or a {@link GlobalRef}. */
  global(rawModule: string, rawName: string, at: number, proto: number): unknown {
    const { settings } = this.machine
    // The mapping comes first, and once: what is asked for is what is decided about.
    const isMapped = proto < 3 && settings.fixImports
    const [module, name] = isMapped ? python3Name(rawModule, rawName) : [rawModule, rawName]
    const names = namesOf(this.#globals, module)
    if (names.has(name)) return names.get(name)
    settings.onGlobal?.({ module, name, rawModule, rawName, code: undefined, at })
    const entry = this.#find(module, name, at)
    let value: unknown = entry.value
    // Two records may name one class; the second is then called by its own name.
    if (value === undefined || this.entries.has(value)) value = new GlobalRef(module, name)
    else if (typeof value === 'object') this.hasConstants = true
    names.set(name, value)
    this.entries.set(value, entry)
    return value
  }

  /** Whether an object is what some global is here, in this pickle or at all. */
  protected isConstant(object: object): boolean {
    return this.entries.has(object) || this.machine.settings.registry.findConstant(object) !== undefined
  }

  /**
   * The name of a global stood in the pickle in full, and is the newest in the memo; with `isModuleToo` the module before it, too.
   * If an equal string is there already, it is one of its own.
   */
  noteNames(value: unknown, module: string, name: string, isModuleToo: boolean): void {
    const { memo, memoSize } = this.machine
    this.#nameComparisons -= memoSize
    if (!(value instanceof GlobalRef) || this.#nameComparisons < 0) return
    const stands = (text: string, index: number): boolean => memo[index] === text && memo.indexOf(text) < index
    noteFreshNames(value, { module: isModuleToo && stands(module, memoSize - 2), name: stands(name, memoSize - 1) })
  }

  /** The value of an extension code (EXT1, EXT2, EXT4): its global, looked up like any other. */
  extension(code: number, at: number): unknown {
    const m = this.machine
    if (code < 1) fail(m, at, 'ext-code', { code })
    const extension = m.settings.registry.findExtension(code)
    if (extension === undefined) {
      if (m.settings.inert) {
        m.settings.onGlobal?.({ module: '', name: '', rawModule: '', rawName: '', code, at })
        return new ExtensionRef(code)
      }
      fail(m, at, 'ext-unregistered', { code })
    }
    // A registered code has Python 3's names.
    return this.global(extension.module, extension.name, at, 5)
  }

  #find(module: string, name: string, at: number): TypeEntry {
    const m = this.machine
    const { findClass, registry, inert } = m.settings
    if (findClass !== undefined) {
      let found: TypeEntry | 'inert' | null | undefined
      try {
        found = entryOf(findClass(module, name) ?? undefined)
      } catch (cause) {
        fail(m, at, 'callback', { what: 'findClass' }, cause)
      }
      m.checkInput(at)
      if (found === 'inert') return inertEntry(module, name, 'findClass')
      if (found === null) {
        fail(m, at, 'option', { what: "findClass must return a type record that is complete, 'inert' or undefined" })
      }
      if (found !== undefined) return found
    }
    const entry = registry.findType(module, name)
    if (entry !== undefined) return entry
    // Names that the engine does not hash are nobody's.
    const isName = module.length <= MAX_HASHED_UNITS && name.length <= MAX_HASHED_UNITS
    return inert && isName ? inertEntry(module, name, 'inert') : failGlobal(m, at, module, name)
  }
}

/** What `findClass` gave, with its record read; null for what is none. Getters of the record are the caller's code, too. */
function entryOf(given: unknown): TypeEntry | 'inert' | null | undefined {
  if (given === undefined || given === 'inert') return given
  if (typeof given !== 'object' || given === null) return null
  const parts = partsOf(given)
  return areSound(parts) ? new TypeEntry('findClass', given, parts, isInert(given)) : null
}
