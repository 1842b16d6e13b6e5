/**
 * The key of an object's own reducer: `obj[reduceEx](protocol, ctx)` returns a reduce value, as Python's `__reduce_ex__` does. `ctx` is
 * what a registered reducer is given, too (`DumpContext`).
 * Registered globally (`Symbol.for`), so that two copies of this package agree on it.
 */
export const reduceEx: unique symbol = /* @__PURE__ */ Symbol.for('@pickle-ts/pickle-core/reduceEx') as never
