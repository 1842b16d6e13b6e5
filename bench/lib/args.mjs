// The command line.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const HELP = `npm run bench -- [options]

  --rows a,b        these rows only
  --only WHAT       dumps, loads or memory
  --subjects a,b    these subjects only; c means all CPythons
  --list            print the rows and the subjects, measure nothing
  --quick           2 short rounds, no table of memory: rough, for a look while you work
  --rounds N        default 3
  --any-machine     take each run as it is: no repeats of those that something else on the machine disturbed
  --pythons N|all   measure the N fastest CPythons (default 3), or all; a list of paths names them
  --base FILE       also measure another build of ours (the path of its index.js), side by side
  --times           print the times of all subjects, not only the ratios
  --json FILE       write everything that was measured
`

export function readArgs(argv) {
  const { values } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    options: {
      rows: { type: 'string' },
      only: { type: 'string' },
      subjects: { type: 'string' },
      list: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'any-machine': { type: 'boolean', default: false },
      pythons: { type: 'string', default: '3' },
      base: { type: 'string' },
      times: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.only !== undefined && !['dumps', 'loads', 'memory'].includes(values.only)) {
    throw new Error(`--only takes dumps, loads or memory, not '${values.only}'`)
  }
  const { quick } = values
  return {
    ...values,
    base: values.base && fromCaller(values.base),
    json: values.json && fromCaller(values.json),
    ops: ['dumps', 'loads'].filter((op) => values.only === undefined || values.only === op),
    memory: values.only === 'memory' || (values.only === undefined && !quick && values.rows === undefined),
    rounds: Number(values.rounds ?? (quick ? 2 : 3)),
    repeats: values['any-machine'] ? 0 : 2,
    warmMs: quick ? 80 : 120,
    measureMs: quick ? 100 : 180,
    pythonList: /^(\d+|all)$/.test(values.pythons) ? undefined : values.pythons,
    pythonCount: /^\d+$/.test(values.pythons) ? Number(values.pythons) : Number.POSITIVE_INFINITY,
  }
}

/** npm starts the script at the root. Paths are meant from where the user stood. */
export function fromCaller(path) {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path)
}
