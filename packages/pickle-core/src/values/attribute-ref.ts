import { GlobalRef } from './global-ref.ts'

/**
 * A global that a pickle got by calling `getattr(owner, name)`: a nested class below protocol 4, a method at any. It is written as
 * that call again, for Python makes a new method object each time it is asked, and a pickle says which of them are one.
 */
export class AttributeRef extends GlobalRef {
  /** What has the attribute: a reference to a global, or a registered class. Not enumerable, so that it prints as what it is. */
  declare readonly owner: unknown
  /** The attribute. */
  declare readonly attribute: string

  constructor(module: string, name: string, owner: unknown, attribute: string) {
    super(module, `${name}.${attribute}`)
    Object.defineProperty(this, 'owner', { value: owner })
    Object.defineProperty(this, 'attribute', { value: attribute })
  }
}
