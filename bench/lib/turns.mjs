// Measures the arms of one row side by side. A round starts fresh processes, one for each arm, and lets them take turns of some
// milliseconds, in an order that changes. A turn of an arm is divided by the turn of the base beside it. What disturbs the machine
// for longer than a turn so disturbs both, and what V8 makes of one arm never touches another.
import { fork } from 'node:child_process'
import { BASE } from './arms.mjs'
import { reasonIn, WORKERS } from './spawn.mjs'
import { median } from './spread.mjs'

/**
 * @param {{ row: import('../rows.mjs').Row, op: 'dumps' | 'loads', arms: { id: string }[] }} what
 * @param {{ turns: number, turnMs: number, warmMs: number, warmCalls: number, oneProcess: boolean, round: number }} how
 * @returns {Promise<Map<string, number>>} by arm: its time over that of the base, the median over the turns
 */
export async function measureRound({ row, op, arms }, { turns, turnMs, warmMs, warmCalls, oneProcess, round }) {
  const ids = [BASE.id, ...arms.map((arm) => arm.id)]
  const groups = oneProcess ? [ids] : rotated(ids, round).map((id) => [id])
  const workers = []
  try {
    const byArm = new Map()
    let least = Number.POSITIVE_INFINITY
    for (const group of groups) {
      const worker = new Turner({ row: row.name, op, arms: group, warmMs, warmCalls })
      workers.push(worker)
      least = Math.min(least, (await worker.answer()).ns)
      for (const id of group) byArm.set(id, worker)
    }
    // All arms make the same number of calls.
    const calls = Math.max(1, Math.round((turnMs * 1e6) / least))
    const times = ids.map(() => [])
    for (let turn = 0; turn < turns; turn++) {
      for (const id of rotated(ids, turn + round)) times[ids.indexOf(id)].push(await byArm.get(id).turn(id, calls))
    }
    for (const worker of workers) await worker.check()
    const [base, ...others] = times
    return new Map(others.map((list, i) => [arms[i].id, median(list.map((ns, turn) => ns / base[turn]))]))
  } finally {
    for (const worker of workers) worker.end()
  }
}

/** From another one first; backwards every other time. */
function rotated(ids, by) {
  const start = by % ids.length
  const order = [...ids.slice(start), ...ids.slice(0, start)]
  return by % 2 === 0 ? order : order.reverse()
}

// V8 collects garbage and compiles on the thread that is measured: what an arm leaves behind counts, and on a busy machine no helper is
// late with the fast code.
const FLAGS = ['--expose-gc', '--single-threaded']

/** A process of workers/turns.mjs. */
class Turner {
  #child
  #stderr = ''
  #settle

  constructor(spec) {
    this.#child = fork(`${WORKERS}turns.mjs`, [JSON.stringify(spec)], { execArgv: FLAGS, silent: true })
    this.#child.stderr.on('data', (text) => {
      this.#stderr += text
    })
    this.#child.on('message', (message) => this.#settle?.resolve(message))
    this.#child.on('close', () => this.#settle?.reject(new Error(reasonIn(this.#stderr) || 'a process ended early')))
  }

  /** What it says next. */
  answer() {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
  }

  async turn(arm, calls) {
    return (await this.#ask({ what: 'turn', arm, calls })).ns
  }

  async check() {
    await this.#ask({ what: 'check' })
  }

  #ask(message) {
    const answer = this.answer()
    this.#child.send(message)
    return answer
  }

  end() {
    this.#settle = undefined
    this.#child.kill()
  }
}
