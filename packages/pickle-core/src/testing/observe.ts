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

/** A reducer ran. */
export interface Reduced {
  readonly object: object
  readonly reduction: ReduceValue | GlobalRef | string
  /** Runs it again, on the same object. */
  again(): unknown
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
  /** The watched records, by the plugins' own. */
  readonly #plugins: Map<Plugin, Plugin> = new Map()
  #byObject: Map<unknown, Built> = new Map()

  constructor(plugins: readonly Plugin[]) {
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
    watched.create = (args, ctx, kwargs) => {
      const given = [...args]
      const object = record.create(args, ctx, kwargs)
      const built: Built = { record, object, args: given, kwargs, state: undefined, hasState: false }
      this.built.push(built)
      this.#byObject.set(object, built)
      return object
    }
    if (record.setState !== undefined) {
      watched.setState = (object, state, ctx) => {
        record.setState?.(object, state, ctx)
        const built = this.#byObject.get(object)
        if (built !== undefined) Object.assign(built, { state, hasState: true })
      }
    }
    // Items go to the record itself: `this` is what it would be.
    if (record.append !== undefined) watched.append = (object, item) => record.append?.(object, item)
    if (record.setItem !== undefined) watched.setItem = (object, key, item) => record.setItem?.(object, key, item)
    if (record.addItem !== undefined) watched.addItem = (object, item) => record.addItem?.(object, item)
    if (record.reduce !== undefined) {
      const callable = new GlobalRef(record.module, record.name)
      watched.reduce = (object, ctx) => {
        const parts = record.reduce?.(object, ctx) ?? notMine
        if (parts === notMine) return parts
        const whole = withLists({ ...parts, callable })
        this.reduced.push({ object: object as object, reduction: whole, again: () => record.reduce?.(object, ctx) })
        return whole
      }
    }
    return watched
  }

  #watchReducer(reducer: Reducer): Reducer {
    return {
      ...reducer,
      reduce: (object: unknown, ctx: DumpContext): Reduction => {
        const reduction = reducer.reduce(object, ctx)
        if (reduction === notMine) return reduction
        const whole =
          typeof reduction === 'object' && !(reduction instanceof GlobalRef) ? withLists(reduction) : reduction
        this.reduced.push({ object: object as object, reduction: whole, again: () => reducer.reduce(object, ctx) })
        return whole
      },
    }
  }
}

/** The reduce value with its items as arrays: an iterator could be looked at only once. */
export function withLists(reduction: ReduceValue): ReduceValue {
  const { listItems, dictItems } = reduction
  return {
    ...reduction,
    ...(listItems === undefined ? {} : { listItems: [...listItems] }),
    ...(dictItems === undefined ? {} : { dictItems: [...dictItems] }),
  }
}
