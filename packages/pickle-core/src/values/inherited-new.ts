/**
 * Whose `__new__` makes an object. Protocols 2 and 3 write NEWOBJ_EX as `functools.partial(cls.__new__, cls, ...)`, and name the class
 * that defines the method: a base, when the object's own class inherits it. No other protocol says which that is.
 */
import type { PyObject } from './py-object.ts'

/** By object: a reference to the base. */
const bases: WeakMap<PyObject, unknown> = /* @__PURE__ */ new WeakMap()

/** Notes that an object's class inherits `__new__` from a base. */
export function noteInheritedNew(object: PyObject, base: unknown): void {
  bases.set(object, base)
}

/** The class whose `__new__` makes an object, as far as its pickle showed; else its own class. */
export function classOfNew(object: PyObject): unknown {
  return bases.get(object) ?? object.class
}
