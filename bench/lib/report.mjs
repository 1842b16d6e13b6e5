// From figures to the tables: ratios, the fastest CPython of each row, geometric means, flags.
import { GEOMEAN_TARGET, MEMORY_ROWS } from '../rows.mjs'
import { bytes, count, ratio, table, time } from './table.mjs'

/** Looks up figures by row, op and subject. */
export class Figures {
  #byKey = new Map()

  constructor(figures) {
    for (const figure of figures) this.#byKey.set(`${figure.row} ${figure.op} ${figure.subject}`, figure)
  }

  of(row, op, subject) {
    return this.#byKey.get(`${row.name} ${op} ${subject.id}`)
  }

  ns(row, op, subject) {
    return this.of(row, op, subject)?.ns ?? Number.NaN
  }

  /** @returns {import('./subjects.mjs').Subject | undefined} */
  fastestC(row, op, subjects) {
    const timed = subjects.filter((s) => s.runtime === 'cpython' && Number.isFinite(this.ns(row, op, s)))
    return timed.sort((a, b) => this.ns(row, op, a) - this.ns(row, op, b))[0]
  }
}

/**
 * What the tables say, as data: one entry a row and direction.
 * @returns {{ row, op, ours: number, c?: Subject, ratioC: number, target?: number, above: boolean, ratios: Map }[]}
 */
export function compare(figures, rows, subjects, op) {
  const ours = subjects.find((s) => s.id === 'ours')
  return rows
    .filter((row) => row.ops.includes(op))
    .map((row) => {
      const ns = ours === undefined ? Number.NaN : figures.ns(row, op, ours)
      const c = figures.fastestC(row, op, subjects)
      const ratioC = c === undefined ? Number.NaN : ns / figures.ns(row, op, c)
      const ratios = new Map(subjects.map((s) => [s.id, ns / figures.ns(row, op, s)]))
      const target = row.target[op]
      return { row, op, ours: ns, c, ratioC, target, above: ratioC > target, ratios }
    })
}

export function geomean(values) {
  const known = values.filter(Number.isFinite)
  return known.length === 0 ? Number.NaN : Math.exp(known.reduce((sum, v) => sum + Math.log(v), 0) / known.length)
}

/** The two means: over the core rows, which have a target, and over all object rows. */
export function means(lines, op) {
  const pick = (kinds) => lines.filter((line) => kinds.includes(line.row.kind))
  return [
    { name: 'geomean, core rows', lines: pick(['core']), target: GEOMEAN_TARGET[op] },
    { name: 'geomean, object rows', lines: pick(['core', 'object']), target: undefined },
  ].filter((mean) => mean.lines.length > 1)
}

const peersOf = (subjects, op) => subjects.filter((s) => s.id !== 'ours' && s.ops.includes(op))

/** The main table: our time, and our time divided by that of each other subject (below 1: we are faster). */
export function ratioTable(figures, rows, subjects, op) {
  const ours = subjects.find((s) => s.id === 'ours')
  const peers = peersOf(subjects, op)
  const lines = compare(figures, rows, subjects, op)
  const body = lines.map((line) => {
    const figure = figures.of(line.row, op, ours)
    const flag = line.above ? `> ${line.target}` : ''
    const cells = peers.map((s) => ratio(line.ratios.get(s.id)) + mark(figures.of(line.row, op, s)))
    const name = line.c?.id ?? '-'
    return [
      line.row.name,
      time(line.ours),
      ratio(line.ratioC),
      name,
      flag,
      ...cells,
      figure?.check === 'different' ? 'DIFF' : (figure?.check ?? '-'),
      count(figure?.calls ?? 0),
    ]
  })
  for (const mean of means(lines, op)) {
    const all = geomean(mean.lines.map((line) => line.ratioC))
    const cells = peers.map((s) => ratio(geomean(mean.lines.map((line) => line.ratios.get(s.id)))))
    body.push([mean.name, '', ratio(all), '', all > mean.target ? `> ${mean.target}` : '', ...cells, '', ''])
  }
  const head = [op, 'ours', '/ C', 'fastest C', '', ...peers.map((s) => `/${s.id}`), 'bytes', 'calls']
  return table(head, shortNames(body), `lrrl${'l'}${'r'.repeat(peers.length)}lr`)
}

/** The long names of the means would widen the first column. */
function shortNames(body) {
  return body.map(([name, ...rest]) => [name.replace('geomean, ', '= ').replace(' rows', ''), ...rest])
}

const mark = (figure) => (figure?.check === 'different' ? '!' : '')

/** The times themselves. */
export function timeTable(figures, rows, subjects, op) {
  const shown = subjects.filter((s) => s.ops.includes(op))
  const body = rows
    .filter((row) => row.ops.includes(op))
    .map((row) => [row.name, ...shown.map((s) => time(figures.ns(row, op, s)) + mark(figures.of(row, op, s)))])
  return table([op, ...shown.map((s) => s.id)], body, `l${'r'.repeat(shown.length)}`)
}

export function memoryTable(results) {
  const labels = [...new Set(results.map((r) => r.subject))]
  const of = (label, data) => results.find((r) => r.subject === label && r.data === data)?.kept
  const body = labels.map((label) => [label, ...MEMORY_ROWS.map(({ data }) => bytes(of(label, data)))])
  return table(['kept after loads', ...MEMORY_ROWS.map((m) => m.data)], body, 'lrrrr')
}
