// Runs the plan: each round goes over all rows, and in each row over all subjects, each in a fresh process.
// So the subjects of a row are measured within seconds of each other, and the rounds of a row are minutes apart:
// a burst of noise on the machine spoils one round, not the figure, which is the least over the rounds. A worker also times a fixed piece of work; when that was slow, the worker is run again.
import { FOLDER, twinOf } from './data.mjs'
import { pythonArgs } from './pythons.mjs'
import { runJson, WORKERS } from './spawn.mjs'

/** A run in which the fixed work took this much longer than ever was disturbed. */
const DISTURBED = 1.1
/** More rounds for the cases of which all runs were disturbed. */
const LATE_ROUNDS = 4

/**
 * @typedef {object} Figure
 * @property {string} row
 * @property {'dumps' | 'loads'} op
 * @property {string} subject
 * @property {number[]} medians ns, one a run
 * @property {number} ns the least of them
 * @property {number} mean the least mean of a run: with all pauses of the garbage collector
 * @property {number} calls measured calls, over all runs
 * @property {'same' | 'different'} [check]
 * @property {number} [size] length of what dumps wrote
 * @property {number} reruns how many runs were disturbed and run again
 * @property {boolean} disturbed whether all were
 * @property {string} [unsupported] what of the value this subject has no form for
 * @property {string} [failure]
 */

/** @returns {{ row, op, subject }[]} */
export function plan(rows, subjects, ops) {
  const cases = []
  for (const row of rows) {
    for (const op of ops.filter((o) => row.ops.includes(o))) {
      for (const subject of subjects) {
        if (subject.ops.includes(op) && subject.modes.includes(row.mode)) cases.push({ row, op, subject })
      }
    }
  }
  return cases
}

/** @returns {Promise<Figure[]>} */
export async function runRounds(cases, { rounds, repeats, warmMs, measureMs, stopped, progress }) {
  const figures = new Map(cases.map((c) => [c, newFigure(c)]))
  const quiet = new Quiet()
  for (let round = 0; round < rounds; round++) {
    for (const [i, it] of cases.entries()) {
      if (stopped()) break
      progress(`round ${round + 1}/${rounds}  ${i + 1}/${cases.length}  ${it.row.name} ${it.op} ${it.subject.id}`)
      await undisturbed(it, figures.get(it), { warmMs, measureMs, repeats, check: round === 0 }, quiet)
    }
  }
  // A busy neighbour can spoil all rounds of a case. Such cases have more of them, some minutes later.
  for (let round = 0; round < (repeats > 0 ? LATE_ROUNDS : 0); round++) {
    for (const it of cases.filter((c) => quiet.never(figures.get(c)))) {
      if (stopped()) break
      progress(`late round ${round + 1}  ${it.row.name} ${it.op} ${it.subject.id}`)
      await undisturbed(it, figures.get(it), { warmMs, measureMs, repeats, check: false }, quiet)
    }
  }
  for (const figure of figures.values()) figure.disturbed = quiet.never(figure)
  progress('')
  return [...figures.values()]
}

function newFigure({ row, op, subject }) {
  return {
    row: row.name,
    op,
    subject: subject.id,
    medians: [],
    ns: Number.NaN,
    mean: Number.POSITIVE_INFINITY,
    calls: 0,
    reruns: 0,
    disturbed: false,
  }
}

/** Runs one case. A run that was disturbed is run again, at most `repeats` times. All runs count: the figure is their least. */
async function undisturbed(it, figure, times, quiet) {
  for (let attempt = 0; attempt <= times.repeats; attempt++) {
    if (figure.failure !== undefined || figure.unsupported !== undefined) return
    const result = await once(it, figure, times)
    if (result === undefined || quiet.was(it.subject, figure, result.spin)) return
    if (attempt < times.repeats) figure.reruns++
  }
}

/** Knows how long the fixed work of each runtime takes on a quiet machine: the least that was seen. */
class Quiet {
  #least = new Map()
  /** The least that was seen beside each figure, and whose it is. */
  #beside = new Map()

  /** Whether the machine was quiet in this run. */
  was(subject, figure, spin) {
    const key = subject.runtime === 'js' ? 'js' : subject.entry
    const least = Math.min(spin, this.#least.get(key) ?? spin)
    this.#least.set(key, least)
    this.#beside.set(figure, { key, spin: Math.min(spin, this.#beside.get(figure)?.spin ?? spin) })
    return spin <= least * DISTURBED
  }

  /** Whether it was quiet in no run of this figure, by what is known now. */
  never(figure) {
    const beside = this.#beside.get(figure)
    return beside !== undefined && beside.spin > this.#least.get(beside.key) * DISTURBED
  }
}

async function once({ row, op, subject }, figure, times) {
  try {
    const result =
      subject.runtime === 'cpython'
        ? await runJson(subject.entry, pythonArgs({ ...pythonSpec(row, op), ...times }))
        : await runNode([], { row: row.name, op, subject: subject.id, entry: subject.entry, ...times })
    if (result.unsupported !== undefined) {
      figure.unsupported = result.unsupported
      return undefined
    }
    figure.medians.push(result.median)
    figure.ns = Math.min(...figure.medians)
    figure.mean = Math.min(figure.mean, result.mean)
    figure.calls += result.calls
    figure.check ??= result.check
    figure.size ??= result.size
    return result
  } catch (error) {
    figure.failure = error.message
    return undefined
  }
}

function pythonSpec(row, op) {
  const size = row.mode === 'buffer' ? JSON.parse(twinOf(row.data)).data.$buffer : 0
  return { pickle: `${FOLDER}${row.data}.pickle`, op, mode: row.mode, size, anyOrder: row.anyOrder === true }
}

export function runNode(flags, spec) {
  return runJson(process.execPath, [...flags, `${WORKERS}js.mjs`, JSON.stringify(spec)])
}
