/**
 * What the opcodes do to a PyObject: they note it down. CPython's pickler writes the parts of an object in one order (list items,
 * dict items, state), each at most once, and so they are kept; anything else is an error, because it could not be written again.
 *
 * One exception: for an object that its own arguments contain, the pickler in Python does not return where the one in C does
 * (`save_reduce`), and writes all parts twice. Python then has all items twice, and so has the PyObject.
 */
import { hasFreshArgs } from '../values/fresh-args.ts'
import { nameOf, type PyCallable, type PyObject } from '../values/py-object.ts'
import { fail } from './failures.ts'
import type { Machine } from './machine.ts'

/** BUILD. */
export function buildInert(m: Machine, object: PyObject, state: unknown, at: number): void {
  if (object.state !== undefined && object.state !== state && !hasFreshArgs(object))
    failInert(m, object, 'gets a second state', at)
  object.state = state
}

/** APPEND and APPENDS. */
export function appendInert(
  m: Machine,
  object: PyObject,
  items: readonly unknown[],
  from: number,
  to: number,
  at: number,
): void {
  if ((object.state !== undefined || object.dictItems !== undefined) && !hasFreshArgs(object)) {
    failInert(m, object, 'gets list items after its dict items or its state', at)
  }
  object.listItems ??= []
  for (let i = from; i < to; i++) object.listItems.push(items[i])
}

/** SETITEM and SETITEMS: keys and values in turn. */
export function setItemsInert(
  m: Machine,
  object: PyObject,
  items: readonly unknown[],
  from: number,
  to: number,
  at: number,
): void {
  if (object.state !== undefined && !hasFreshArgs(object)) failInert(m, object, 'gets dict items after its state', at)
  object.dictItems ??= []
  for (let i = from; i < to; i += 2) object.dictItems.push([items[i], items[i + 1]])
}

/** `setter(object, state)`, whose result the pickle throws away. */
export function setStateInert(m: Machine, object: PyObject, setter: PyCallable, state: unknown, at: number): void {
  if (object.state !== undefined && !hasFreshArgs(object)) failInert(m, object, 'gets a second state', at)
  object.stateSetter = setter
  object.state = state
}

/** Something that a PyObject cannot keep. */
export function failInert(m: Machine, object: PyObject, what: string, at: number): never {
  fail(m, at, 'inert', { name: nameOf(object), what })
}
