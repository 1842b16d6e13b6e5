import { excerpt, type UnpicklingError, unpicklingError } from '../errors.ts'
import type { PickleInput } from '../read/input.ts'
import { genops, type Operation } from './genops.ts'
import { OPCODE_INFO, type OpcodeInfo } from './opcode-info.ts'

/** A value of a pickle, and how many of its bytes it takes. */
export interface SizeNode {
  /** Python's name of its type; for an object what was called; `reference` for a value that stands elsewhere. */
  readonly type: string
  /** Its bytes, with all that it holds. What is shared counts where it is first written. */
  readonly bytes: number
  /** Its bytes without its parts: its own opcodes and their arguments, memo opcodes too, and the keys of a dict. */
  readonly own: number
  /** What it holds, in the order of the pickle. */
  readonly parts: readonly SizePart[]
}

/** A part of a value. */
export interface SizePart {
  /** Where in the value, as a piece of a path: `.key`, `[3]`, `<state>`. */
  readonly label: string
  readonly node: SizeNode
}

/** One line of {@link PickleSizes.largest}. */
export interface SizeLine {
  /** Where in the graph: `$` is the value itself. */
  readonly path: string
  readonly type: string
  readonly bytes: number
}

interface Node extends SizeNode {
  type: string
  bytes: number
  own: number
  parts: Part[]
  text: string | undefined
  items: number
}

interface Part extends SizePart {
  node: Node
}

const NO_PARTS: Part[] = []
const NO_MARK = 'this opcode takes what lies above a MARK, and no MARK is on the stack'

/**
 * Which part of a graph takes the bytes of its pickle. Nothing is built, and nothing that it names is looked up. The bytes of all parts
 * add up to those of the pickle.
 *
 * @throws {@link UnpicklingError} where an opcode cannot be read, or the stack would not do.
 *
 * @example
 * ```ts
 * import { dumps } from '@pickle-ts/pickle-core'
 * import { sizes } from '@pickle-ts/pickle-core/inspect'
 * const report = sizes(dumps({ name: 'tea', blob: new Uint8Array(5000) }))
 * report.largest(2).map(({ path }) => path) // [ '$', '$.blob' ]
 * const table = String(report) // the twenty largest
 * ```
 */
export function sizes(data: PickleInput): PickleSizes {
  const model = new SizeModel()
  for (const operation of genops(data)) model.add(operation)
  return new PickleSizes(model.root, model.frame)
}

/** What {@link sizes} found. */
export class PickleSizes {
  /** The value of the pickle. */
  readonly root: SizeNode
  /** The bytes of PROTO, FRAME and STOP, and of what the pickle throws away. */
  readonly frame: number

  constructor(root: SizeNode, frame: number) {
    this.root = root
    this.frame = frame
  }

  /** All bytes. */
  get total(): number {
    return this.root.bytes + this.frame
  }

  /** The largest values, the largest first; a value counts in those that hold it, too. */
  largest(count = 20): readonly SizeLine[] {
    // Only what holds much can hold something that holds much: the next largest is always a part of one that was taken.
    const waiting: { path: string; node: SizeNode }[] = [{ path: '$', node: this.root }]
    const lines: SizeLine[] = []
    while (lines.length < count && waiting.length > 0) {
      let best = 0
      for (let i = 1; i < waiting.length; i++) {
        if ((waiting[i] as { node: SizeNode }).node.bytes > (waiting[best] as { node: SizeNode }).node.bytes) best = i
      }
      const [{ path, node }] = waiting.splice(best, 1) as [{ path: string; node: SizeNode }]
      lines.push({ path, type: node.type, bytes: node.bytes })
      const parts = [...node.parts].sort((a, b) => b.node.bytes - a.node.bytes).slice(0, count)
      for (const part of parts) waiting.push({ path: path + part.label, node: part.node })
    }
    return lines
  }

  /** The twenty largest, as a table. */
  toString(): string {
    const lines = this.largest()
    const width = String(this.total).length
    const row = ({ path, type, bytes }: SizeLine): string => {
      const share = ((100 * bytes) / this.total).toFixed(1).padStart(5)
      return `${String(bytes).padStart(width)} ${share} %  ${path}  ${type}`
    }
    return [`${this.total} bytes`, ...lines.map(row)].join('\n')
  }
}

/** The types of what opcodes push. */
const TYPES: Readonly<Record<string, string>> = {
  INT: 'int',
  BININT: 'int',
  BININT1: 'int',
  BININT2: 'int',
  LONG: 'int',
  LONG1: 'int',
  LONG4: 'int',
  STRING: 'str',
  BINSTRING: 'str',
  SHORT_BINSTRING: 'str',
  BINBYTES: 'bytes',
  SHORT_BINBYTES: 'bytes',
  BINBYTES8: 'bytes',
  BYTEARRAY8: 'bytearray',
  NEXT_BUFFER: 'buffer',
  NONE: 'None',
  NEWTRUE: 'bool',
  NEWFALSE: 'bool',
  UNICODE: 'str',
  SHORT_BINUNICODE: 'str',
  BINUNICODE: 'str',
  BINUNICODE8: 'str',
  FLOAT: 'float',
  BINFLOAT: 'float',
  EMPTY_LIST: 'list',
  LIST: 'list',
  EMPTY_TUPLE: 'tuple',
  TUPLE: 'tuple',
  TUPLE1: 'tuple',
  TUPLE2: 'tuple',
  TUPLE3: 'tuple',
  EMPTY_DICT: 'dict',
  DICT: 'dict',
  EMPTY_SET: 'set',
  FROZENSET: 'frozenset',
  PERSID: 'persistent id',
  BINPERSID: 'persistent id',
}

class SizeModel {
  readonly #stack: Node[] = []
  readonly #marks: { readonly index: number; bytes: number }[] = []
  /** What GET gives: the type and the text of values in the memo. */
  readonly #memo: Map<number, Node> = new Map()
  /** Bytes that belong to no value. */
  frame = 0
  #root: Node | undefined

  get root(): SizeNode {
    return this.#root as SizeNode
  }

  add(operation: Operation): void {
    const { opcode, arg, pos, end } = operation
    const { name } = opcode
    const bytes = end - pos
    switch (name) {
      case 'PROTO':
      case 'FRAME':
        this.frame += bytes
        return
      case 'STOP': {
        this.frame += bytes
        this.#root = this.#pop(pos, name)
        // What is left on the stack belongs to no value.
        for (const left of this.#stack.splice(0)) this.frame += left.bytes
        for (const mark of this.#marks.splice(0)) this.frame += mark.bytes
        return
      }
      case 'MARK':
        this.#marks.push({ index: this.#stack.length, bytes })
        return
      case 'PUT':
      case 'BINPUT':
      case 'LONG_BINPUT':
      case 'MEMOIZE': {
        const top = this.#top(pos, name)
        this.#memo.set(name === 'MEMOIZE' ? this.#memo.size : Number(arg), top)
        grow(top, bytes)
        return
      }
      case 'GET':
      case 'BINGET':
      case 'LONG_BINGET': {
        const node = this.#push('reference', bytes)
        node.text = this.#memo.get(Number(arg))?.text
        return
      }
      case 'DUP':
        this.#push('reference', bytes)
        return
      case 'POP':
        if (this.#marks.at(-1)?.index === this.#stack.length) this.frame += bytes + (this.#marks.pop()?.bytes ?? 0)
        else this.frame += bytes + this.#pop(pos, name).bytes
        return
      case 'POP_MARK': {
        const { items, markBytes } = this.#aboveMark(pos, name)
        this.frame += bytes + markBytes + items.reduce((sum, item) => sum + item.bytes, 0)
        return
      }
      default:
        this.#other(operation, bytes)
    }
  }

  #other(operation: Operation, bytes: number): void {
    const { opcode, arg, pos } = operation
    const { name } = opcode
    const info = OPCODE_INFO.get(name) as OpcodeInfo
    const above = info.takesMark ? this.#aboveMark(pos, name) : { items: [], markBytes: 0 }
    const own = bytes + above.markBytes
    switch (name) {
      case 'APPEND':
        this.#addItems([this.#pop(pos, name)], own, pos, name)
        return
      case 'APPENDS':
      case 'ADDITEMS':
        this.#addItems(above.items, own, pos, name)
        return
      case 'SETITEM': {
        const value = this.#pop(pos, name)
        this.#addPairs([this.#pop(pos, name), value], own, pos, name)
        return
      }
      case 'SETITEMS':
        this.#addPairs(above.items, own, pos, name)
        return
      case 'BUILD': {
        const state = this.#pop(pos, name)
        const target = this.#top(pos, name)
        addPart(target, '<state>', state)
        grow(target, own)
        return
      }
      case 'DICT': {
        const dict = this.#push('dict', 0)
        addPairs(dict, above.items)
        grow(dict, own)
        return
      }
      case 'GLOBAL':
        this.#push('global', own).text = String(arg).replace(' ', '.')
        return
      case 'STACK_GLOBAL': {
        const attribute = this.#pop(pos, name)
        const module = this.#pop(pos, name)
        const node = this.#push('global', own + module.bytes + attribute.bytes)
        node.text = `${module.text ?? '?'}.${attribute.text ?? '?'}`
        return
      }
      case 'EXT1':
      case 'EXT2':
      case 'EXT4':
        this.#push('global', own).text = `extension ${arg}`
        return
      case 'REDUCE':
      case 'NEWOBJ':
      case 'NEWOBJ_EX':
      case 'OBJ':
      case 'INST':
        this.#build(operation, above.items, own)
        return
    }
    // Atoms, and what is made of a few values.
    const items = above.items
    for (let i = 0; i < info.takes; i++) items.unshift(this.#pop(pos, name))
    // READONLY_BUFFER is still the buffer.
    const type = name === 'READONLY_BUFFER' ? (items[0]?.type ?? 'buffer') : (TYPES[name] ?? name)
    const node = this.#push(type, 0)
    if (typeof arg === 'string' && type === 'str') node.text = arg
    if (name === 'READONLY_BUFFER') grow(node, items[0]?.bytes ?? 0)
    else for (const item of items) addPart(node, `[${node.items++}]`, item)
    grow(node, own)
  }

  #build({ opcode: { name }, arg, pos }: Operation, above: Node[], own: number): void {
    if (name === 'INST') above.unshift(newNode('global', String(arg).replace(' ', '.')))
    const [kwargs, args] = name === 'NEWOBJ_EX' ? [this.#pop(pos, name), this.#pop(pos, name)] : [undefined, undefined]
    const [callable, ...rest] =
      name === 'OBJ' || name === 'INST' ? above : [args ?? this.#pop(pos, name), this.#pop(pos, name)].reverse()
    if (callable === undefined) throw unpicklingStack(pos, name)
    const node = this.#push(callable.text ?? 'object', 0)
    // The name of its class is its own.
    grow(node, own + callable.bytes)
    if (name === 'OBJ' || name === 'INST') for (const item of rest) addPart(node, `<args>[${node.items++}]`, item)
    else addPart(node, '<args>', rest[0] as Node)
    if (kwargs !== undefined) addPart(node, '<kwargs>', kwargs)
    node.items = 0
  }

  #addItems(items: readonly Node[], own: number, pos: number, name: string): void {
    const target = this.#top(pos, name)
    for (const item of items) addPart(target, `[${target.items++}]`, item)
    grow(target, own)
  }

  #addPairs(items: readonly Node[], own: number, pos: number, name: string): void {
    const target = this.#top(pos, name)
    addPairs(target, items)
    grow(target, own)
  }

  #push(type: string, own: number): Node {
    const node = newNode(type, undefined)
    grow(node, own)
    this.#stack.push(node)
    return node
  }

  #top(pos: number, name: string): Node {
    const { length } = this.#stack
    if (length === (this.#marks.at(-1)?.index ?? 0)) throw unpicklingStack(pos, name)
    return this.#stack[length - 1] as Node
  }

  #pop(pos: number, name: string): Node {
    const node = this.#top(pos, name)
    this.#stack.pop()
    return node
  }

  #aboveMark(pos: number, name: string): { items: Node[]; markBytes: number } {
    const mark = this.#marks.pop()
    if (mark === undefined) throw unpicklingError('mark', { what: NO_MARK }, pos, name)
    return { items: this.#stack.splice(mark.index), markBytes: mark.bytes }
  }
}

function unpicklingStack(pos: number, name: string): UnpicklingError {
  return unpicklingError('stack', { need: 1 }, pos, name)
}

function newNode(type: string, text: string | undefined): Node {
  return { type, bytes: 0, own: 0, parts: NO_PARTS, text, items: 0 }
}

function grow(node: Node, own: number): void {
  node.own += own
  node.bytes += own
}

function addPart(node: Node, label: string, part: Node): void {
  if (node.parts === NO_PARTS) node.parts = []
  node.parts.push({ label, node: part })
  node.bytes += part.bytes
}

/** Keys and values in turn. A key is its dict's own. */
function addPairs(dict: Node, items: readonly Node[]): void {
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i] as Node
    grow(dict, key.bytes)
    const value = items[i + 1]
    if (value !== undefined) addPart(dict, keyLabel(key, dict.items++), value)
  }
}

/** The key as a piece of a path; by its place in the dict where it is no text. */
function keyLabel({ text }: Node, index: number): string {
  if (text === undefined) return `<value ${index}>`
  return /^[A-Za-z_$][\w$]*$/.test(text) ? `.${text}` : `[${excerpt(text)}]`
}
