/** What nobody registered, kept as data: PyObject, GlobalRef, ExtensionRef, PersistentRef. Read, printed, changed, written back. */
import { inspect } from 'node:util'
import {
  ByteArray,
  createPickle,
  createRegistry,
  type DumpOptions,
  dumps,
  ExtensionRef,
  FrozenSet,
  GlobalRef,
  inertPlugin,
  isPickleError,
  type LoadOptions,
  loads,
  PersistentRef,
  type PickleErrorCode,
  PyDict,
  PyObject,
  PySet,
  Tuple,
} from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { noteFreshArgs } from '../src/values/fresh-args.ts'
import { openPython } from './open-python.ts'
import { bytes, global, str } from './pickle-bytes.ts'
import { ALL } from './rows.ts'

const python = await openPython()
const withPython = describe.skipIf(python === undefined)
/** Only protocol numbers. */
const PROTOCOLS = ALL as readonly (0 | 1 | 2 | 3 | 4 | 5)[]

const INERT: LoadOptions = { mapping: 'exact', unknownGlobals: 'inert' }
const inert = (pickle: Uint8Array | string, options: LoadOptions = INERT): PyObject =>
  loads<PyObject>(typeof pickle === 'string' ? bytes(pickle) : pickle, options)
const again = (pickle: string, protocol: DumpOptions['protocol'], options: LoadOptions = INERT): string =>
  String.fromCharCode(...dumps(loads(bytes(pickle), options), { protocol }))

function code(run: () => unknown): PickleErrorCode | undefined {
  try {
    run()
  } catch (error) {
    if (!isPickleError(error)) throw error
    return error.code
  }
  return undefined
}

/** Classes whose objects contain themselves in every way, and those that use each part of a reduce value. */
const CLASSES = `
import copyreg, sys, types
zoo = types.ModuleType('zoo')
sys.modules['zoo'] = zoo
exec('''
import copyreg
class Plain: pass
class Listed(list): pass
class Keyed(dict): pass
class Pair(tuple): pass
class Group(set): pass
class Fixed(frozenset): pass
class Slotted:
    __slots__ = ('a', 'b')
class Named:
    def __new__(cls, *args, **kwargs): return object.__new__(cls)
    def __getnewargs_ex__(self): return (1, []), {'key': self.key}
class Outer:
    class Inner: pass
    def method(self): pass
    @classmethod
    def make(cls): return cls()
class Holder:
    def __init__(self, held): self.held = held
    def __reduce__(self): return (Holder, (self.held,))
class Fresh:
    def __init__(self, *parts): self.held = parts[0][1] if parts else None
    def __reduce__(self): return (Fresh, (([b'abc', self.held], {'k': ('t',)}, Plain.__subclasshook__),))
class Keeps(list):
    def __init__(self, *args): self.args = args
    def __reduce__(self): return (Keeps, self.args)
class Owned:
    def __init__(self, owner, held): self.args = (owner, held)
    def __reduce__(self): return (Owned, (self.args[0], self.args[1]))
class Called:
    def __init__(self, held): self.held = held
    @classmethod
    def make(cls, held): return cls(held)
    def __reduce__(self): return (Called.make, (self.held,))
def setter(target, state): target.__dict__.update(state)
class Set:
    def __reduce__(self): return (Set, (), {'a': 1}, None, None, setter)
class Full:
    def __reduce__(self): return (Full, (1,), {'s': 2}, iter([1, 2, 3]), iter([('a', 1), ('b', 2)]))
    def __init__(self, x): pass
    def append(self, x): pass
    def __setitem__(self, k, v): pass
class Old:
    def __reduce__(self): return copyreg._reconstructor, (Old, object, None), {'z': 1}
''', zoo.__dict__)
from zoo import *
from zoo import Set
def values():
    p = Plain(); p.self = p; p.a = 1; yield p
    l = Listed([1]); l.append(l); l.me = l; yield l
    d = Keyed(a=1); d['d'] = d; yield d
    t = Pair(([], 2)); t[0].append(t); yield t
    for kind in (Group, Fixed, Pair):
        p = Plain(); g = kind([p]); p.g = g; yield g
        p = Plain(); p.g = kind([p]); yield p
        p = Plain(); q = Plain(); g = kind([p, q]); p.g = g; q.g = g; yield g
    o = Slotted(); o.a = 1; o.b = o; yield o
    n = Named(); n.key = 3; yield [n, n]
    n = Named(); n.key = {}; n.key['n'] = n; yield n
    i = Outer.Inner(); i.x = Outer.Inner; yield [i, Outer.Inner()]
    m = Outer().method; yield [m, m, Outer.make, Outer.make]
    h = Holder([]); h.held.append(h); yield h
    h = Holder({}); h.held['h'] = [h]; yield [h, h.held]
    f = Fresh(); p = Plain(); p.f = f; f.held = p; yield f
    k = Keeps([], 1); k.args[0].append(k); yield k
    l = Listed(); o = Owned(l, []); o.args[1].append(o); l.append(o); yield l
    c = Called([]); c.held.append(c); yield c
    yield [Set(), Set()]; yield [Full(1), Full(1)]; yield [Old(), Old()]; yield object()
    yield [Listed(range(n)) for n in (1, 2, 1000, 1001)]; yield [Keyed((i, i) for i in range(n)) for n in (1, 1000, 1001)]
`

withPython('an object of an unknown class is written as it was read', () => {
  test.each(PROTOCOLS)('at protocol %i, byte for byte', async (protocol) => {
    const code = `${CLASSES}
import pickle
out, value = [], []
for v in values():
    try: made = pickle.dumps(v, ${protocol})
    except RecursionError: continue
    except TypeError: continue
    out.append(made)
    value.append(pickle.dumps(pickle.loads(made), ${protocol}) == made)
`
    const { value: same, out } = await (python as NonNullable<typeof python>).run<boolean[]>(code)
    expect(out.length).toBeGreaterThan(20)
    let identical = 0
    for (const [i, pickle] of out.entries()) {
      const written = dumps(loads(pickle, INERT), { protocol })
      if (same[i]) identical++
      if (same[i]) expect(Buffer.from(written).toString('latin1')).toBe(Buffer.from(pickle).toString('latin1'))
      // In the native mapping the bytes may differ, but what is read reads again.
      const native: LoadOptions = { unknownGlobals: 'inert' }
      expect(() => loads(dumps(loads(pickle, native), { protocol }), native)).not.toThrow()
    }
    expect(identical).toBeGreaterThan(20)
  })
})

withPython('an object whose class inherits __new__ keeps whose it is', () => {
  test.each([2, 3] as const)('at protocol %i', async (protocol) => {
    const code = `
import pickle, sys, types
heirs = types.ModuleType('heirs')
sys.modules['heirs'] = heirs
exec('''
class Base:
    def __new__(cls, *args, **kwargs): return object.__new__(cls)
    def __getnewargs_ex__(self): return (1,), {'key': 2}
class Heir(Base): pass
class Outer:
    class Inner(Heir): pass
''', heirs.__dict__)
out = [pickle.dumps([heirs.Base(), heirs.Heir(), heirs.Outer.Inner(), heirs.Heir()], ${protocol})]
`
    const { out } = await (python as NonNullable<typeof python>).run(code)
    const [pickle] = out as [Uint8Array]
    const value = loads<PyObject[]>(pickle, INERT)
    expect(value.map((object) => (object.class as GlobalRef).name)).toEqual(['Base', 'Heir', 'Outer.Inner', 'Heir'])
    expect(value.map(({ construct }) => construct)).toEqual(Array(4).fill('newobj_ex'))
    expect(Buffer.from(dumps(value, { protocol })).toString('latin1')).toBe(Buffer.from(pickle).toString('latin1'))
  })
})

withPython('the pickler in Python', () => {
  test.each(PROTOCOLS)(
    'writes the parts of an object twice that its own arguments contain, protocol %i',
    async (protocol) => {
      const code = `import pickle, types, sys
zoo = types.ModuleType('zoo')
sys.modules['zoo'] = zoo
exec("""
class Twice:
    def __init__(self, held): self.held, self.got = held, []
    def append(self, x): self.got.append(x)
    def __setitem__(self, k, v): self.got.append((k, v))
    def __setstate__(self, state): self.got.append(state)
    def __reduce__(self): return (Twice, (self.held,), {'s': 2}, iter([1, 2]), iter([('k', 3)]))
""", zoo.__dict__)
t = zoo.Twice([])
t.held.append(t)
out = [pickle._dumps(t, ${protocol})]
value = repr(pickle.loads(out[0]).got)`
      const { out, value } = await (python as NonNullable<typeof python>).run<string>(code)
      const object = loads<PyObject>(out[0] as Uint8Array, INERT)
      expect(value).toBe("[1, 2, ('k', 3), {'s': 2}, 1, 2, ('k', 3), {'s': 2}]")
      expect(object.listItems).toEqual([1n, 2n, 1n, 2n])
      expect(object.dictItems).toEqual([
        ['k', 3n],
        ['k', 3n],
      ])
      expect(object.state).toEqual(new PyDict([['s', 2n]]))
      expect(loads(dumps(object, { protocol }), INERT)).toEqual(object)
    },
  )
})

withPython('names of classes of C extensions are strings of their own, as in Python', () => {
  test.each([
    'datetime.datetime(2020, 1, 2)',
    '[datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2), datetime.datetime(2021, 1, 2)]',
    "['datetime', 'date', datetime.date(2020, 1, 2), 'date']",
    "array.array('i', [1])",
    "[array.array('i', [1]), 'array', array.array('f', [1])]",
    "['deque', 'OrderedDict', 'collections', collections.deque, collections.OrderedDict]",
  ])('%s', async (expr) => {
    for (const protocol of [4, 5] as const) {
      const pickle = await (python as NonNullable<typeof python>).dump(expr, protocol)
      const written = dumps(loads(pickle, INERT), { protocol })
      expect(Buffer.from(written).toString('latin1')).toBe(Buffer.from(pickle).toString('latin1'))
    }
  })
})

describe('what the parts become', () => {
  test('a call, a state, items', () => {
    const object = inert(`\x80\x04${global('m', 'C')}K\x01\x85R(K\x01K\x02e(${str('k')}K\x03u}${str('s')}K\x04sb.`)
    expect(object).toBeInstanceOf(PyObject)
    expect(object.class).toEqual(new GlobalRef('m', 'C'))
    expect(object.construct).toBe('reduce')
    expect(object.args).toEqual(Tuple.of(1n))
    expect(object.listItems).toEqual([1n, 2n])
    expect(object.dictItems).toEqual([['k', 3n]])
    expect((object.state as PyDict).get('s')).toBe(4n)
    expect(object.kwargs).toBeUndefined()
    expect(object.stateSetter).toBeUndefined()
  })

  test.each([
    ['REDUCE', 'cm\nC\n)R.', 'reduce', 1],
    ['NEWOBJ', '\x80\x02cm\nC\n)\x81.', 'newobj', 2],
    ['NEWOBJ_EX', `\x80\x04${global('m', 'C')})}\x92.`, 'newobj_ex', 4],
    ['OBJ', '(cm\nC\no.', 'obj', 1],
    ['INST', '(im\nC\n.', 'inst', 0],
    ['INST with arguments', '(I5\nim\nC\n.', 'inst', 0],
    ['copyreg._reconstructor', 'ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nlist\n(ltR.', 'reconstructor', 1],
  ] as const)('%s', (_, pickle, construct, protocol) => {
    const object = inert(pickle)
    expect(object.construct).toBe(construct)
    expect(String(object)).toBe('<m.C object>')
    // Without memo opcodes, which CPython always writes: so the shapes are compared, not the bytes.
    const back = inert(dumps(object, { protocol }))
    expect(back).toEqual(object)
  })

  test('BUILD of None is a state, no BUILD is none', () => {
    expect(inert('cm\nC\n)RNb.').state).toBe(null)
    expect(inert('cm\nC\n)R.').state).toBe(undefined)
    expect(again('\x80\x02cm\nC\nq\x00)\x81q\x01Nb.', 2)).toBe('\x80\x02cm\nC\nq\x00)\x81q\x01Nb.')
  })

  test('the same state twice is one state, as the pickler in Python writes it; another one is refused', () => {
    expect(inert('cm\nC\n)R}q\x00bh\x00b.').state).toEqual(new PyDict())
    expect(code(() => inert('cm\nC\n)R}b}b.'))).toBe('inert')
  })

  test('a state setter is REDUCE and POP over (object, state)', () => {
    const pickle = '\x80\x02cm\nC\nq\x00)Rq\x01cm\nput\nq\x02h\x01K\x05\x86R0.'
    const object = inert(pickle)
    expect(object.stateSetter).toEqual(new GlobalRef('m', 'put'))
    expect(object.state).toBe(5n)
    expect(again(pickle, 2)).toBe(pickle)
  })

  test('extension codes, with and without a name', () => {
    const pickle = '\x80\x02\x82\x05)Rq\x00\x83\x00\x02\x84\x01\0\x02\0\x87.'
    const [object, second, third] = loads<[PyObject, ExtensionRef, ExtensionRef]>(bytes(pickle), INERT)
    expect(object.class).toEqual(new ExtensionRef(5))
    expect([second.code, third.code]).toEqual([512, 131_073])
    // CPython memoizes the tuple, too.
    expect(again(pickle, 2)).toBe(`${pickle.slice(0, -1)}q\x01.`)
    const registry = createRegistry([{ id: 'e', extensionCodes: [{ code: 5, module: 'm', name: 'C' }] }])
    expect(inert('\x80\x02\x82\x05)R.', { ...INERT, registry }).class).toEqual(new GlobalRef('m', 'C'))
    expect(code(() => dumps(new ExtensionRef(5), { protocol: 1 }))).toBe('reference')
    expect(code(() => dumps(new ExtensionRef(0)))).toBe('reference')
  })

  test('persistent ids, of text and of any value', () => {
    expect(loads(bytes('Pan id\n.'), INERT)).toEqual(new PersistentRef('an id'))
    expect(again('Pan id\n.', 0)).toBe('Pan id\n.')
    expect(again('\x80\x02(K\x01K\x02K\x03K\x04tq\x00Q.', 2)).toBe('\x80\x02(K\x01K\x02K\x03K\x04tq\x00Q.')
    expect(code(() => dumps(new PersistentRef(5), { protocol: 0 }))).toBe('persistent-id')
    // A handler comes first.
    expect(loads(bytes('Pan id\n.'), { ...INERT, persistentLoad: (id) => `${id}!` })).toBe('an id!')
  })

  test('an object that is called, and an attribute of an object', () => {
    const bound = `\x80\x04cbuiltins\ngetattr\n${global('m', 'C')})R${str('run')}\x86RK\x01\x85R.`
    const object = inert(bound)
    expect((object.class as PyObject).class).toEqual(new GlobalRef('builtins', 'getattr'))
    expect(String(object)).toBe('<what a call returned object>')
    expect(inert(dumps(object))).toEqual(object)
  })

  test('what the codec builds itself stays what it is; what it refuses is data', () => {
    expect(loads(bytes('cbuiltins\nbytearray\nC\x02ab\x85R.'), INERT)).toEqual(ByteArray.of(97, 98))
    expect(String(inert('cbuiltins\nbytearray\nK\x05\x85R.'))).toBe('<builtins.bytearray object>')
    expect(String(inert('cbuiltins\nobject\n)\x81.'))).toBe('<builtins.object object>')
    expect(String(inert('cbuiltins\ngetattr\nK\x05\x85R.'))).toBe('<builtins.getattr object>')
    expect(String(inert(`cfunctools\npartial\n${global('m', 'f')}\x85R.`))).toBe('<functools.partial object>')
    expect(String(inert('ccopyreg\n__newobj_ex__\n)R.'))).toBe('<copyreg.__newobj_ex__ object>')
  })
})

test('a PyObject prints as its class and its parts', () => {
  const object = new PyObject(new GlobalRef('shapes', 'Point'), { construct: 'newobj', args: Tuple.of(1, 2) })
  object.state = { self: object, other: new PyObject(new GlobalRef('m', 'f'), { listItems: [1] }) }
  expect(inspect(object)).toBe(
    "<ref *1> shapes.Point {\n  args: Tuple(2) [ 1, 2 ],\n  state: {\n    self: [Circular *1],\n    other: m.f { construct: 'reduce', listItems: [Array] }\n  }\n}",
  )
  object.state = undefined
  expect(inspect(object, { depth: null })).toBe('shapes.Point { args: Tuple(2) [ 1, 2 ] }')
  expect(inspect(new PyObject(new ExtensionRef(7)))).toContain('class: ExtensionRef { code: 7 }')
  // A cycle through it and a dict is found, in both.
  object.state = new PyDict<string, unknown>([['n', 1n]])
  ;(object.state as PyDict).set('self', object)
  expect(inspect(object, { depth: null, breakLength: 200 })).toBe(
    "<ref *1> shapes.Point { args: Tuple(2) [ 1, 2 ], state: PyDict(2) [Map] { 'n' => 1n, 'self' => [Circular *1] } }",
  )
  expect(inspect([new PySet([1, 'a']), new FrozenSet([2])])).toBe("[ PySet(2) { 1, 'a' }, FrozenSet(1) { 2 } ]")
  expect([`${object}`, `${new ExtensionRef(7)}`, `${new PersistentRef('a')}`, `${new PersistentRef([])}`]).toEqual([
    '<shapes.Point object>',
    '<extension 7>',
    '<persistent a>',
    '<persistent id>',
  ])
})

withPython('what is changed or made here loads in Python', () => {
  test('every part of an object', async () => {
    const point = new PyObject(new GlobalRef('fractions', 'Fraction'), { args: Tuple.of(1, 3) })
    const named = new PyObject(new GlobalRef('collections', 'OrderedDict'), { dictItems: [['a', point]] })
    const listed = new PyObject(new GlobalRef('collections', 'deque'), { listItems: [1, named] })
    const space = new PyObject(new GlobalRef('types', 'SimpleNamespace'), { state: { x: listed } })
    for (const protocol of PROTOCOLS) {
      const { value } = await (python as NonNullable<typeof python>).run<string>(
        'import pickle\nvalue = repr(pickle.loads(blobs[0]))',
        [dumps(space, { protocol })],
      )
      expect(value).toMatch(/^namespace\(x=deque\(\[1, OrderedDict\(.*Fraction\(1, 3\)/)
    }
  })

  test('keyword arguments, at every protocol', async () => {
    const call = new PyObject(new GlobalRef('zoo', 'Named'), { args: Tuple.of(1), kwargs: new PyDict([['key', 2]]) })
    for (const protocol of PROTOCOLS) {
      const { value } = await (python as NonNullable<typeof python>).run<string>(
        `${CLASSES}\nimport pickle\nvalue = type(pickle.loads(blobs[0])).__name__`,
        [dumps(call, { protocol })],
      )
      expect(value).toBe('Named')
    }
  })
})

test.skipIf(python === undefined)('an object that its own keyword arguments contain has them in Python', async () => {
  const list: unknown[] = []
  const call = new PyObject(new GlobalRef('zoo', 'Keep'), { kwargs: { key: list } })
  list.push(call)
  for (const protocol of PROTOCOLS) {
    const { value } = await (python as NonNullable<typeof python>).run<boolean>(
      `import pickle, sys, types
zoo = types.ModuleType('zoo')
sys.modules['zoo'] = zoo
exec("""
class Keep:
    def __new__(cls, **kwargs):
        self = object.__new__(cls)
        self.kwargs = kwargs
        return self
""", zoo.__dict__)
made = pickle.loads(blobs[0])
value = made.kwargs['key'][0] is made`,
      [dumps(call, { protocol })],
    )
    expect(value).toBe(true)
  }
})

describe('what is refused', () => {
  test.each<[string, string, PickleErrorCode]>([
    ['a second state', 'cm\nC\n)R}b}b.', 'inert'],
    ['list items after the state', 'cm\nC\n)R}bNa.', 'inert'],
    ['list items after dict items', 'cm\nC\n)RNNsNa.', 'inert'],
    ['dict items after the state', 'cm\nC\n)R}bNNs.', 'inert'],
    ['a call whose result is thrown away', 'Ncm\nC\n)R0.', 'inert'],
    ['the same by OBJ', 'N(cm\nC\no0.', 'inert'],
    ['a state setter for a second state', 'cm\nC\n)Rp0\n}bcm\nput\ng0\nN\x86R0.', 'inert'],
    ['set items', 'cm\nC\n)R(N\x90.', 'target'],
    ['a key without a value', 'cm\nC\n)R(Nu.', 'odd-items'],
    ['a call of data', 'K\x05)R.', 'callee'],
    ['arguments that are no tuple', 'cm\nC\n]R.', 'reduce-args'],
    ['keyword arguments that are no dict', 'cm\nC\n)]\x92.', 'kwargs'],
    ['keyword arguments that are no strings', 'cm\nC\n)}K\x01Ns\x92.', 'kwargs'],
    ['an extension code of 0', '\x82\x00.', 'ext-code'],
  ])('%s', (_, pickle, expected) => {
    expect(code(() => inert(pickle))).toBe(expected)
  })

  test('a value of the caller is not changed, and not called', () => {
    const own = new PyObject(new GlobalRef('m', 'C'))
    const options: LoadOptions = { ...INERT, persistentLoad: () => own }
    for (const [pickle, expected] of [
      ['NQ}b.', 'build-target'],
      ['NQNa.', 'target'],
      ['NQNNs.', 'target'],
      ['NQ)R.', 'callee'],
    ] as const) {
      expect(code(() => inert(pickle, options))).toBe(expected)
    }
    expect(own).toEqual(new PyObject(new GlobalRef('m', 'C')))
  })

  test('nothing is inert unasked', () => {
    expect(code(() => loads(bytes('cm\nC\n.')))).toBe('global-not-allowed')
    expect(code(() => loads(bytes('\x82\x05.')))).toBe('ext-unregistered')
    expect(code(() => loads(bytes('NQ.')))).toBe('persistent-id')
    expect(code(() => loads(bytes('N.'), { unknownGlobals: 'yes' as never }))).toBe('option')
  })

  test('what a PyObject says must fit together', () => {
    const ref = new GlobalRef('m', 'C')
    const broken: Partial<Record<keyof PyObject, unknown>>[] = [
      { class: 'm.C' },
      { args: 5 },
      { kwargs: {} },
      { construct: 'newobj_ex' },
      { construct: 'call' },
      { construct: 'inst', class: new ExtensionRef(5) },
      { listItems: 5 },
      { dictItems: 5 },
      { dictItems: [['k']] },
      { stateSetter: 5 },
    ]
    for (const parts of broken) {
      expect(
        code(() => dumps(Object.assign(new PyObject(ref), parts))),
        inspect(parts),
      ).toBe('reduce-value')
    }
    const called = new PyObject(new ExtensionRef(5), { construct: 'obj' })
    expect(code(() => dumps(called, { protocol: 0 }))).toBe('reference')
  })
})

describe('chosen classes', () => {
  const { loads: chosen, registry } = createPickle({ plugins: [inertPlugin([['m', 'C']]), inertPlugin([['m', 'D']])] })

  test('are data, the rest is refused', () => {
    expect(String(chosen<PyObject>(bytes('cm\nC\n)R.')))).toBe('<m.C object>')
    expect(code(() => chosen(bytes('cm\nE\n)R.')))).toBe('global-not-allowed')
    expect(code(() => chosen(bytes('cm\nC\n)R)R.')))).toBe('callee')
    expect(code(() => chosen(bytes(`cbuiltins\ngetattr\n${global('m', 'C')}${str('x')}\x86R.`)))).toBe(
      'global-not-allowed',
    )
    expect(code(() => chosen(bytes('\x82\x05.')))).toBe('ext-unregistered')
    expect(code(() => chosen(bytes('NQ.')))).toBe('persistent-id')
  })

  test('are listed', () => {
    expect(registry.list().filter(({ plugin }) => plugin.startsWith('inert'))).toEqual([
      { module: 'm', name: 'C', opcodes: ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst'], plugin: 'inert(m:C)' },
      { module: 'm', name: 'D', opcodes: ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst'], plugin: 'inert(m:D)' },
    ])
  })

  test('findClass can choose them, too', () => {
    const findClass = (module: string) => (module === 'm' ? ('inert' as const) : undefined)
    expect(String(loads(bytes('cm\nC\n)R.'), { findClass }))).toBe('<m.C object>')
    expect(code(() => loads(bytes('cos\nsystem\n)R.'), { findClass }))).toBe('global-not-allowed')
  })
})

test('comparing the two writings of a recursive object takes what the budget allows, and no more', () => {
  const call = (): PyObject => new PyObject(new GlobalRef('m', 'C'), { args: Tuple.of(new Array(1000).fill(null)) })
  expect(noteFreshArgs(call(), call(), 5000)).toBe(3996)
  const left = noteFreshArgs(call(), call(), 10)
  expect(left).toBeLessThan(0)
  // Once it is used up, nothing is looked at.
  expect(noteFreshArgs(call(), call(), left)).toBe(left)
})
