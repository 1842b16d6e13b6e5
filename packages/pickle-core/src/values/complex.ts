/** A Python complex number. */
export class Complex {
  readonly real: number
  readonly imag: number

  constructor(real: number, imag: number) {
    this.real = real
    this.imag = imag
  }

  toString(): string {
    const sign = this.imag < 0 || Object.is(this.imag, -0) ? '-' : '+'
    return `(${this.real}${sign}${Math.abs(this.imag)}j)`
  }
}
