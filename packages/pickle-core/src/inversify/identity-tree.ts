/** One step of a list of keys. Objects are held weakly: what was made of them goes when they go. */
class Branch<V> {
  value: V | undefined = undefined
  readonly #byObject: WeakMap<object, Branch<V>> = new WeakMap()
  readonly #byPrimitive: Map<unknown, Branch<V>> = new Map()

  at(key: unknown): Branch<V> {
    const known = isObject(key) ? this.#byObject.get(key) : this.#byPrimitive.get(key)
    if (known !== undefined) return known
    const branch = new Branch<V>()
    if (isObject(key)) this.#byObject.set(key, branch)
    else this.#byPrimitive.set(key, branch)
    return branch
  }
}

/** One value for each list of keys, which are compared by identity. Keeps no key alive that is an object. */
export class IdentityTree<V extends object> {
  readonly #root: Branch<V> = new Branch()

  /** The value of these keys; made the first time. */
  get(keys: readonly unknown[], make: () => V): V {
    let branch = this.#root
    for (const key of keys) branch = branch.at(key)
    branch.value ??= make()
    return branch.value
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
