/**
 * `functools.partial(cls.__new__, cls, *args, **kwargs)`, as protocols 2 and 3 write NEWOBJ_EX: made by REDUCE, filled by BUILD,
 * and called once, by REDUCE. No partial object exists here; a placeholder stands for it on the stack. The method may be that of a
 * base, which cls inherits: what is made is an object of cls all the same.
 */
import { Tuple } from '../values/tuple.ts'
import { fail } from './failures.ts'
import type { Machine } from './machine.ts'
import { Placeholder } from './placeholder.ts'
import { isTuple } from './value-kind.ts'

/** What a partial will call. */
export interface Partial {
  /** The class whose `__new__` it is. */
  readonly base: unknown
  readonly cls: unknown
  readonly args: Tuple | undefined
  readonly kwargs: unknown
}

/** The partials of one load. */
export class Partials {
  readonly #machine: Machine
  /** `__new__`, and the class that defines it. */
  readonly #methods: Map<unknown, unknown> = new Map()
  /** By what stands for it. */
  readonly #open: Map<unknown, Partial> = new Map()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  /** Takes note of what `cls.__new__` is. */
  addMethod(method: unknown, cls: unknown): void {
    this.#methods.set(method, cls)
  }

  /** `functools.partial(cls.__new__)`: what stands for it; undefined if the arguments are others. */
  begin(args: Tuple): Placeholder | undefined {
    const base = this.#methods.get(args[0])
    if (base === undefined || args.length !== 1) return undefined
    const partial = new Placeholder()
    this.#open.set(partial, { base, cls: undefined, args: undefined, kwargs: undefined })
    return partial
  }

  /** BUILD: false if this is no partial. */
  build(object: unknown, state: unknown, at: number): boolean {
    const partial = this.#open.get(object)
    if (partial === undefined) return false
    const { base } = partial
    const [method, args, kwargs, attributes] = isTuple(state) ? state : []
    const isNew = this.#methods.get(method) === base && isTuple(args) && args.length > 0
    if (!isNew || (attributes !== null && attributes !== undefined)) {
      const what = 'it is not that of a partial of cls.__new__'
      fail(this.#machine, at, 'state', { module: 'functools', name: 'partial', what })
    }
    this.#machine.addCopies(8 * args.length, at)
    // That cls is a class is seen where the object is made.
    this.#open.set(object, { base, cls: args[0], args: Tuple.from(args.slice(1)), kwargs })
    return true
  }

  /** REDUCE: what is to be made; undefined if this is no partial. */
  call(callee: unknown, given: unknown, at: number): Partial | undefined {
    const partial = this.#open.get(callee)
    if (partial === undefined) return undefined
    if (!isTuple(given) || given.length > 0 || partial.args === undefined) {
      const what = 'something else than a call of a complete partial without arguments'
      fail(this.#machine, at, 'reduce-args', { found: what })
    }
    this.#open.delete(callee)
    return partial
  }

  /** At STOP: each must have been called. */
  finish(at: number): void {
    if (this.#open.size > 0) fail(this.#machine, at, 'callee', { found: 'a partial that was not called' })
  }
}
