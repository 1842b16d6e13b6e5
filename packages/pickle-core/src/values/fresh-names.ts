import type { GlobalRef } from './global-ref.ts'

/** Which names of a global are strings of their own. */
export interface FreshNames {
  readonly module: boolean
  readonly name: boolean
}

/**
 * Globals whose module or name stands in the pickle in full, though an equal string stands before it. Python makes the name of a class
 * of a C extension anew each time that it is asked for, so `datetime.datetime` and `numpy.dtype` do not share it with other strings.
 */
const fresh: WeakMap<GlobalRef, FreshNames> = /* @__PURE__ */ new WeakMap()

/** Notes that a global is written so again. */
export function noteFreshNames(ref: GlobalRef, names: FreshNames): void {
  if (names.module || names.name) fresh.set(ref, names)
}

/** Which names of a global are written in full; undefined if none is. */
export function freshNamesOf(ref: GlobalRef): FreshNames | undefined {
  return fresh.get(ref)
}
