import { type UnpicklingError, unpicklingError } from '../errors.ts'
import type { Operation } from './genops.ts'
import { IndexSet } from './index-set.ts'
import { OPCODE_INFO, type OpcodeInfo } from './opcode-info.ts'
import { SizeTree } from './size-tree.ts'

const NO_MARK = 'this opcode takes what lies above a MARK, and no MARK is on the stack'

/** A longer text is no name, and no more names than this are kept for GET: what has none is told by its place. */
const MAX_NAME = 200
const MAX_NAMES = 1 << 22

/** So many large values are listed; what comes after them counts as its holder's own. */
const MAX_LISTED = 1_000_000

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

/** The unpickling stack, with the sizes of the values on it in place of the values. */
export class SizeModel {
  readonly #smallest: number
  readonly #maxItems: number
  /** How many values may still be listed. */
  readonly #room = { left: MAX_LISTED }
  readonly #stack: SizeTree[] = []
  readonly #marks: { readonly index: number; readonly bytes: number }[] = []
  readonly #memo = new NameMemo()
  /** Bytes that belong to no value. */
  frame = 0
  root: SizeTree | undefined

  /** Values of fewer bytes than `smallest` are added up; no more than `maxItems` may be on the stack. */
  constructor(smallest: number, maxItems: number) {
    this.#smallest = smallest
    this.#maxItems = maxItems
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
      case 'STOP':
        this.frame += bytes
        this.root = this.#pop(pos, name)
        // What is left on the stack belongs to no value.
        for (const left of this.#stack.splice(0)) this.frame += left.bytes
        for (const mark of this.#marks.splice(0)) this.frame += mark.bytes
        return
      case 'MARK':
        this.#marks.push({ index: this.#stack.length, bytes })
        return
      case 'PUT':
      case 'BINPUT':
      case 'LONG_BINPUT':
      case 'MEMOIZE': {
        const top = this.#top(pos, name)
        this.#memo.put(name === 'MEMOIZE' ? undefined : Number(arg), top.name)
        top.grow(bytes)
        return
      }
      case 'GET':
      case 'BINGET':
      case 'LONG_BINGET':
        this.#push('reference', bytes, this.#memo.get(Number(arg)))
        return
      case 'DUP':
        this.#push('reference', bytes, this.#top(pos, name).name)
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
        this.#build(operation, bytes)
    }
    const { length } = this.#stack
    const max = this.#maxItems
    if (length > max) throw unpicklingError('limit', { limit: 'maxItems', value: length, max }, pos, name)
  }

  /** What makes a value, or adds to one. */
  #build(operation: Operation, bytes: number): void {
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
        const key = this.#pop(pos, name)
        this.#addPairs(this.#top(pos, name), [key, value], own)
        return
      }
      case 'SETITEMS':
        this.#addPairs(this.#top(pos, name), above.items, own)
        return
      case 'DICT':
        this.#addPairs(this.#push('dict', 0), above.items, own)
        return
      case 'BUILD': {
        const state = this.#pop(pos, name)
        const target = this.#top(pos, name)
        target.addNamed('<state>', state, this.#smallest, this.#room)
        target.grow(own)
        return
      }
      case 'GLOBAL':
        this.#push('global', own, String(arg).replace(' ', '.'))
        return
      case 'STACK_GLOBAL': {
        const attribute = this.#pop(pos, name)
        const module = this.#pop(pos, name)
        const text = `${module.name ?? '?'}.${attribute.name ?? '?'}`
        this.#push('global', own + module.bytes + attribute.bytes, text)
        return
      }
      case 'EXT1':
      case 'EXT2':
      case 'EXT4':
        this.#push('global', own, `extension ${arg}`)
        return
      case 'REDUCE':
      case 'NEWOBJ':
      case 'NEWOBJ_EX':
      case 'OBJ':
      case 'INST':
        this.#makeObject(operation, above.items, own)
        return
      case 'READONLY_BUFFER':
        // It is still the buffer.
        this.#top(pos, name).grow(own)
        return
    }
    // Atoms, and what is made of a few values.
    const items = above.items
    for (let i = 0; i < info.takes; i++) items.unshift(this.#pop(pos, name))
    const value = this.#push(TYPES[name] ?? name, own, nameOf(arg))
    for (const item of items) value.addItem(item, this.#smallest, this.#room)
  }

  #makeObject({ opcode: { name }, arg, pos }: Operation, above: SizeTree[], own: number): void {
    const smallest = this.#smallest
    const room = this.#room
    const kwargs = name === 'NEWOBJ_EX' ? this.#pop(pos, name) : undefined
    let args: SizeTree | undefined
    let callable: SizeTree | undefined
    if (name === 'INST') callable = new SizeTree('global', 0, String(arg).replace(' ', '.'))
    else if (name === 'OBJ') callable = above.shift()
    else {
      args = this.#pop(pos, name)
      callable = this.#pop(pos, name)
    }
    if (callable === undefined) throw stackError(pos, name)
    // The name of its class is its own.
    const object = this.#push(String(callable.name ?? 'object'), own + callable.bytes)
    if (args !== undefined) object.addNamed('<args>', args, smallest, room)
    if (kwargs !== undefined) object.addNamed('<kwargs>', kwargs, smallest, room)
    for (const [i, item] of above.entries()) object.addNamed(`<args>[${i}]`, item, smallest, room)
  }

  #addItems(items: readonly SizeTree[], own: number, pos: number, name: string): void {
    const target = this.#top(pos, name)
    for (const item of items) target.addItem(item, this.#smallest, this.#room)
    target.grow(own)
  }

  /** Keys and values in turn. */
  #addPairs(dict: SizeTree, items: readonly SizeTree[], own: number): void {
    for (let i = 0; i + 1 < items.length; i += 2) {
      dict.addValue(items[i] as SizeTree, items[i + 1] as SizeTree, this.#smallest, this.#room)
    }
    dict.grow(own + (items.length % 2 === 1 ? (items.at(-1) as SizeTree).bytes : 0))
  }

  #push(type: string, own: number, name?: string | number | bigint): SizeTree {
    const tree = new SizeTree(type, own, name)
    this.#stack.push(tree)
    return tree
  }

  #top(pos: number, name: string): SizeTree {
    const { length } = this.#stack
    if (length === (this.#marks.at(-1)?.index ?? 0)) throw stackError(pos, name)
    return this.#stack[length - 1] as SizeTree
  }

  #pop(pos: number, name: string): SizeTree {
    const tree = this.#top(pos, name)
    this.#stack.pop()
    return tree
  }

  #aboveMark(pos: number, name: string): { items: SizeTree[]; markBytes: number } {
    const mark = this.#marks.pop()
    if (mark === undefined) throw unpicklingError('mark', { what: NO_MARK }, pos, name)
    return { items: this.#stack.splice(mark.index), markBytes: mark.bytes }
  }
}

/** The memo, of which only the names matter: those of keys, and of what is called. */
class NameMemo {
  readonly #names: Map<number, string | number | bigint> = new Map()
  readonly #indexes = new IndexSet()

  /** Without an index: the next one, as MEMOIZE counts. */
  put(index: number | undefined, name: string | number | bigint | undefined): void {
    const at = index ?? this.#indexes.size
    this.#indexes.add(at)
    if (name === undefined) this.#names.delete(at)
    else if (this.#names.size < MAX_NAMES) this.#names.set(at, name)
  }

  get(index: number): string | number | bigint | undefined {
    return this.#names.get(index)
  }
}

/** What an atom is called as a key. */
function nameOf(arg: Operation['arg']): string | number | bigint | undefined {
  if (typeof arg === 'string') return arg.length <= MAX_NAME ? arg : undefined
  return typeof arg === 'number' || typeof arg === 'bigint' ? arg : undefined
}

function stackError(pos: number, name: string): UnpicklingError {
  return unpicklingError('stack', { need: 1 }, pos, name)
}
