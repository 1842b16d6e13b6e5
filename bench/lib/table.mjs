// Text tables and number formats, for a terminal of 100 columns.

/**
 * @param {string[]} head
 * @param {string[][]} rows
 * @param {string} align one letter a column: l or r
 */
export function table(head, rows, align) {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((r) => r[i].length)))
  const line = (cells) =>
    cells
      .map((cell, i) => pad(cell, widths[i], align[i]))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((w) => '-'.repeat(w))), ...rows.map(line)].join('\n')
}

function pad(text, width, side) {
  return side === 'r' ? text.padStart(width) : text.padEnd(width)
}

/** A time of three digits: 357n, 1.42u, 10.3m, 1.20s. */
export function time(ns) {
  if (!Number.isFinite(ns)) return '-'
  const units = ['n', 'u', 'm', 's']
  let value = ns
  let unit = 0
  while (value >= 999.5 && unit < 3) {
    value /= 1000
    unit++
  }
  return `${threeDigits(value)}${units[unit]}`
}

export function ratio(value) {
  return Number.isFinite(value) ? threeDigits(value) : '-'
}

function threeDigits(value) {
  if (value >= 99.95) return value.toFixed(0)
  return value.toFixed(value >= 9.995 ? 1 : 2)
}

/** 950, 12k, 3.4M. */
export function count(n) {
  if (n < 10_000) return String(n)
  return n < 1e6 ? `${Math.round(n / 1000)}k` : `${threeDigits(n / 1e6)}M`
}

export function bytes(n) {
  if (n === undefined) return '-'
  return n < 10_000 ? `${Math.round(n)} B` : n < 1e6 ? `${(n / 1000).toFixed(0)} kB` : `${(n / 1e6).toFixed(2)} MB`
}
