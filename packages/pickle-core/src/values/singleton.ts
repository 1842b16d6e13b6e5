/** A Python value of which there is exactly one; compare with `===`. */
export class Singleton {
  readonly name: string

  constructor(name: string) {
    this.name = name
    Object.freeze(this)
  }

  toString(): string {
    return this.name
  }
}

/** Python's `Ellipsis`, also written `...`. */
export const Ellipsis: Singleton = /* @__PURE__ */ new Singleton('Ellipsis')

/** Python's `NotImplemented`. */
export const NotImplemented: Singleton = /* @__PURE__ */ new Singleton('NotImplemented')
