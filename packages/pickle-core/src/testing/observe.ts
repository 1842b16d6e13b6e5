/** The same plugins, watched: what their records are given, and what their reducers return. Plugin code runs as it does unwatched. */
import { createPickle, type Pickle } from '../create-pickle.ts'
import {
  type DumpContext,
  notMine,
  type Plugin,
  type Reducer,
  type ReduceValue,
  type Reduction,
  type TypeRecord,
} from '../registry/contract.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { PyDict } from '../values/py-dict.ts'

/** A reducer ran, and did not pass. */
export interface Reduced {
  readonly object: object
  readonly reduction: Reduction
  /** What it gave when it ran once more, right after. */
  readonly second: Reduction
}

/** An object was made, and what it has been given since. */
export interface Built {
  readonly record: TypeRecord
  readonly object: unknown
  readonly args: readonly unknown[]
  readonly kwargs: ReadonlyMap<string, unknown> | undefined
  state: unknown
  hasState: boolean
}

export class Observer {
  readonly pickle: Pickle
  readonly reduced: Reduced[] = []
  readonly built: Built[] = []
  readonly #isTwice: boolean
  /** The watched plugins, by their own: one that several extend stays one. */
  readonly #plugins: Map<Plugin, Plugin> = new Map()
  #byObject: Map<unknown, Built> = new Map()

  /** @param isTwice run each reducer twice; the dump gets what it gave the second time. */
  constructor(plugins: readonly Plugin[], isTwice = false) {
    this.#isTwice = isTwice
    this.pickle = createPickle({ plugins: plugins.map((plugin) => this.#watch(plugin)) })
  }

  /** Forgets what was seen. */
  clear(): void {
    this.reduced.length = 0
    this.built.length = 0
    this.#byObject = new Map()
  }

  #watch(plugin: Plugin): Plugin {
    const known = this.#plugins.get(plugin)
    if (known !== undefined) return known
    const watched: Plugin = {
      ...plugin,
      extends: plugin.extends?.map((base) => this.#watch(base)),
      types: plugin.types?.map((record) => this.#watchRecord(record)),
      reducers: plugin.reducers?.map((reducer) => this.#watchReducer(reducer)),
    }
    this.#plugins.set(plugin, watched)
    return watched
  }

  #watchRecord(record: TypeRecord): TypeRecord {
    const watched: { -readonly [K in keyof TypeRecord]: TypeRecord[K] } = { ...record }
    if (record.create !== undefined) {
      watched.create = (args, ctx, kwargs) => {
        const given = args.map(asGiven)
        const object = record.create?.(args, ctx, kwargs)
        const built: Built = { record, object, args: given, kwargs, state: undefined, hasState: false }
        this.built.push(built)
        this.#byObject.set(object, built)
        return object
      }
    }
    if (record.setState !== undefined) {
      watched.setState = (object, state, ctx) => {
        record.setState?.(object, state, ctx)
        const built = this.#byObject.get(object)
        if (built !== undefined) Object.assign(built, { state, hasState: true })
      }
    }
    // They run on the record itself: `this` is what it would be.
    if (record.append !== undefined) watched.append = (object, item) => record.append?.(object, item)
    if (record.setItem !== undefined) watched.setItem = (object, key, item) => record.setItem?.(object, key, item)
    if (record.addItem !== undefined) watched.addItem = (object, item) => record.addItem?.(object, item)
    if (record.reduce !== undefined) {
      const callable = new GlobalRef(record.module, record.name)
      watched.reduce = (object, ctx) =>
        this.#run(object as object, () => {
          const parts = record.reduce?.(object, ctx) ?? notMine
          return parts === notMine ? parts : withLists({ ...parts, callable })
        })
    }
    return watched
  }

  #watchReducer(reducer: Reducer): Reducer {
    const run = (object: unknown, ctx: DumpContext): Reduction => {
      const reduction = reducer.reduce(object, ctx)
      return typeof reduction === 'object' && !(reduction instanceof GlobalRef) ? withLists(reduction) : reduction
    }
    return { ...reducer, reduce: (object, ctx) => this.#run(object as object, () => run(object, ctx)) }
  }

  #run<T extends Reduction>(object: object, reduce: () => T): T {
    const reduction = reduce()
    if (reduction === notMine) return reduction
    const second = this.#isTwice ? reduce() : reduction
    this.reduced.push({ object, reduction, second })
    return second
  }
}

/** An argument as it was given: `create` may change a list or dict that it gets. */
function asGiven(arg: unknown): unknown {
  if (arg instanceof PyDict) return new PyDict(arg)
  return Array.isArray(arg) ? arg.slice() : arg
}

/** The reduce value with its items as arrays: an iterator could be looked at only once. */
function withLists(reduction: ReduceValue): ReduceValue {
  const { listItems, dictItems } = reduction
  return {
    ...reduction,
    ...(listItems === undefined ? {} : { listItems: [...listItems] }),
    ...(dictItems === undefined ? {} : { dictItems: [...dictItems] }),
  }
}
