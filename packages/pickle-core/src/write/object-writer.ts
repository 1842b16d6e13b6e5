/**
 * Writes objects: reduce values (CPython's `save_reduce`), the arguments of OBJ and INST, persistent ids.
 */
import { GlobalRef } from '../values/global-ref.ts'
import { GraphWriter } from './graph-writer.ts'
import { BARE, NO_ITEMS, type Open, PERSISTENT, REDUCE } from './open-container.ts'
import type { CheckedReduction } from './reduction.ts'

/** The part of a reduce value that is its state. */
const STATE = 9
/** The part after the last. */
const DONE = 11

export abstract class ObjectWriter extends GraphWriter {
  /** As {@link save}, but no persistent id may stand for the value itself. */
  protected abstract saveUnhooked(value: unknown, pos: number): number

  /** Writes two lines, module and name, as GLOBAL and INST take them. */
  protected abstract saveGlobalLines(module: string, name: string, pos: number): number

  /** Writes a global, or the GET of it. */
  protected abstract saveGlobalRef(ref: GlobalRef, pos: number): number

  protected override stepObject(open: Open, pos: number): number {
    switch (open.kind) {
      case REDUCE:
        return this.#stepReduce(open, pos)
      case BARE:
        return this.#stepBare(open, pos)
      default:
        return this.#stepPersistent(open, pos)
    }
  }

  /** Writes what a reducer made of an object. `object` is memoized, unless it is null. */
  protected saveReduce(reduction: CheckedReduction, object: object | null, pos: number): number {
    const open = this.open(REDUCE, object, NO_ITEMS)
    open.reduction = reduction
    return this.enter(open, pos)
  }

  /** The parts in turn; `index` is the part that comes next. */
  #stepReduce(open: Open, start: number): number {
    const depth = this.top
    const reduction = open.reduction as CheckedReduction
    let pos = start
    while (open.index < DONE) {
      pos = this.#savePart(open, reduction, open.index++, pos)
      if (this.top !== depth) return pos
      pos = this.tail(pos)
    }
    this.top--
    return pos
  }

  #savePart(open: Open, reduction: CheckedReduction, part: number, pos: number): number {
    const { construct, callable, args, kwargs, state, listItems, dictItems, stateSetter } = reduction
    switch (part) {
      case 0: // MARK, or nothing
        if (construct !== 'obj' && construct !== 'inst') return pos
        this.bytes[pos] = 0x28 // MARK
        return pos + 1
      case 1:
        if (construct === 'inst') return pos
        if (this.hooked || !isGlobalRef(callable)) return this.save(callable, pos)
        return this.saveGlobalRef(callable, pos > this.limit ? this.boundary(pos) : pos)
      case 2:
        if (construct === 'obj' || construct === 'inst') return this.#openBare(args, pos)
        return this.hooked ? this.save(args, pos) : this.saveTuple(args, pos > this.limit ? this.boundary(pos) : pos)
      case 3:
        return construct === 'newobj_ex' ? this.save(kwargs, pos) : pos
      case 4:
        return this.#saveConstruct(open, reduction, pos)
      case 5:
        return listItems === undefined || listItems.length === 0 ? pos : this.openList(listItems, true, pos)
      case 6:
        return dictItems === undefined || dictItems.length === 0 ? pos : this.openItems(dictItems, pos)
      // With a state setter: setter(object, state), and the result is thrown away. Else BUILD.
      case 7:
        return stateSetter === undefined || state === undefined ? pos : this.save(stateSetter, pos)
      case 8:
        return stateSetter === undefined || state === undefined ? pos : this.save(open.object, pos)
      case STATE:
        return state === undefined ? pos : this.save(state, pos)
      default:
        if (state === undefined) return pos
        if (stateSetter === undefined) {
          this.bytes[pos] = 0x62 // BUILD
          return pos + 1
        }
        // TUPLE2 at every protocol, as CPython writes it.
        this.bytes[pos] = 0x86 // TUPLE2
        this.bytes[pos + 1] = 0x52 // REDUCE
        this.bytes[pos + 2] = 0x30 // POP
        return pos + 3
    }
  }

  /** The opcode that builds the object, and its memo. */
  #saveConstruct(open: Open, reduction: CheckedReduction, start: number): number {
    const { construct, callable, listItems, dictItems, stateSetter, state } = reduction
    const { bytes } = this
    let pos = start
    switch (construct) {
      case 'reduce':
        bytes[pos++] = 0x52 // REDUCE
        break
      case 'newobj':
        bytes[pos++] = 0x81 // NEWOBJ
        break
      case 'newobj_ex':
        bytes[pos++] = 0x92 // NEWOBJ_EX
        break
      case 'obj':
        bytes[pos++] = 0x6f // OBJ
        break
      case 'inst': {
        const { module, name } = callable as GlobalRef
        bytes[pos] = 0x69 // INST
        pos = this.saveGlobalLines(module, name, pos + 1)
      }
    }
    const { object } = open
    // Most objects have a state and no items.
    if (listItems === undefined && dictItems === undefined && stateSetter === undefined) {
      open.index = state === undefined ? DONE : STATE
    }
    if (object === null) return pos
    const index = this.objects.indexAt(open.slot)
    if (index >= 0) {
      // Its own arguments contained it: it is already written.
      open.index = DONE
      this.bytes[pos] = 0x30 // POP
      return this.get(index, pos + 1)
    }
    this.objects.assign(open.slot, this.memoized)
    return this.put(pos)
  }

  #openBare(args: readonly unknown[], pos: number): number {
    const open = this.open(BARE, null, args)
    open.stop = args.length
    return this.enter(open, pos)
  }

  #stepBare(open: Open, start: number): number {
    const depth = this.top
    const pos = this.saveItems(open, start)
    if (this.top === depth) this.top--
    return pos
  }

  /** Writes a persistent id of protocol 1 and above: the id, then BINPERSID. */
  protected savePersistent(id: unknown, pos: number): number {
    return this.enter(this.open(PERSISTENT, null, [id]), pos)
  }

  #stepPersistent(open: Open, start: number): number {
    const depth = this.top
    let pos = start
    if (open.index === 0) {
      open.index = 1
      pos = this.saveUnhooked(open.items[0], pos)
      if (this.top !== depth) return pos
    }
    pos = this.tail(pos)
    this.top--
    this.bytes[pos] = 0x51 // BINPERSID
    return pos + 1
  }
}

/** Whether this is written as a global by its name; a class of ours is, too, but by way of the registry. */
function isGlobalRef(value: unknown): value is GlobalRef {
  return Object.getPrototypeOf(value) === GlobalRef.prototype
}
