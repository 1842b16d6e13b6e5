/**
 * An object that lies outside the pickle, by its persistent id; `dumps` writes the id again.
 *
 * `loads` makes it with `unknownGlobals: 'inert'`, where no `persistentLoad` is given.
 */
export class PersistentRef {
  /** The id, any value; at protocol 0 one line of ASCII text. */
  readonly id: unknown

  constructor(id: unknown) {
    this.id = id
  }

  toString(): string {
    return `<persistent ${typeof this.id === 'object' ? 'id' : String(this.id)}>`
  }
}
