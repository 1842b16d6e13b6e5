/**
 * A Python float that keeps being one: written as a float even where a plain number would be an int (`new Float(1)`).
 *
 * The `exact` mapping reads every float as a Float, and keeps the eight bytes of a NaN.
 */
export class Float {
  /** The number. */
  readonly value: number
  /** The big-endian IEEE 754 bits of a NaN that is not the usual one; 0n where `value` says it all. */
  readonly nanBits: bigint

  constructor(value: number, nanBits = 0n) {
    this.value = value
    this.nanBits = nanBits
  }

  valueOf(): number {
    return this.value
  }

  toString(): string {
    return String(this.value)
  }
}
