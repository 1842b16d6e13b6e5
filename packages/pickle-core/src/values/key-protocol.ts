/** How a value type of this library tells {@link KeyTable} what kind of key it is: by these properties of its prototype. */

/** Values of this type cannot be keys: Python does not hash them. */
export const unhashable: unique symbol = Symbol('unhashable')

/** A function of the value that gives the parts of a key that is equal by value. */
export const keyParts: unique symbol = Symbol('keyParts')

/** The parts that make two keys equal: same `kind`, and equal parts in order, or in any order. */
export interface KeyParts {
  readonly kind: string
  readonly items: ArrayLike<unknown>
  readonly ordered: boolean
}
