// npm run pairs: does what is registered cost anything on values that do not use it? See README.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { fromCaller } from './lib/args.mjs'
import { ARMS, BASE, selectArms } from './lib/arms.mjs'
import { ensureData } from './lib/data.mjs'
import { findPythons } from './lib/pythons.mjs'
import { judge, spread } from './lib/spread.mjs'
import { missingBuild } from './lib/subjects.mjs'
import { table } from './lib/table.mjs'
import { measureRound } from './lib/turns.mjs'
import { selectRows } from './rows.mjs'

const HELP = `npm run pairs -- [options]

  --rows a,b      default plain,records,nodes,tree
  --only WHAT     dumps or loads
  --arms a,b      default again,plugins,views,callback; see below
  --pairs N       default 15
  --within R      what an arm may cost; default 0.03
  --one-process   all arms of a round in one process, by turns
  --quick         3 pairs of few turns, of plain and tree: nothing is judged
  --json FILE     write every ratio
  --from FILE     measure nothing: print and judge what --json wrote

${ARMS.map((arm) => `  ${arm.id.padEnd(9)} ${arm.about}`).join('\n')}
`

function readArgs(argv) {
  const { values } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    options: {
      rows: { type: 'string' },
      only: { type: 'string' },
      arms: { type: 'string' },
      pairs: { type: 'string' },
      within: { type: 'string', default: '0.03' },
      'one-process': { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      from: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.only !== undefined && values.only !== 'dumps' && values.only !== 'loads') {
    throw new Error(`--only takes dumps or loads, not '${values.only}'`)
  }
  const { quick } = values
  const pairs = Number(values.pairs ?? (quick ? 3 : 15))
  if (!(Number.isInteger(pairs) && pairs > 0)) throw new Error(`--pairs takes a number, not '${values.pairs}'`)
  const rows = selectRows(values.rows ?? (quick ? 'plain,tree' : 'plain,records,nodes,tree'))
  const odd = rows.find((row) => row.mode !== 'value' || row.anyOrder)
  if (odd !== undefined) throw new Error(`row '${odd.name}' is for npm run bench alone`)
  return {
    ...values,
    rows,
    arms: selectArms(values.arms),
    ops: ['dumps', 'loads'].filter((op) => values.only === undefined || values.only === op),
    pairs,
    within: Number(values.within),
    json: values.json && fromCaller(values.json),
    from: values.from && fromCaller(values.from),
    how: {
      turns: quick ? 3 : 15,
      turnMs: quick ? 2 : 10,
      warmMs: quick ? 20 : 200,
      warmCalls: quick ? 3 : 20,
      oneProcess: values['one-process'],
    },
  }
}

async function main(args) {
  if (args.help) return console.log(HELP)
  if (args.from) return report(JSON.parse(readFileSync(args.from, 'utf8')), args)
  const missing = missingBuild()
  if (missing !== undefined) throw new Error(missing)
  const [python] = await findPythons(process.env.PICKLE_TS_PYTHON)
  if (python === undefined) throw new Error('no CPython of 3.8 or newer: it makes the data')
  ensureData(python.path)
  console.log(header(args))
  const lines = await measureAll(args)
  if (args.json) writeFileSync(args.json, `${JSON.stringify(lines, null, 1)}\n`)
  report(lines, args)
}

/** @returns {Promise<{ row: string, op: string, arm: string, ratios: number[] }[]>} */
async function measureAll({ rows, ops, arms: all, pairs, how }) {
  const cases = ops.flatMap((op) => rows.map((row) => ({ row, op, arms: all.filter((arm) => arm.ops.includes(op)) })))
  const lines = cases.map(({ row, op, arms }) => arms.map(({ id }) => ({ row: row.name, op, arm: id, ratios: [] })))
  // Rounds are outermost: the pairs of a row are minutes apart, and a bad minute spoils one of them.
  for (let round = 0; round < pairs; round++) {
    for (const [i, it] of cases.entries()) {
      showProgress(`pair ${round + 1}/${pairs}  ${it.row.name} ${it.op}`)
      const ratios = await measureRound(it, { ...how, round })
      for (const line of lines[i]) line.ratios.push(ratios.get(line.arm))
    }
  }
  showProgress('')
  return lines.flat()
}

function header({ pairs, how }) {
  const where = how.oneProcess ? 'in one fresh process' : 'of fresh processes'
  return [
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; Node ${process.versions.node}`,
    `${pairs} pairs ${where} that take ${how.turns} turns of about ${how.turnMs} ms of CPU time; ratios to ${BASE.about}`,
    '',
  ].join('\n')
}

function report(lines, { within, quick }) {
  const three = (ratio) => ratio.toFixed(3)
  const cells = lines.map(({ row, op, arm, ratios }) => {
    const { median, low, high } = spread(ratios)
    return [row, op, arm, three(median), `${three(low)} to ${three(high)}`, quick ? '-' : judge(arm, median, within)]
  })
  console.log(table(['row', 'op', 'arm', 'ratio', 'quartiles', ''], cells, 'lllrrl'))
  if (quick) return console.log('\nToo short to judge.')
  const good = cells.filter((line) => line.at(-1) === 'ok').length
  if (good < cells.length) process.exitCode = 1
  console.log(`\n${good} of ${cells.length} medians are within ${+(100 * within).toFixed(3)} %.`)
}

function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

try {
  await main(readArgs(process.argv.slice(2)))
} catch (error) {
  console.error(`pairs: ${error.message}`)
  process.exitCode = 1
}
