/**
 * A class or function of Python, by its exact module and qualified name. Inert: it cannot be called.
 *
 * A dot in `name` is Python's nested name (`Outer.Inner`); to the registry it is just part of the string.
 */
export class GlobalRef {
  /** The module, in Python 3's name. */
  readonly module: string
  /** The qualified name in the module. */
  readonly name: string

  constructor(module: string, name: string) {
    this.module = module
    this.name = name
  }

  toString(): string {
    return `<${this.module}.${this.name}>`
  }
}
