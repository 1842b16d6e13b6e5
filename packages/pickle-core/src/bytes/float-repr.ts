/** Python's `repr` of a float: JavaScript's shortest digits, in Python's notation (exponent below 1e-4 and from 1e16 on). */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const [mantissa, power] = value.toExponential().split('e') as [string, string]
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  // In this range JavaScript writes no exponent down to 1e-6, and below it none is due.
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}
