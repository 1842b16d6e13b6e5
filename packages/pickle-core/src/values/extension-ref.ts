/**
 * A class or function of Python that the pickle names by an extension code alone (EXT1, EXT2, EXT4; `copyreg.add_extension`),
 * where no plugin says which one the code stands for. Inert: it cannot be called.
 */
export class ExtensionRef {
  /** The code, 1 to 0x7fffffff. */
  readonly code: number

  constructor(code: number) {
    this.code = code
  }

  toString(): string {
    return `<extension ${this.code}>`
  }
}
