/** The table of `docs/plugins.md` of what Python writes for a class, row by row: such a record reads what a real Python writes. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createPickle, PyObject, pyType, type TypeRecord } from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { openPython } from './open-python.ts'
import { PYTHON_COMMAND } from './python.ts'

const page = readFileSync(new URL('../../../docs/plugins.md', import.meta.url), 'utf8')
const [, table = ''] = page.split('| The class in Python | The record | What it is given |\n|---|---|---|\n')
const rows = table.slice(0, table.indexOf('\n\n')).split('\n').map(cellsOf)

function cellsOf(row: string): readonly [string, string] {
  const [, label = '', record = ''] = row.split(' | ').join('| ').split('| ')
  return [label.trim(), record.trim()]
}

/** The fields of a record, as the page gives them. */
function fieldsOf(cell: string): Pick<TypeRecord, 'opcodes' | 'args' | 'state'> {
  const json = cell.replaceAll('`', '').replaceAll(/(\w+): /g, '"$1": ')
  return JSON.parse(`{${json.replaceAll("'", '"')}}`) as Pick<TypeRecord, 'opcodes' | 'args' | 'state'>
}

/** A class `C` in Python, and what its record is given for `x`. */
const CLASSES: Readonly<Record<string, readonly (readonly [python: string, given: readonly unknown[]])[]>> = {
  'a plain class, a dataclass': [
    ['class C: pass\nx = C(); x.a = 1', ['create', 'state', { a: 1 }]],
    ['class C: pass\nx = C()', ['create']],
    ['import dataclasses\n@dataclasses.dataclass\nclass C:\n  a: int\nx = C(1)', ['create', 'state', { a: 1 }]],
  ],
  'with `__slots__`': [
    ['class C: __slots__ = "a",\nx = C(); x.a = 1', ['create', 'state', [null, { a: 1 }]]],
    [
      'class B: pass\nclass C(B): __slots__ = "a",\nx = C(); x.a = 1; x.b = 2',
      ['create', 'state', [{ b: 2 }, { a: 1 }]],
    ],
  ],
  'a subclass of list': [['class C(list): pass\nx = C([1, 2])', ['create', 'item', 1, 'item', 2]]],
  'a subclass of dict': [['class C(dict): pass\nx = C(a=1)', ['create', 'key', 'a', 1]]],
  'a subclass of set': [['class C(set): pass\nx = C([1])', ['create', [1]]]],
  'a namedtuple': [['import collections\nC = collections.namedtuple("C", "a b")\nx = C(1, 2)', ['create', 1, 2]]],
  'an Enum': [['import enum\nclass C(enum.Enum): A = "a"\nx = C.A', ['create', 'a']]],
  'an exception': [['class C(Exception): pass\nx = C("no")', ['create', 'no']]],
}

function pickleByPython(code: string, protocol: number): Uint8Array {
  const script = `import pickle, sys\n${code}\nsys.stdout.buffer.write(pickle.dumps(x, ${protocol}))`
  const { stdout, stderr } = spawnSync(PYTHON_COMMAND, ['-I', '-c', script])
  expect(String(stderr)).toBe('')
  return stdout
}

/** A record of such a class, that notes what it is given. */
function noting(fields: Pick<TypeRecord, 'opcodes' | 'args' | 'state'>): TypeRecord<{ given: unknown[] }> {
  const plain = (value: unknown): unknown => (Array.isArray(value) ? [...value] : value)
  return pyType({
    module: '__main__',
    name: 'C',
    create: (args) => ({ given: ['create', ...args.map(plain)] }),
    append: ({ given }, item) => void given.push('item', item),
    setItem: ({ given }, key, value) => void given.push('key', key, value),
    ...fields,
    ...(fields.state === undefined ? {} : { setState: ({ given }, state) => void given.push('state', plain(state)) }),
  })
}

/** Early versions of Python 3.11 write a member as `getattr(C, 'A')`. */
function writesMembersByName(): boolean {
  const script = 'import enum\nclass C(enum.Enum): A = 1\nprint(C.A.__reduce_ex__(4)[0] is getattr)'
  const { stdout } = spawnSync(PYTHON_COMMAND, ['-I', '-c', script])
  return String(stdout).trim() === 'True'
}

/** Such a member is the global `C.A`, and a record of that name has it. */
function expectMemberByName(pickle: Uint8Array): void {
  class Member {}
  const [c, a] = [pyType({ module: '__main__', name: 'C', opcodes: [] }), new Member()]
  const { loads } = createPickle({
    plugins: [{ id: 'members', types: [c, pyType({ module: '__main__', name: 'C.A', value: a })] }],
  })
  expect(loads(pickle)).toBe(a)
}

const python = await openPython()

test('the page has these rows', () => {
  expect(rows.map(([label]) => label)).toEqual(Object.keys(CLASSES))
})

describe.skipIf(python === undefined)('a record reads what Python writes (skipped without Python)', () => {
  test.each(rows)('%s: %s', (label, record) => {
    const { loads } = createPickle({ plugins: [{ id: 'noting', types: [noting(fieldsOf(record))] }] })
    for (const [code, given] of CLASSES[label] ?? []) {
      for (const protocol of [2, 3, 4, 5]) {
        if (label === 'an Enum' && writesMembersByName()) {
          expectMemberByName(pickleByPython(code, protocol))
          continue
        }
        expect(loads<{ given: unknown[] }>(pickleByPython(code, protocol)).given, `${code}, ${protocol}`).toEqual(given)
      }
    }
  })

  test('at protocols 0 and 1 a plain class does, and a subclass of a built-in type only as data', () => {
    const { loads } = createPickle({
      plugins: [{ id: 'noting', types: [noting({ opcodes: ['newobj'], args: [], state: 'dict' })] }],
    })
    for (const protocol of [0, 1]) {
      const plain = pickleByPython('class C: pass\nx = C(); x.a = 1', protocol)
      expect(loads<{ given: unknown[] }>(plain).given).toEqual(['create', 'state', { a: 1 }])
      const list = pickleByPython('class C(list): pass\nx = C([1])', protocol)
      expect(() => loads(list)).toThrow('"builtins" "list" is not registered')
      expect(createPickle().loads(list, { unknownGlobals: 'inert' })).toBeInstanceOf(PyObject)
    }
  })

  test('keyword arguments, and a state setter', () => {
    const keywords = pyType({
      module: '__main__',
      name: 'C',
      opcodes: ['newobj_ex'],
      args: [],
      kwargs: ['k'],
      create: (_args, _ctx, kwargs) => ({ given: ['create', kwargs?.get('k')] }),
    })
    const setter = pyType({
      module: '__main__',
      name: 'setter',
      opcodes: ['reduce'],
      args: ['any', 'int'],
      create: ([object, state]) => void (object as { given: unknown[] }).given.push('set', state),
    })
    const { loads } = createPickle({ plugins: [{ id: 'noting', types: [keywords, setter] }] })
    const code = `def setter(obj, state): pass
class C:
  def __new__(cls, *, k): return object.__new__(cls)
  def __reduce_ex__(self, protocol):
    import copyreg
    return copyreg.__newobj_ex__, (C, (), {"k": 1}), 7, None, None, setter
x = C(k=1)`
    for (const protocol of [2, 3, 4, 5]) {
      expect(loads(pickleByPython(code, protocol))).toEqual({ given: ['create', 1, 'set', 7] })
    }
  })
})
