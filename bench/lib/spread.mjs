// A median and how sure it is.

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * The median and the quartiles. Of 15 numbers these are the 4th and the 12th: the true median lies between them in 96 cases of
 * 100, whatever the numbers are spread like.
 */
export function spread(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const rank = Math.ceil(sorted.length / 4) - 1
  return { median: median(sorted), low: sorted[rank], high: sorted[sorted.length - 1 - rank] }
}

/**
 * What the median ratio of an arm says. An arm may cost at most `within`. The base against itself must be as near to 1 from both sides, or the
 * machine is too noisy for any answer.
 * @returns {'ok' | 'FAIL' | 'NOISE'}
 */
export function judge(arm, ratio, within) {
  if (arm === 'again') return Math.abs(ratio - 1) <= within ? 'ok' : 'NOISE'
  return ratio <= 1 + within ? 'ok' : 'FAIL'
}
