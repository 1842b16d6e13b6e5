/** Real Python loads what was written, and an expression holds. */
import { CheckFailure } from './check-failure.ts'
import { isCi, runProgram } from './host.ts'
import type { Sample } from './sample.ts'
import { formText, type Subject, sampleText, sampleValue } from './subject.ts'

/** Reads a prelude, an expression and pickles as JSON; writes what is wrong with each, or null. */
const SCRIPT = `
import json, pickle, sys, traceback
asked = json.load(sys.stdin)
names = {}
exec(asked["prelude"], names)
answers = []
for one in asked["pickles"]:
    buffers = [bytes.fromhex(hex) if readonly else bytearray.fromhex(hex) for hex, readonly in one["buffers"]]
    try:
        x = pickle.loads(bytes.fromhex(one["pickle"]), buffers=buffers or None)
    except Exception:
        answers.append("pickle.loads raised " + traceback.format_exc(limit=0).strip().split(chr(10))[-1])
        continue
    try:
        holds = eval(asked["expression"], {**names, "x": x})
        answers.append(None if holds is True else "it is " + repr(holds)[:200] + "; x is " + repr(x)[:400])
    except Exception:
        answers.append("it raised " + traceback.format_exc(limit=0).strip().split(chr(10))[-1] + "; x is " + repr(x)[:400])
json.dump(answers, sys.stdout)
`

/** How real Python is asked, for samples that have an expression. */
export interface PythonOptions {
  /** Statements that run before the expressions: imports, mostly. */
  readonly pythonPrelude?: string | undefined
  /** The Python to run. Default `'python3'`. */
  readonly pythonCommand?: string | undefined
}

/** Returns why the check was skipped, if it was. */
export function checkPython(subject: Subject, sample: Sample, options: PythonOptions): string | undefined {
  const { pythonPrelude: prelude = '', pythonCommand: command = 'python3' } = options
  const what = `Python's view of ${sampleText(sample)}`
  const written = subject.forms.map((form) => ({ form, ...subject.write(sampleValue(sample), form, what) }))
  const pickles = written.map(({ pickle, buffers = [] }) => ({
    pickle: hex(pickle),
    buffers: buffers.map((buffer) => [hex(buffer.raw()), buffer.readonly]),
  }))
  const run = runProgram(command, ['-c', SCRIPT], JSON.stringify({ prelude, expression: sample.python, pickles }))
  if (run === undefined || run.error !== undefined) {
    const reason =
      run?.error === undefined ? 'programs cannot be run here' : `${command} did not start (${run.error.message})`
    if (!isCi()) return `${what} was not checked: ${reason}`
    throw new CheckFailure(what, {
      expected: 'with CI set, Python runs',
      found: reason,
      change:
        "install Python 3, name it (pythonCommand: '…'), or leave this check out: checks.filter(({ kind }) => kind !== 'python')",
    })
  }
  const fail = (where: string, found: string, change: string): never => {
    throw new CheckFailure(where, { expected: `in Python: ${sample.python}`, found, change })
  }
  if (run.status !== 0) {
    return fail(
      what,
      run.stderr.trim().split('\n').slice(-3).join('\n'),
      'the prelude, `pythonPrelude`, must run by itself',
    )
  }
  for (const [index, answer] of (JSON.parse(run.stdout) as (string | null)[]).entries()) {
    if (answer === null) continue
    const form = written[index]?.form
    fail(form === undefined ? what : `${what}, ${formText(form)}`, answer, CHANGE)
  }
  return undefined
}

const CHANGE =
  '`reduce` must name what Python knows, with arguments in the order in which Python takes them:\n' +
  'module and name of the record are the Python class; Python calls name(*args), then gives it the state and the items.\n' +
  'Out of band x holds what was passed as buffers (here bytearray or bytes), in band bytearray or bytes'

function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
