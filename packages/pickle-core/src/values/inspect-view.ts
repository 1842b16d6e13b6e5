/**
 * What util.inspect, and so Node's console, prints in place of an object: a view, always the same one for an object, so that cycles
 * are found. `fill` brings it up to date.
 */
export function showAs<T extends object, V extends object>(
  prototype: T,
  make: (object: T) => V,
  fill: (view: V, object: T) => void,
): void {
  const views = new WeakMap<object, V>()
  function value(this: T): V {
    let view = views.get(this)
    if (view === undefined) {
      view = make(this)
      views.set(this, view)
    }
    fill(view, this)
    return view
  }
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), { value })
}

/** A new object that prints under a name. */
export function named<V extends object>(name: string, base: new () => V): V {
  const type = class extends (base as new () => object) {} as new () => V
  Object.defineProperty(type, 'name', { value: name })
  return new type()
}
