/** `/inspect` against the Python that is there: random graphs by both of its picklers, and broken pickles. */
import { isPickleError, type PickleError, type UnpicklingError } from '@pickle-ts/pickle-core'
import { dis, disLines, genops, globalsIn, type Operation, optimize, sizes } from '@pickle-ts/pickle-core/inspect'
import { describe, expect, test } from 'vitest'
import { OPCODES } from '../src/opcodes.ts'
import { Coverage } from './differential/coverage.ts'
import { corpus } from './hostile/fuzz/corpus.ts'
import { MUTATIONS, mutate } from './hostile/fuzz/mutations.ts'
import { parseOps } from './hostile/fuzz/ops.ts'
import { withoutStacks } from './hostile/fuzz/without-stacks.ts'
import { Random } from './hostile/random.ts'
import { openPython } from './open-python.ts'
import { bytes, global, str } from './pickle-bytes.ts'
import { Pickletools } from './pickletools.ts'

const python = await openPython()

/** Values that a run yields, and the PickleError that it ended with. */
function collect<T>(run: () => Iterable<T>): { values: T[]; error: PickleError | undefined } {
  const values: T[] = []
  try {
    withoutStacks(() => {
      for (const value of run()) values.push(value)
    })
  } catch (error) {
    if (!isPickleError(error)) throw error
    return { values, error }
  }
  return { values, error: undefined }
}

function offsetOf(error: PickleError): number {
  return (error as UnpicklingError).offset
}

/** The form of `looks.canonical`. */
function canonical({ opcode: { name }, arg, pos }: Operation): string {
  let text: string
  if (arg === undefined) text = 'NoneType None'
  else if (typeof arg === 'string') text = `str ${Buffer.from(arg, 'utf16le').swap16().toString('hex')}`
  else if (arg instanceof Uint8Array) text = `bytes ${Buffer.from(arg).toString('hex')}`
  else if (typeof arg === 'boolean') text = arg ? 'bool True' : 'bool False'
  else if (name === 'FLOAT' || name === 'BINFLOAT') {
    const eight = Buffer.alloc(8)
    eight.writeDoubleBE(Number(arg))
    text = `float ${eight.toString('hex')}`
  } else text = `int ${arg}`
  return `${pos} ${name} ${text}`
}

/** All that is not ASCII as Python's escapes. */
function ascii(line: string): string {
  return line
    .replace(/[^\0-\x7f]/gu, (char) => {
      const code = char.codePointAt(0) as number
      const hex = code.toString(16)
      return code < 0x100 ? `\\x${hex}` : code < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
    })
    .replace(/ +/g, ' ')
}

/** In which way two lines of a disassembly say the same, if they do. */
function likeness(ours: string, theirs: string): string | undefined {
  if (ours === theirs) return 'the same'
  // CPython 3.13 corrected this sentence.
  if (
    ours.replace('four-byte length', 'found-byte length') === theirs.replace('four-byte length', 'found-byte length')
  ) {
    return 'the same'
  }
  if (ascii(ours) !== ascii(theirs)) return undefined
  if (/ (STRING|BINSTRING|SHORT_BINSTRING) /.test(ours))
    return 'the same but for a Python 2 str, which newer CPythons print in ASCII'
  return 'the same but for characters that one of the two takes for unprintable'
}

/** Why `loads`, and so genops, refuses what pickletools reads: nothing that a pickler writes, or that an unpickler could run. */
const STRICTER = ['frame', 'length', 'protocol', 'memo-index', 'number', 'name']

/** Before 3.12.8 and 3.13.1 pickletools refused names, persistent ids and STRINGs that are not ASCII; and it wants escapes valid. */
function pickletoolsRefuses(operation: Operation | undefined, tools: Pickletools): boolean {
  const { opcode, arg } = operation ?? {}
  if (opcode?.argument !== -1 && opcode?.argument !== -2) return false
  if (typeof arg !== 'string' || opcode.name === 'UNICODE') return false
  return arg.includes('\\') || (!tools.printsAscii && /[^\0-\x7f]/.test(arg))
}

/** What was counted, most interesting to whoever reads the log of the tests. */
function print(title: string, tally: Coverage): void {
  console.log([title, ...tally.names().map((name) => `${String(tally.get(name)).padStart(7)}  ${name}`)].join('\n'))
}

/** Good pickles, changed by one of the classes of changes after another. */
function changed(count: number): Uint8Array[] {
  const pickles = corpus(600).map((pickle) => parseOps(pickle).filter(({ opcode }) => opcode.name !== 'FRAME'))
  const names = Object.keys(MUTATIONS)
  return Array.from({ length: count }, (_, i) => {
    const random = new Random(7, i)
    return mutate(names[i % names.length] as string, random.pick(pickles), random, random.pick(pickles))
  })
}

describe.skipIf(python === undefined)('inspect against pickletools', { timeout: 120_000 }, async () => {
  if (python === undefined) return
  const tools = new Pickletools(python)
  const graphs = [...(await tools.graphs(0, 1200)), ...(await tools.atoms(2026, 1500))]
  const broken = changed(8000)
  // Opcodes that no pickler of Python 3 writes, with what dis complains of.
  const byHand = [
    '(lp01\n(dp1\nI2\n(dp2\nI3\n(dp3\nsss.',
    'Np00\n0g00\n.',
    '(\x85t.',
    '(\x85N(1.',
    '((N\x86\x850.',
    '(Nt1.',
    "S'a\\x41\\101\\n\\q'\n.",
    'S"it\'s"\n.',
    'U\x03\xe9\x00a.',
    'ca\\x41\nb\\n\n.',
    'Pa\\tb\n.',
    'Pa\\xg\n.',
    '(I1\nN2oiq\nr\n.',
    'F-nan\n.',
    'Finf\nF-0\nF1e16\nF1e-5\nFnan\n000.0',
    'L-0L\nL00012L\nI-5\n00.',
    '\x8a\x00\x8a\x02\xff\x00\x8a\x01\x80\x8b\x05\0\0\0\0\0\0\0\x80000.',
    'G\x00\x00\x00\x00\x00\x00\x00\x01G\x7f\xf0\0\0\0\0\0\x00G\x80\0\0\0\0\0\0\x000N.',
    "\x8e\x01\0\0\0\0\0\0\0'\x96\x02\0\0\0\0\0\0\0\"'\x8d\x02\0\0\0\0\0\0\0\"'\x97\x98000.",
    '\x82\x05\x83\x01\x02\x84\xff\xff\xff\x7f00.',
    '\x84\x00\x00\x00\x80.',
  ].map((pickle) => bytes(pickle))

  test('the table has what follows each opcode', async () => {
    const ours = OPCODES.map(({ name, code, proto, argument }) => [name, code, proto, argument])
    expect(ours).toEqual(await tools.table())
    expect(ours.length).toBe(68)
  })

  test.each([
    ['plain', 0, 4, 1],
    ['annotated', 30, 4, 2],
    ['annotated from the first column, indented by one', 1, 1, 7],
  ])('dis of random graphs, %s', async (title, annotate, indentLevel, share) => {
    const tally = new Coverage()
    const pickles = graphs.filter((_, i) => i % share === 0)
    const answers = await tools.dis(pickles, annotate, indentLevel)
    for (const [i, pickle] of pickles.entries()) {
      const [text, error] = answers[i] as (typeof answers)[number]
      expect(error).toBe(null)
      if (dis(pickle, { annotate, indentLevel }) === text) {
        tally.add(['the same'])
        continue
      }
      const theirs = text.split('\n').slice(0, -1)
      const ours = [...disLines(pickle, { annotate, indentLevel })]
      expect(ours.length).toBe(theirs.length)
      const ways = new Set<string>()
      for (const [at, line] of ours.entries()) {
        const way = likeness(line, theirs[at] as string)
        if (way === undefined) expect(line).toBe(theirs[at])
        else ways.add(way)
      }
      for (const way of ways) if (way !== 'the same' || ways.size === 1) tally.add([way])
    }
    print(`dis of ${pickles.length} random graphs, ${title}`, tally)
    expect(tally.get('the same')).toBeGreaterThan(0.95 * pickles.length)
  })

  test('optimize of random graphs', async () => {
    const answers = await tools.optimize(graphs)
    let shorter = 0
    for (const [i, pickle] of graphs.entries()) {
      const small = optimize(pickle)
      expect(Buffer.compare(small, answers[i] as Uint8Array), `${i}`).toBe(0)
      if (small.length < pickle.length) shorter++
    }
    console.log(`optimize of ${graphs.length} random graphs: the same bytes; ${shorter} are shorter`)
    expect(shorter).toBeGreaterThan(1500)
  })

  test('genops of random graphs, and sizes that add up', async () => {
    const answers = await tools.genops(graphs)
    for (const [i, pickle] of graphs.entries()) {
      const [lines, stopped] = answers[i] as (typeof answers)[number]
      expect([...genops(pickle)].map(canonical).join('\n')).toBe(lines)
      expect(stopped).toBe(true)
      expect(sizes(pickle).total).toBe(pickle.length)
    }
  })

  test('genops, dis and optimize of broken pickles', async () => {
    const pickles = [...broken, ...byHand]
    const [operations, texts, optimized] = await Promise.all([
      tools.genops(pickles),
      tools.dis(pickles),
      tools.optimize(pickles),
    ])
    const tally = new Coverage()
    for (const [i, pickle] of pickles.entries()) {
      const hex = Buffer.from(pickle).toString('hex')
      const { values, error } = collect(() => genops(pickle))
      const [text, stopped] = operations[i] as (typeof operations)[number]
      const theirs = text === '' ? [] : text.split('\n')
      for (const [at, operation] of values.slice(0, theirs.length).entries()) {
        const line = canonical(operation)
        if (line === theirs[at]) continue
        // pickletools undoes escapes where no unpickler does.
        const isName = /^(GLOBAL|INST|PERSID)$/.test(operation.opcode.name)
        if (isName && String(operation.arg).includes('\\')) tally.add(['genops: a name with a backslash'])
        else expect(line, hex).toBe(theirs[at])
      }
      if (values.length > theirs.length) {
        expect([stopped, pickletoolsRefuses(values[theirs.length], tools)], hex).toEqual([false, true])
        tally.add(['genops: pickletools does not read a name or a STRING'])
      } else if (values.length < theirs.length) {
        expect(STRICTER, hex).toContain(error?.code)
        tally.add([`genops: we refuse, by ${error?.code}`])
      } else {
        expect(error === undefined, hex).toBe(stopped)
        tally.add([stopped ? 'genops: the same, to STOP' : 'genops: the same, to an error'])
      }

      const lines = collect(() => disLines(pickle))
      const [printed, problem] = texts[i] as (typeof texts)[number]
      // A line that an IndexError cut off has no end.
      const printedLines = printed.split('\n').slice(0, -1)
      for (const [at, line] of lines.values.slice(0, printedLines.length).entries()) {
        if (likeness(line, printedLines[at] as string) === undefined) expect(line, hex).toBe(printedLines[at])
      }
      if (lines.values.length > printedLines.length) {
        expect(pickletoolsRefuses(values[printedLines.length], tools), hex).toBe(true)
        tally.add(['dis: pickletools does not read a name or a STRING'])
      } else if (lines.values.length < printedLines.length) {
        expect(STRICTER, hex).toContain(lines.error?.code)
        tally.add(['dis: we refuse before pickletools does'])
      } else if (lines.error?.code === 'dis') {
        const ours = lines.error.message.replace(/ \([A-Z_\d]+ at byte \d+\)$/, '')
        if (ours.endsWith('was taken for a value')) expect(problem).toBe('IndexError: list index out of range')
        // Python prints what is left on the stack.
        else
          expect(ours.replace(/: \d+ values are left/, '')).toBe(
            problem?.replace('ValueError: ', '').replace(/: \[.*\]$/s, ''),
          )
        tally.add(['dis: the same lines, and the same error'])
      } else {
        expect(lines.error === undefined, hex).toBe(problem === null)
        tally.add([`dis: the same lines${problem === null ? '' : ', and neither reads more'}`])
      }

      const short = collect(() => [optimize(pickle)])
      const theirShort = optimized[i]
      if (short.error === undefined && theirShort !== undefined) {
        expect(Buffer.compare(short.values[0] as Uint8Array, theirShort), hex).toBe(0)
        tally.add(['optimize: the same'])
      } else if (theirShort !== undefined) {
        // pickletools writes a GET of what was never put as `gNone`.
        expect([...STRICTER, 'memo-missing'], hex).toContain(short.error?.code)
        tally.add([`optimize: we refuse, by ${short.error?.code}`])
      } else if (short.error === undefined) {
        expect(
          values.some((operation) => pickletoolsRefuses(operation, tools)),
          hex,
        ).toBe(true)
        tally.add(['optimize: pickletools does not read a name or a STRING'])
      } else tally.add(['optimize: neither'])
    }
    print(`${pickles.length} broken pickles`, tally)
    expect(tally.get('genops: the same, to STOP')).toBeGreaterThan(1000)
    expect(tally.get('genops: the same, to an error')).toBeGreaterThan(500)
    expect(tally.get('dis: the same lines, and the same error')).toBeGreaterThan(500)
    expect(tally.get('optimize: the same')).toBeGreaterThan(1000)
  })

  test('globalsIn finds what the C unpickler asks find_class for', async () => {
    const hostile = [
      // Strings from everywhere, for STACK_GLOBAL.
      'U\x02osU\x06system\x93.',
      'Vo\\u0073\nV\\u0073ystem\n\x93.',
      "S'o\\x73'\nS'system'\n\x93.",
      `${str('system')}q\x05${str('os')}q\x0700h\x07h\x05\x93.`,
      `${str('os')}2\x93.`,
      `\x80\x04${global('os\nx', 'sys tem')}.`,
      `\x80\x04${global('os', 'path.sep')}.`,
      '\x80\x02cos\npath.sep\n.',
      // Names as Python 2 has them, at each protocol; a PROTO that comes late, or twice.
      'c__builtin__\neval\n.',
      '\x80\x03c__builtin__\neval\n.',
      'c__builtin__\neval\n\x80\x030c__builtin__\nexec\n.',
      '\x80\x03\x80\x02c__builtin__\nxrange\n.',
      'ccopy_reg\n_reconstructor\n.',
      // INST, OBJ, extension codes, calls that are thrown away, a mark in the way.
      '(ios\nsystem\n.',
      "(cos\nsystem\nS'ls'\no.",
      '(cos\nsystem\n1N.',
      'cos\nsystem\n0cos\npath\n0cos\nsystem\n.',
      '\x82\xf1.',
      '\x83\xf1\xff.',
      '\x84\xf1\xff\xff\x7f.',
      '\x82\x01.',
      'Pcos\nsystem\n.',
      '\x97\x980cos\nsystem\n.',
      // A class gets a state; an object is called; a global is a key, or its own state.
      "cm\nC\nN}S'a'\ncm\nD\ns\x86bcm\nE\n.",
      'cm\nC\n)R)R0cm\nD\n.',
      '}cm\nC\nNscm\nD\n.',
      'cm\nC\n)\x81cm\nD\n)Rb.',
      'cm\nC\n)}\x92.',
      // Broken after the global.
      'cos\nsystem\n',
      "cos\nsystem\n(S'ls'\ntR",
      'cos\nsystem\nX\xff\xff\xff\xff.',
      'cos\nsystem\n\xff.',
      'cos\nsys',
      'I 1\ncos\nsystem\n.',
    ].map((pickle) => bytes(pickle))
    const pickles = [...hostile, ...graphs, ...broken]
    const answers = await tools.asked(pickles)
    const tally = new Coverage()
    const extensionCodes = [
      { code: 0xf1, module: 'graph_classes', name: 'Ext1' },
      { code: 0xfff1, module: 'graph_classes', name: 'Ext2' },
      { code: 0x7fff_fff1, module: 'graph_classes', name: 'Ext4' },
    ]
    for (const [i, pickle] of pickles.entries()) {
      const hex = Buffer.from(pickle).toString('hex')
      const [asked, problem] = answers[i] as (typeof answers)[number]
      const theirs = [...new Set(asked.map((pair) => JSON.stringify(pair)))]
      const { globals, error, end } = withoutStacks(() => globalsIn(pickle, { extensionCodes }))
      // A call of getattr is a global here; CPython's unpickler does not see it.
      const ours = globals
        .filter(({ opcode }) => opcode !== 'REDUCE')
        .map(({ rawModule, rawName }) => JSON.stringify([rawModule, rawName]))
      const both = Math.min(ours.length, theirs.length)
      expect(ours.slice(0, both), hex).toEqual(theirs.slice(0, both))
      // The reader and genops are of one mind: they end at the same byte, and what genops cannot parse the reader does not pass.
      const parsed = collect(() => genops(pickle))
      if (error === undefined) expect([parsed.error, parsed.values.at(-1)?.end], hex).toEqual([undefined, end])
      else if (parsed.error !== undefined) expect(offsetOf(error), hex).toBeLessThanOrEqual(offsetOf(parsed.error))
      // Whoever found less says why.
      if (ours.length < theirs.length) expect(error, hex).toBeDefined()
      if (ours.length > theirs.length) expect(problem, hex).not.toBe(null)
      if (error === undefined) tally.add([problem === null ? 'both read it' : 'we read it, CPython does not'])
      else tally.add([problem === null ? `CPython reads it, we refuse by ${error.code}` : 'neither reads it'])
    }
    print(`globals of ${pickles.length} pickles: the same ones, in the same order`, tally)
    expect(tally.get('both read it')).toBeGreaterThan(5000)
    expect(tally.get('neither reads it')).toBeGreaterThan(1000)
  })
})
