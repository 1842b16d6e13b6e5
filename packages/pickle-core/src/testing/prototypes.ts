/** The prototypes that an input could change, looked at after each one; what was added is taken away again. */
import type { Plugin } from '../registry/contract.ts'

const GLOBAL: readonly object[] = [Object, Object.prototype, Function.prototype, Array.prototype, Map.prototype]

export class Prototypes {
  readonly #before: ReadonlyMap<object, ReadonlySet<PropertyKey>>

  constructor(plugins: readonly Plugin[]) {
    const classes = plugins.flatMap(({ types = [] }) => types.flatMap((record) => record.class ?? []))
    const watched = [...GLOBAL, ...classes.flatMap((type) => [type, type.prototype as object])]
    this.#before = new Map(watched.map((object) => [object, new Set(Reflect.ownKeys(object))]))
  }

  /** What was added since; it is removed, so that what comes next runs in a clean house. */
  restore(): string | undefined {
    let found: string | undefined
    for (const [object, keys] of this.#before) {
      for (const key of Reflect.ownKeys(object)) {
        if (keys.has(key)) continue
        found ??= `${nameOf(object)}.${String(key)} is new`
        Reflect.deleteProperty(object, key)
      }
    }
    return found
  }
}

function nameOf(object: object): string {
  if (typeof object === 'function') return object.name
  return `${(object as { constructor?: { name?: string } }).constructor?.name ?? 'a class'}.prototype`
}
