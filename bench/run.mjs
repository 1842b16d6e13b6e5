// npm run bench: measures dumps and loads of pickle-core against CPython's C pickle and the JavaScript peers. See README.md.
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { HELP, readArgs } from './lib/args.mjs'
import { ensureData } from './lib/data.mjs'
import { measureMemory } from './lib/memory.mjs'
import { fastest, findPythons } from './lib/pythons.mjs'
import { compare, Figures, geomean, means, memoryTable, ratioTable, timeTable } from './lib/report.mjs'
import { plan, runRounds } from './lib/rounds.mjs'
import { chooseSubjects, missingBuild } from './lib/subjects.mjs'
import { selectRows } from './rows.mjs'

async function main(args) {
  if (args.help) return console.log(HELP)
  const rows = selectRows(args.rows)
  const found = await findPythons(args.pythonList)
  if (found.length === 0) throw new Error('no CPython of 3.8 or newer: it makes the data, and is what we compare with')
  ensureData(found[0].path)
  const pythons = await fastest(found, args.pythonCount)
  const missing = missingBuild()
  const chosen = chooseSubjects(pythons, { base: args.base, only: args.subjects })
  if (args.list) return list(rows, chosen, found, missing)
  const subjects = chosen.filter((s) => s.id !== 'ours' || missing === undefined)

  console.log(header(subjects, found, args))
  if (missing !== undefined) console.log(`ours: ${missing}`)
  const control = { stopped: stopOnInterrupt(), progress: showProgress }
  const figures = await runRounds(plan(rows, subjects, args.ops), { ...args, ...control })
  const memory = args.memory ? await measureMemory(subjects, control) : []
  print(figures, memory, rows, subjects, args)
  if (args.json) writeFileSync(args.json, `${JSON.stringify(asJson(figures, memory, rows, subjects, args), null, 1)}\n`)
}

function header(subjects, found, { rounds, warmMs, measureMs }) {
  const cpu = cpus()[0]?.model ?? 'unknown CPU'
  const lines = [
    `${cpu}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; Node ${process.versions.node} (V8 ${process.versions.v8})`,
    `protocol 5; least of ${rounds} rounds, each the median of a fresh process (${warmMs} ms warm-up, ${measureMs} ms measured)`,
    ...subjects.map((s) => `  ${s.id.padEnd(9)} ${s.about}`),
  ]
  const rest = found.filter((python) => !subjects.some((s) => s.entry === python.path))
  if (rest.length > 0) lines.push(`  not measured: CPython ${rest.map((python) => python.id).join(' ')}`)
  return lines.join('\n')
}

function print(list, memory, rows, subjects, args) {
  const figures = new Figures(list)
  const haveOurs = subjects.some((s) => s.id === 'ours')
  for (const op of args.ops) {
    const shown = rows.filter((row) => row.ops.includes(op))
    if (shown.length === 0) continue
    if (haveOurs) console.log(`\n${ratioTable(figures, shown, subjects, op)}`)
    if (!haveOurs || args.times) console.log(`\n${timeTable(figures, shown, subjects, op)}`)
  }
  if (memory.length > 0) console.log(`\n${memoryTable(memory)}`)
  for (const note of notes(list, memory)) console.log(note)
}

function notes(list, memory) {
  const out = ['']
  if (list.length > 0) {
    out.push(
      "/ x: our time over that of x, below 1 is faster. *: a PGO build. > t: above the target t. bytes: ours against CPython's.",
    )
  }
  if (list.some((f) => f.check === 'different' && f.subject !== 'ours')) {
    out.push('!: does not give back the value that it was given.')
  }
  for (const op of ['dumps', 'loads']) {
    const differ = list.filter((f) => f.subject === 'ours' && f.op === op && f.check === 'different').map((f) => f.row)
    const what =
      op === 'dumps'
        ? "dumps writes other bytes than CPython's C pickle"
        : 'what loads reads does not dump to the same bytes again'
    if (differ.length > 0) out.push(`DIFF: ${what}: ${differ.join(' ')}`)
  }
  for (const f of [...list, ...memory].filter((it) => it.failure !== undefined)) {
    out.push(`failed: ${f.subject} ${f.op ?? 'memory'} ${f.row ?? f.data}: ${f.failure}`)
  }
  const reruns = list.reduce((sum, f) => sum + f.reruns, 0)
  const runs = list.reduce((sum, f) => sum + f.medians.length, 0)
  const disturbed = list.filter((f) => f.disturbed).map((f) => `${f.row} ${f.op} ${f.subject}`)
  if (disturbed.length > 0) out.push(`never measured on a quiet machine: ${disturbed.join(', ')}`)
  if (reruns > 0) out.push(`${reruns} of ${runs} runs were repeats of a disturbed run.`)
  return out
}

function asJson(list, memory, rows, subjects, { ops, rounds, warmMs, measureMs }) {
  const figures = new Figures(list)
  const comparisons = ops.map((op) => {
    const lines = compare(figures, rows, subjects, op)
    return {
      op,
      rows: lines.map(({ row, c, ratioC, target, above }) => ({
        row: row.name,
        fastestC: c?.id,
        ratioC,
        target,
        above,
      })),
      means: means(lines, op).map(({ name, lines: of, target }) => ({
        name,
        ratioC: geomean(of.map((line) => line.ratioC)),
        target,
      })),
    }
  })
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.versions.node, v8: process.versions.v8 }
  return {
    when: new Date().toISOString(),
    machine,
    rounds,
    warmMs,
    measureMs,
    subjects,
    comparisons,
    figures: list,
    memory,
  }
}

function list(rows, subjects, found, missing) {
  for (const row of rows) console.log(`  ${row.name.padEnd(9)} ${row.about}`)
  console.log()
  for (const s of subjects) console.log(`  ${s.id.padEnd(9)} ${s.id === 'ours' && missing ? missing : s.about}`)
  console.log(`  found: CPython ${found.map((python) => python.id).join(' ')}`)
}

/** Ctrl-C ends the measuring, and what is there is printed. A second one ends the process. */
function stopOnInterrupt() {
  let stop = false
  process.once('SIGINT', () => {
    stop = true
  })
  return () => stop
}

function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

try {
  await main(readArgs(process.argv.slice(2)))
} catch (error) {
  console.error(`bench: ${error.message}`)
  process.exitCode = 1
}
