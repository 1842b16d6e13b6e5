/**
 * Writes references to globals (`save_global`): STACK_GLOBAL, GLOBAL with Python 2's names, extension codes, and the calls of
 * `getattr` that stood for dotted names before protocol 4.
 */
import { readLatin1 } from '../bytes/read-latin1.ts'
import { writeWtf8, wtf8Length } from '../bytes/wtf8.ts'
import type { PicklingDetails, PicklingErrorCode } from '../errors.ts'
import type { LookUp } from '../registry/look-up.ts'
import { namesOf } from '../registry/names.ts'
import { python2Name } from '../registry/python2-name.ts'
import { type FreshNames, freshNamesOf } from '../values/fresh-names.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { Tuple } from '../values/tuple.ts'
import { found } from './describe.ts'
import { ObjectWriter } from './object-writer.ts'
import { callOf } from './reduction.ts'

export abstract class GlobalWriter extends ObjectWriter {
  protected registry: LookUp
  /** Whether protocols 0 to 2 name globals as Python 2 does. */
  protected fixImports = true
  /**
   * Memo indexes of globals, by module and name: two GlobalRefs of one global are one object in Python. A dotted global that is
   * written as a call is memoized when the call is complete, as the object that stands here for it.
   */
  #globals: Map<string, Map<string, number | object>> | undefined

  /** The reference that was written last: objects of one class share theirs, and often follow each other. */
  #last: GlobalRef | undefined
  #lastIndex = 0

  constructor(registry: LookUp) {
    super()
    this.registry = registry
  }

  protected abstract fail<C extends PicklingErrorCode>(code: C, details: PicklingDetails<C>): never

  protected clearGlobals(): void {
    this.#globals = undefined
    this.#last = undefined
  }

  /** Forgets the globals from index `memoized` on. */
  protected truncateGlobals(memoized: number): void {
    for (const names of this.#globals?.values() ?? []) {
      for (const [name, known] of names) if (typeof known === 'number' && known >= memoized) names.delete(name)
    }
    this.#last = undefined
  }

  /** The memo index of a global, if it was written, and not as a call. */
  protected indexOfGlobal(module: string, name: string): number | undefined {
    const known = this.#globals?.get(module)?.get(name)
    return typeof known === 'number' ? known : undefined
  }

  protected override saveGlobalRef(ref: GlobalRef, start: number): number {
    if (ref === this.#last) return this.get(this.#lastIndex, start)
    const { module, name } = ref
    const pos = this.saveGlobal(module, name, start, freshNamesOf(ref))
    const index = this.indexOfGlobal(module, name)
    if (index !== undefined) {
      this.#last = ref
      this.#lastIndex = index
    }
    return pos
  }

  protected saveGlobal(module: string, name: string, start: number, fresh?: FreshNames): number {
    const known = this.#globals?.get(module)?.get(name)
    if (typeof known === 'number') return this.get(known, start)
    const code = this.proto >= 2 ? this.registry.extensionCodeOf(module, name) : undefined
    if (code !== undefined) return this.saveExtension(code, start)
    const dot = name.lastIndexOf('.')
    if (this.proto < 4 && dot > 0)
      return this.#saveDotted(known ?? this.#dottedOf(module, name), module, name, dot, start)
    let pos: number
    if (this.proto >= 4) {
      pos = fresh?.module === true ? this.saveFreshStr(module, start) : this.saveStr(module, start)
      if (pos > this.limit) pos = this.boundary(pos)
      pos = fresh?.name === true ? this.saveFreshStr(name, pos) : this.saveStr(name, pos)
      this.bytes[pos++] = 0x93 // STACK_GLOBAL
    } else {
      this.bytes[start] = 0x63 // GLOBAL
      pos = this.saveGlobalLines(module, name, start + 1)
    }
    this.#setGlobal(module, name, this.memoized)
    return this.put(pos)
  }

  /** Only STACK_GLOBAL takes a dotted name; before it was `getattr(getattr(module, 'Outer'), 'Inner')`. */
  #saveDotted(token: object, module: string, name: string, dot: number, pos: number): number {
    const index = this.objects.find(token, 4)
    if (index >= 0) return this.get(index, pos)
    const args = Tuple.of<unknown>(new GlobalRef(module, name.slice(0, dot)), name.slice(dot + 1))
    return this.saveReduce(callOf(new GlobalRef('builtins', 'getattr'), args), token, pos)
  }

  #dottedOf(module: string, name: string): object {
    const token = { module, name }
    this.#setGlobal(module, name, token)
    return token
  }

  #setGlobal(module: string, name: string, known: number | object): void {
    this.#globals ??= new Map()
    namesOf(this.#globals, module).set(name, known)
  }

  protected override saveGlobalLines(module: string, name: string, pos: number): number {
    const [m, n] = this.proto < 3 && this.fixImports ? python2Name(module, name) : [module, name]
    const line = `${m}\n${n}\n`
    // Below protocol 3 the lines are ASCII, at 3 UTF-8; a line break would end them early.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant
    if (line.split('\n').length !== 3 || (this.proto < 3 && !/^[\x00-\x7f]*$/.test(line))) {
      this.fail('reference', { what: `the global ${found(`${m}.${n}`)} cannot be named at protocol ${this.proto}` })
    }
    return this.writeText(utf8Text(line), pos)
  }

  /** Writes an extension code. */
  protected saveExtension(code: number, pos: number): number {
    const { bytes, view } = this
    if (code < 0x100) {
      bytes[pos] = 0x82 // EXT1
      bytes[pos + 1] = code
      return pos + 2
    }
    if (code < 0x1_0000) {
      bytes[pos] = 0x83 // EXT2
      view.setUint16(pos + 1, code, true)
      return pos + 3
    }
    bytes[pos] = 0x84 // EXT4
    view.setInt32(pos + 1, code, true)
    return pos + 5
  }
}

/** The UTF-8 bytes of a line as text, one character each. */
function utf8Text(line: string): string {
  const bytes = new Uint8Array(wtf8Length(line))
  writeWtf8(line, bytes, 0)
  return readLatin1(bytes, 0, bytes.length)
}
