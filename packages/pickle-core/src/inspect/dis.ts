import { unpicklingError } from '../errors.ts'
import { inputBytes, type PickleInput } from '../read/input.ts'
import { genops, type Operation } from './genops.ts'
import { IndexSet } from './index-set.ts'
import { OPCODE_INFO, type OpcodeInfo } from './opcode-info.ts'
import { argumentRepr } from './python-repr.ts'

/** Options of {@link dis}: Python's. */
export interface DisOptions {
  /** By how many blanks a MARK indents what follows. Default 4. */
  readonly indentLevel?: number | undefined
  /** Adds a description of each opcode, from this column on; 0, the default, adds none. */
  readonly annotate?: number | undefined
  /** The memo indexes that an earlier pickle of the same Pickler set; those that this one sets are added. */
  readonly memo?: Set<number> | undefined
}

/** The longest string of V8. A few thousand MARKs and their indents come near it. */
const MAX_LENGTH = 2 ** 29 - 24

/**
 * The disassembly of a pickle: what `pickletools.dis` prints, to the letter. Nothing is built, and nothing that it names is looked up.
 *
 * Source: CPython, Lib/pickletools.py, `dis`.
 *
 * @throws {@link UnpicklingError} where an opcode cannot be read; with code `dis` where the stack or the memo would not do.
 *
 * @example
 * ```ts
 * import { dumps } from '@pickle-ts/pickle-core'
 * import { dis } from '@pickle-ts/pickle-core/inspect'
 * console.log(dis(dumps([1, 'two'])))
 * ```
 */
export function dis(data: PickleInput, options?: DisOptions): string {
  const parts: string[] = []
  let lines: string[] = []
  let length = 0
  for (const line of disLines(data, options)) {
    length += line.length + 1
    if (length > MAX_LENGTH)
      throw unpicklingError('dis', { what: 'the text is too long for a string; use disLines' }, -1)
    lines.push(line)
    if (lines.length === 1000) {
      parts.push(`${lines.join('\n')}\n`)
      lines = []
    }
  }
  parts.push(`${lines.join('\n')}\n`)
  return parts.join('')
}

/**
 * The lines of {@link dis}, one by one: of a pickle that is broken, all those before the error.
 *
 * @throws as {@link dis}.
 *
 * @example
 * ```ts
 * import { disLines } from '@pickle-ts/pickle-core/inspect'
 * const lines: string[] = []
 * try {
 *   for (const line of disLines(Uint8Array.of(0x4e, 0x30, 0x30, 0x2e))) lines.push(line)
 * } catch (error) {
 *   console.log(lines.length, String(error).includes('tries to pop 1 items')) // 3 true
 * }
 * ```
 */
export function* disLines(data: PickleInput, options: DisOptions = {}): Generator<string, void, undefined> {
  const { indentLevel = 4, annotate = 0, memo = new IndexSet() } = options
  const bytes = inputBytes(data)
  const stack = new StackModel(memo)
  let newest = -1
  let column = annotate
  for (const operation of genops(bytes)) {
    const { opcode, arg, pos } = operation
    newest = Math.max(newest, opcode.proto)
    const indent = ' '.repeat(indentLevel * stack.marks)
    const info = OPCODE_INFO.get(opcode.name) as OpcodeInfo
    const { note, error } = stack.look(operation, info)
    let line = `${codeText(opcode.code).padEnd(4)} ${indent}${opcode.name}`
    if (arg !== undefined || note !== '') {
      line += ' '.repeat(Math.max(0, 10 - opcode.name.length))
      if (arg !== undefined) line += ` ${argumentRepr(operation, bytes)}`
      if (note !== '') line += ` ${note}`
    }
    if (annotate !== 0) {
      // The column follows the longest line so far, until one is too long.
      line += ' '.repeat(Math.max(0, column - lengthOf(line)))
      column = lengthOf(line) > 50 ? annotate : lengthOf(line)
      line += ` ${info.doc}`
    }
    yield `${String(pos).padStart(5)}: ${line}`
    if (error !== '') throw unpicklingError('dis', { what: error }, pos, opcode.name)
    stack.apply(operation, info)
  }
  yield `highest protocol among opcodes = ${newest}`
  stack.finish()
}

/** In Python a string has as many characters as code points. */
function lengthOf(line: string): number {
  let length = line.length
  for (let i = 0; i < line.length; i++) if ((line.charCodeAt(i) & 0xfc00) === 0xd800) length--
  return length
}

/** The opcode as Python prints its byte. */
function codeText(code: number): string {
  return code < 0x7f ? String.fromCharCode(code) : `\\x${code.toString(16)}`
}

/** A memo index as Python prints it: it may be missing, and `00` and `01` are booleans. */
function indexText(arg: Operation['arg']): string {
  return typeof arg === 'boolean' ? (arg ? 'True' : 'False') : String(arg ?? 'None')
}

interface Memo {
  readonly size: number
  has(index: number): boolean
  add(index: number): unknown
}

/** CPython's crude emulation of the unpickling stack: of a value only that it is there, and whether it is a mark. */
class StackModel {
  readonly #memo: Memo
  readonly #isMark: boolean[] = []
  /** Where the open marks are in the pickle. An opcode may take a mark for a value: then it is still here, as in CPython. */
  readonly #marks: number[] = []
  /** How many values the opcode takes, once its MARK is off the stack. */
  #takes = 0

  constructor(memo: Memo) {
    this.#memo = memo
  }

  get marks(): number {
    return this.#marks.length
  }

  get #topIsMark(): boolean {
    return this.#isMark.at(-1) === true
  }

  /** What dis says of an opcode, and what is wrong with it. */
  look({ opcode: { name }, arg, pos }: Operation, info: OpcodeInfo): { note: string; error: string } {
    let note = ''
    let error = ''
    this.#takes = info.takes
    if (info.takesMark || (name === 'POP' && this.#topIsMark)) {
      const mark = this.#marks.pop()
      if (mark === undefined) error = note = 'no MARK exists on stack'
      else {
        note = `(MARK at ${mark})`
        const index = this.#isMark.lastIndexOf(true)
        // CPython stops here with an IndexError, before it prints the line.
        if (index < 0) throw unpicklingError('dis', { what: `the MARK at ${mark} was taken for a value` }, pos, name)
        this.#isMark.length = index
        if (name === 'POP') this.#takes = 0
      }
    }
    if (name === 'PUT' || name === 'BINPUT' || name === 'LONG_BINPUT' || name === 'MEMOIZE') {
      const index = name === 'MEMOIZE' ? this.#memo.size : Number(arg)
      if (name === 'MEMOIZE') note = `(as ${index})`
      if (this.#memo.has(index)) error = `memo key ${indexText(arg)} already defined`
      else if (this.#isMark.length === 0) error = "stack is empty -- can't store into memo"
      else if (this.#topIsMark) error = "can't store markobject in the memo"
      else this.#memo.add(index)
    } else if ((name === 'GET' || name === 'BINGET' || name === 'LONG_BINGET') && !this.#memo.has(Number(arg))) {
      error = `memo key ${indexText(arg)} has never been stored into`
    }
    return { note, error }
  }

  /** What an opcode does to the stack. */
  apply({ opcode: { name }, pos }: Operation, info: OpcodeInfo): void {
    const left = this.#isMark.length - this.#takes
    if (left < 0) {
      const what = `tries to pop ${this.#takes} items from stack with only ${this.#isMark.length} items`
      throw unpicklingError('dis', { what }, pos, name)
    }
    this.#isMark.length = left
    if (name === 'MARK') this.#marks.push(pos)
    for (let i = 0; i < info.leaves; i++) this.#isMark.push(name === 'MARK')
  }

  finish(): void {
    const { length } = this.#isMark
    if (length > 0) throw unpicklingError('dis', { what: `stack not empty after STOP: ${length} values are left` }, -1)
  }
}
