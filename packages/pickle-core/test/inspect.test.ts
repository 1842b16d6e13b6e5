/** `/inspect`: the opcode table against CPython's, `genops` against `loads`, and what `dis`, `globalsIn` and `sizes` say. */
import { readFileSync } from 'node:fs'
import { dumps, GlobalRef, isPickleError, loads, Tuple, Unpickler } from '@pickle-ts/pickle-core'
import { dis, disLines, genops, globalsIn, optimize, sizes } from '@pickle-ts/pickle-core/inspect'
import { describe, expect, test } from 'vitest'
import { OPCODE_INFO } from '../src/inspect/opcode-info.ts'
import { strRepr } from '../src/inspect/python-repr.ts'
import { OPCODES } from '../src/opcodes.ts'
import { GOLDEN_TOPICS, type Golden, goldenFiles } from './golden.ts'
import { openPython } from './open-python.ts'
import { bytes, global, str, u32, u64 } from './pickle-bytes.ts'

const python = await openPython()
const withPython = describe.skipIf(python === undefined)
const golden: readonly Golden[] = GOLDEN_TOPICS.flatMap(goldenFiles)

function failure(run: () => unknown): { code: string; offset: unknown } | undefined {
  try {
    run()
  } catch (error) {
    if (!isPickleError(error)) throw error
    return { code: error.code, offset: (error as { offset?: unknown }).offset }
  }
  return undefined
}

describe('the opcode table', () => {
  test('has exactly the opcodes that the reader runs', () => {
    const source = readFileSync(new URL('../src/read/execute.ts', import.meta.url), 'utf8')
    const cases = [...source.matchAll(/^ {6}case (0x[0-9a-f]{2}) \/\* (\w+) \*\/:/gm)]
    const inReader = cases.map(([, code, name]) => `${name} ${code}`).sort()
    const inTable = OPCODES.map(({ name, code }) => `${name} 0x${code.toString(16)}`).sort()
    expect(inReader).toEqual(inTable)
    expect(new Set(cases.map(([, code]) => code)).size).toBe(68)
  })

  withPython('against pickletools', () => {
    test('names, bytes, protocols, stack effects and sentences', async () => {
      const { value } = await (python as NonNullable<typeof python>).run<
        [string, number, number, number, boolean, number, string][]
      >(`
import pickletools
mark = pickletools.markobject
value = [(o.name, ord(o.code), o.proto, o.stack_before.index(mark) if mark in o.stack_before else len(o.stack_before),
          mark in o.stack_before, len(o.stack_after), o.doc.split('\\n', 1)[0]) for o in pickletools.opcodes]
`)
      // CPython 3.13 corrected one sentence.
      const sentence = (doc: string): string => doc.replace('found-byte', 'four-byte')
      expect(
        OPCODES.map(({ name, code, proto }) => {
          const { takes, takesMark, leaves, doc } = OPCODE_INFO.get(name) as NonNullable<
            ReturnType<typeof OPCODE_INFO.get>
          >
          return [name, code, proto, takes, takesMark, leaves, doc]
        }),
      ).toEqual(
        value.map(([name, code, proto, takes, takesMark, leaves, doc]) => [
          name,
          code,
          proto,
          takes,
          takesMark,
          leaves,
          sentence(doc),
        ]),
      )
    })
  })
})

describe('genops', () => {
  test('gives opcodes, arguments and places', () => {
    const pickle = bytes(
      `\x80\x02(I01\nL12L\nF1.5\nS'a\\n'\nVb\ncm\nn\nJ\xff\xff\xff\xffM\x01\x02\x8a\x01\xffG?\xf8\0\0\0\0\0\0C\x02xyt.`,
    )
    const found = [...genops(pickle)].map(({ opcode, arg, pos }) => [opcode.name, arg, pos])
    expect(found).toEqual([
      ['PROTO', 2, 0],
      ['MARK', undefined, 2],
      ['INT', true, 3],
      ['LONG', 12, 7],
      ['FLOAT', 1.5, 12],
      ['STRING', 'a\n', 17],
      ['UNICODE', 'b', 24],
      ['GLOBAL', 'm n', 27],
      ['BININT', -1, 32],
      ['BININT2', 513, 37],
      ['LONG1', -1, 40],
      ['BINFLOAT', 1.5, 43],
      ['SHORT_BINBYTES', Uint8Array.of(120, 121), 52],
      ['TUPLE', undefined, 56],
      ['STOP', undefined, 57],
    ])
  })

  test('parses all that loads accepts, to the same byte', () => {
    // Golden files, whole and changed; a small generator, so that every run has the same.
    let seed = 12_345
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 8) % below
    }
    let accepted = 0
    let refused = 0
    for (const { bytes: file, load } of golden.filter(({ bytes: { length } }) => length < 2000)) {
      for (let i = 0; i < 8; i++) {
        const changed = Uint8Array.from(file)
        if (i > 0) changed[random(file.length)] = i % 2 === 0 ? random(256) : (OPCODES[random(68)]?.code ?? 0)
        const options = { ...load, mapping: 'exact', unknownGlobals: 'inert', surrogatePairs: 'merge' } as const
        const unpickler = new Unpickler(changed, options)
        if (failure(() => unpickler.load()) !== undefined) {
          refused++
          // Nothing but a PickleError, here as there.
          failure(() => [...genops(changed)])
          continue
        }
        accepted++
        expect([...genops(changed)].at(-1)?.end).toBe(unpickler.offset)
      }
    }
    console.log(`genops: ${accepted} pickles that loads accepts end at the same byte; ${refused} refused by loads`)
    expect(accepted).toBeGreaterThan(5000)
    expect(refused).toBeGreaterThan(1000)
  })

  test.each([
    ['', 'truncated', 0],
    ['N', 'truncated', 1],
    ['\xff.', 'opcode', 0],
    ['X\xff\xff\xff\xffa.', 'length', 0],
    ['\x8b\xff\xff\xff\xff.', 'length', 0],
    [`\x8e${u64(2n ** 64n - 1n)}a.`, 'length', 0],
    ['K', 'truncated', 0],
    ['Gabc', 'truncated', 0],
    ['I1', 'truncated', 0],
    ['I 1\n.', 'number', 0],
    [`\x80\x04\x95${u64(9)}N.`, 'length', 2],
    [`\x80\x04\x95${u64(1)}K\x01.`, 'frame', 11],
    [`\x80\x04\x95${u64(12)}\x95${u64(0)}NN.`, 'frame', 11],
    ['\x80\x06N.', 'protocol', 0],
  ])('%j is refused', (pickle, code, offset) => {
    expect(failure(() => [...genops(bytes(pickle))])).toEqual({ code, offset })
  })
})

describe('dis and optimize', () => {
  const known = golden.filter(({ pickletools }) => pickletools === undefined)

  test('dis prints what pickletools.dis printed of every golden file', () => {
    for (const { path, bytes, dis: expected } of known) expect(dis(bytes), path).toBe(expected)
    console.log(
      `dis: ${known.length} of ${golden.length} golden files are printed alike; pickletools cannot read the others`,
    )
    expect(known.length).toBeGreaterThan(2000)
  })

  test('optimize writes what pickletools.optimize wrote of every golden file', async () => {
    const { createHash } = await import('node:crypto')
    let same = 0
    for (const { path, bytes, optimized } of golden) {
      if (optimized === undefined) continue
      expect(createHash('sha256').update(optimize(bytes)).digest('hex'), path).toBe(optimized)
      same++
    }
    console.log(`optimize: ${same} golden files are written alike`)
    expect(same).toBeGreaterThan(2000)
  })

  withPython('with the Python that is there', () => {
    const py = (): NonNullable<typeof python> => python as NonNullable<typeof python>

    test('annotations and indents', async () => {
      const pickles = golden.filter((_, i) => i % 40 === 0).map(({ bytes }) => bytes)
      const { value } = await py().run<(string | null)[]>(
        `
import io, pickletools
value = []
for blob in blobs:
    for annotate, indent in ((30, 4), (1, 2), (0, 0)):
        out = io.StringIO()
        try: pickletools.dis(blob, out, annotate=annotate, indentlevel=indent)
        except ValueError: out = None
        value.append(out and out.getvalue())
`,
        pickles,
      )
      const ours = pickles.flatMap((pickle) =>
        [
          [30, 4],
          [1, 2],
          [0, 0],
        ].map(([annotate, indentLevel]) =>
          dis(pickle, { annotate, indentLevel }).replaceAll('four-byte length.', 'found-byte length.'),
        ),
      )
      const theirs = value.map((text, i) =>
        text === null ? ours[i] : text.replaceAll('four-byte length.', 'found-byte length.'),
      )
      expect(ours).toEqual(theirs)
    })

    test('repr of every character', async () => {
      const { out } = await py().run(`
import sys
value = sys.version_info[:2]
out = ['\\n'.join(repr(chr(code))[1:-1] for code in range(0x110000)).encode('utf-8', 'surrogatepass')]
`)
      const theirs = new TextDecoder().decode(out[0] as Uint8Array).split('\n')
      let other = 0
      for (let code = 0; code < 0x110000; code++) {
        const ours = strRepr(String.fromCodePoint(code)).slice(1, -1)
        if (ours === theirs[code]) continue
        // Only for what one of the two versions of Unicode does not know yet, and so prints as an escape.
        expect(
          [ours, theirs[code]].some((text) => text?.startsWith('\\u') || text?.startsWith('\\U')),
          `U+${code.toString(16)}`,
        ).toBe(true)
        other++
      }
      console.log(`repr: ${other} of 1,114,112 code points are printable in one of the versions of Unicode alone`)
      expect(other).toBeLessThan(20_000)
    })

    test('broken pickles: the same lines, then the same words', async () => {
      const broken = [
        '0.',
        'N0.',
        '(N.',
        't.',
        'Na.',
        'Nq\0Nq\0.',
        'h\0.',
        '(q\0.',
        'NN.',
        ']q\0(h\0e0.',
        '}(NNu0.',
        '(0N.',
        'N(1.',
        'N1.',
      ]
      const { value } = await py().run<[string, string][]>(
        `
import io, pickletools
value = []
for blob in blobs:
    out = io.StringIO()
    try: pickletools.dis(blob, out); error = ''
    except ValueError as e: error = str(e)
    value.append((out.getvalue(), error))
`,
        broken.map((pickle) => bytes(pickle)),
      )
      for (const [i, pickle] of broken.entries()) {
        const lines: string[] = []
        let error = ''
        try {
          for (const line of disLines(bytes(pickle))) lines.push(`${line}\n`)
        } catch (thrown) {
          if (!isPickleError(thrown, 'dis')) throw thrown
          error = thrown.message.replace(/ \([A-Z_\d]+ at byte \d+\)$/, '')
        }
        const [text, theirs] = value[i] as [string, string]
        expect(lines.join(''), pickle).toBe(text)
        // Python prints what is left on the stack.
        expect(error.replace(/: \d+ values are left/, ''), pickle).toBe(theirs.replace(/: \[.*\]$/s, ''))
      }
    })
  })

  test('a memo goes on from one pickle to the next', () => {
    const memo = new Set<number>()
    dis(bytes('Nq\x000N.'), { memo })
    expect(dis(bytes('h\x00.'), { memo })).toContain('BINGET     0')
    expect(failure(() => dis(bytes('h\x00.')))?.code).toBe('dis')
  })

  test('a text that is longer than a string can be is for disLines', () => {
    const marks = bytes('('.repeat(20_000), '.')
    expect(failure(() => dis(marks))).toEqual({ code: 'dis', offset: -1 })
    let lines = 0
    // It goes on to the STOP that finds nothing but marks.
    expect(
      failure(() => {
        for (const line of disLines(marks)) lines += line === '' ? 0 : 1
      })?.code,
    ).toBe('dis')
    expect(lines).toBe(20_002)
  })

  test('optimize refuses what it cannot number', () => {
    expect(failure(() => optimize(bytes('h\x05.')))).toEqual({ code: 'memo-missing', offset: 0 })
    expect(failure(() => optimize(bytes('N')))?.code).toBe('truncated')
    // Put after it was used: too late.
    expect(failure(() => optimize(bytes('h\x000Nq\x00.')))).toEqual({ code: 'memo-missing', offset: 0 })
  })

  test('optimize frames anew', () => {
    const text = 'x'.repeat(70_000)
    const value = [text, Array.from({ length: 30_000 }, (_, i) => i), text, 'short', 'short']
    for (const protocol of [0, 1, 2, 3, 4, 5] as const) {
      const pickle = dumps(value, { protocol })
      const small = optimize(pickle)
      expect(small.length).toBeLessThanOrEqual(pickle.length)
      expect(loads(small)).toEqual(value)
      expect(Buffer.compare(optimize(small), small)).toBe(0)
    }
  })
})

describe('globalsIn', () => {
  const found = (pickle: string): string[] =>
    globalsIn(bytes(pickle)).globals.map(({ module, name, opcode, pos }) => `${module}.${name} ${opcode} ${pos}`)

  test.each([
    ['GLOBAL', 'cos\nsystem\n.', ['os.system GLOBAL 0']],
    ['STACK_GLOBAL', `\x80\x04${global('os', 'system')}.`, ['os.system STACK_GLOBAL 14']],
    ['INST', '(ios\nsystem\n.', ['os.system INST 1']],
    ['names from the memo', '\x80\x04\x8c\x02os\x94\x8c\x06system\x9400h\x00h\x01\x93.', ['os.system STACK_GLOBAL 22']],
    ['Python 2 names', 'c__builtin__\neval\n.', ['builtins.eval GLOBAL 0']],
    ['a dotted name', `\x80\x04${global('os', 'path.sep')}.`, ['os.path.sep STACK_GLOBAL 16']],
    ['a late PROTO', `${str('os')}${str('path.sep')}\x80\x04\x93.`, ['os.path.sep STACK_GLOBAL 16']],
    [
      'getattr',
      `cbuiltins\ngetattr\n(cos\npath\nVsep\ntR.`,
      ['builtins.getattr GLOBAL 0', 'os.path GLOBAL 19', 'os.path.sep REDUCE 34'],
    ],
    ['twice the same', 'cm\nC\n0cm\nC\n.', ['m.C GLOBAL 0']],
    ['a call that is thrown away', 'N(cos\nsystem\no0.', ['os.system GLOBAL 2']],
    ['a blank in a name', 'ca b\nc d\n.', ['a b.c d GLOBAL 0']],
    ['a buffer that is not there', `\x80\x05\x970cos\nsystem\n.`, ['os.system GLOBAL 4']],
    ['a persistent id', 'Pid\n0cos\nsystem\n.', ['os.system GLOBAL 5']],
    ['a Python 2 str that is not ASCII', 'U\x01\xe90cos\nsystem\n.', ['os.system GLOBAL 4']],
  ])('%s', (_, pickle, expected) => {
    expect(found(pickle)).toEqual(expected)
  })

  test('Python 2 names as they stand there', () => {
    expect(globalsIn(bytes('c__builtin__\nxrange\n.')).globals[0]).toMatchObject({
      module: 'builtins',
      name: 'range',
      rawModule: '__builtin__',
      rawName: 'xrange',
    })
  })

  test('extension codes, with and without a name', () => {
    const pickle = bytes('\x80\x02\x82\x05\x83\x01\x02\x82\x05\x87.')
    expect(globalsIn(pickle)).toMatchObject({ globals: [], extensionCodes: [5, 513] })
    const named = globalsIn(pickle, { extensionCodes: [{ code: 5, module: 'm', name: 'C' }] })
    expect(named).toMatchObject({ globals: [{ module: 'm', name: 'C', opcode: 'EXT1' }], extensionCodes: [513] })
  })

  test('what a broken pickle asked for before it broke', () => {
    const { globals, error, end } = globalsIn(bytes('cos\nsystem\n(S"x"\ntRh\x99.'))
    expect(globals.map(({ name }) => name)).toEqual(['system'])
    expect([error?.code, end]).toEqual(['memo-missing', -1])
  })

  test('limits are those of loads', () => {
    const pickle = bytes(`cm\nC\n0(${'N'.repeat(50)}t.`)
    expect(globalsIn(pickle, { limits: { maxItems: 10 } })).toMatchObject({
      globals: [{ name: 'C' }],
      error: { code: 'limit' },
    })
    expect(globalsIn(pickle)).toMatchObject({ globals: [{ name: 'C' }], error: undefined })
  })

  test('pickle after pickle', () => {
    const all: string[] = []
    const input = bytes('ca\nb\n.', 'cc\nd\n.', 'N.')
    for (let start = 0; start < input.length; ) {
      const { globals, end } = globalsIn(input, { start })
      all.push(...globals.map(({ module, pos }) => `${module} ${pos}`))
      start = end
    }
    expect(all).toEqual(['a 0', 'c 6'])
  })

  test('asks for nothing in plain data, and finds what dumps wrote', () => {
    expect(globalsIn(dumps({ a: [1, 'x'] })).globals).toEqual([])
    expect(globalsIn(dumps([new GlobalRef('a.b', 'C.D')], { protocol: 2 })).globals.map(({ name }) => name)).toEqual([
      'getattr',
      'C',
      'C.D',
    ])
  })
})

describe('sizes', () => {
  test('the bytes of all parts are those of the pickle, in every golden file', () => {
    for (const { path, bytes } of golden) {
      const { total, root, frame } = sizes(bytes)
      expect(total, path).toBe(bytes.length)
      let sum = frame
      const waiting = [root]
      for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
        sum += node.own
        waiting.push(...node.parts.map((part) => part.node))
      }
      expect(sum, path).toBe(bytes.length)
    }
  })

  test('the largest, by their paths', () => {
    const shared = 'y'.repeat(100)
    const value = { name: 'tea', rows: [{ 'a key': new Uint8Array(900) }, Tuple.of(shared, shared)], n: 2 ** 40 }
    const report = sizes(dumps(value))
    expect(report.largest(6)).toEqual([
      { path: '$', type: 'dict', count: 1, bytes: report.root.bytes },
      { path: '$.rows', type: 'list', count: 1, bytes: expect.any(Number) },
      { path: '$.rows[0]', type: 'dict', count: 1, bytes: expect.any(Number) },
      { path: '$.rows[0]["a key"]', type: 'bytes', count: 1, bytes: 906 },
      { path: '$.rows[1]', type: 'tuple', count: 1, bytes: 107 },
      { path: '$.rows[1][0]', type: 'str', count: 1, bytes: 103 },
    ])
    expect(report.largest(99).at(-1)?.bytes).toBeGreaterThan(0)
    const [first, second] = String(report).split('\n')
    expect(first).toBe(`${report.total} bytes`)
    expect(second).toMatch(/^\d+ +\d+\.\d % {2}\$ {2}dict$/)
  })

  test('what is small is added up: by place, key and type', () => {
    const rows = Array.from({ length: 1000 }, (_, id) => ({ id, name: `n${id}`, tags: [id, 'a'] }))
    const many = new Map(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i % 2 === 0 ? i + 0.5 : null] as const))
    const pickle = dumps({ rows, blob: new Uint8Array(500), many }, { protocol: 4 })
    const report = sizes(pickle, { smallest: 100 })
    const lines = new Map(report.largest(200).map(({ path, type, count }) => [`${path} ${type}`, count]))
    expect(lines.get('$ dict')).toBe(1)
    expect(lines.get('$.blob bytes')).toBe(1)
    expect(lines.get('$.rows[*] dict')).toBe(1000)
    expect(lines.get('$.rows[*].id int')).toBe(1000)
    expect(lines.get('$.rows[*].name str')).toBe(1000)
    expect(lines.get('$.rows[*].tags list')).toBe(1000)
    expect(lines.get('$.rows[*].tags[*] int')).toBe(1000)
    // 'a' is written once.
    expect(lines.get('$.rows[*].tags[*] reference')).toBe(999)
    // No more than 32 small parts have a line of their own, and one of them is what dict() is called with.
    expect([...lines.keys()].filter((line) => line.startsWith('$.many["key')).length).toBe(31)
    expect(lines.get('$.many[*] float')).toBe(484)
    expect(lines.get('$.many[*] None')).toBe(485)
    for (const smallest of [0, 1, 2, 50, 1e9]) {
      const { total, root, frame } = sizes(pickle, { smallest })
      expect(total).toBe(pickle.length)
      let own = frame
      const waiting = [root]
      for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
        own += node.own
        waiting.push(...node.parts.map((part) => part.node))
      }
      expect(own).toBe(pickle.length)
    }
    expect(String(report)).toContain(' $.rows[*]  1000 x dict')
  })

  test('each value has its own line, on demand', () => {
    const pickle = dumps(Array.from({ length: 30_000 }, (_, i) => i))
    const only = sizes(pickle).root.parts
    expect(only.map(({ label, node }) => `${label} ${node.count}`)).toEqual(['[*] 30000'])
    expect(sizes(pickle, { smallest: 0 }).root.parts.length).toBe(30_000)
  })

  test('a million values are listed, and what comes then is added up', () => {
    const { root, total, frame } = sizes(dumps(new Array(1_000_010).fill(null), { protocol: 4 }), { smallest: 0 })
    expect(root.parts.length).toBe(1_000_000)
    expect(root.own + 1_000_000 + frame).toBe(total)
  })

  test('small values of many types, and small values in small values in small values', () => {
    const kinds = bytes('(l', ...Array.from({ length: 100 }, (_, i) => `(im${i}\nC\na`), '.')
    expect(sizes(kinds, { smallest: 1e9 }).root.parts.length).toBe(64)
    const deep = bytes('('.repeat(100_000), 't'.repeat(100_000))
    const twice = bytes('(l', Buffer.from(deep).toString('latin1'), 'a', Buffer.from(deep).toString('latin1'), 'a.')
    const { root, total } = sizes(twice, { smallest: 1e9 })
    expect([total, root.parts[0]?.node.count, root.parts[0]?.node.bytes]).toEqual([twice.length, 2, 2 * deep.length])
  })

  test('keys by their names, wherever they were first written', () => {
    const pickle = bytes(`}q\0(${str('k')}r${u32(9)}]K\x05]h\x09]NN${str('x'.repeat(250))}]u.`)
    expect(sizes(pickle).root.parts.map(({ label }) => label)).toEqual(['.k', '[5]', '.k', '<value 3>', '<value 4>'])
    // MEMOIZE takes the index that len(memo) is: 1, whatever PUT took before.
    const memoized = bytes(`\x80\x04}(${str('a')}r${u32(7)}N${str('b')}\x94Nh\x01Nh\x07Nu.`)
    expect(sizes(memoized).root.parts.map(({ label }) => label)).toEqual(['.a', '.b', '.b', '.a'])
  })

  test('objects, by the parts of their reduce value', () => {
    const pickle = bytes(`\x80\x04${global('m', 'C')}K\x01\x85R(K\x01K\x02e(${str('k')}K\x03u}${str('s')}K\x04sb.`)
    const { root, frame } = sizes(pickle)
    expect(root.type).toBe('m.C')
    expect(root.parts.map(({ label, node }) => `${label} ${node.type}`)).toEqual([
      '<args> tuple',
      '[0] int',
      '[1] int',
      '.k int',
      '<state> dict',
    ])
    expect(frame).toBe(3)
  })

  test.each(['0.', 'Na.', 'u.', '(.', 'o.', '(o.', 'NR.', 'q\0.'])('%j is refused', (pickle) => {
    expect(['stack', 'mark']).toContain(failure(() => sizes(bytes(pickle)))?.code)
  })

  test('more values on the stack than limits.maxItems are refused', () => {
    const pickle = bytes(`(${'N'.repeat(50)}t.`)
    expect(sizes(pickle, { limits: { maxItems: 50 } }).total).toBe(53)
    expect(failure(() => sizes(pickle, { limits: { maxItems: 49 } }))).toEqual({ code: 'limit', offset: 50 })
    expect(failure(() => sizes(pickle, { limits: { maxItems: -1 } }))?.code).toBe('option')
  })

  test('a long index of the memo is no work', () => {
    expect(sizes(bytes(`Nr${u32(0x7fff_ffff)}.`)).total).toBe(7)
  })
})
