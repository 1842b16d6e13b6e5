/**
 * Random graphs made in TypeScript, of JavaScript's values and of those that stand for Python's. The classes of the objects are in
 * `python/graph_classes.py`; CPython writes them again in the same form, or in one that `isomorphism` takes for the same.
 */
import {
  ByteArray,
  Complex,
  Ellipsis,
  ExtensionRef,
  Float,
  FrozenSet,
  GlobalRef,
  NotImplemented,
  PersistentRef,
  PickleBuffer,
  PyDict,
  PyObject,
  type PyObjectParts,
  PySet,
  Range,
  Slice,
  Tuple,
} from '@pickle-ts/pickle-core'
import { Random } from './random.ts'

/** A graph, and what it needs. */
export interface Graph {
  readonly value: unknown
  /** What has to occur often enough. */
  readonly seen: ReadonlySet<string>
  /** The lowest protocol that can write it. */
  readonly protocol: 0 | 2 | 5
}

const classOf = (name: string): GlobalRef => new GlobalRef('graph_classes', name)
const GLOBALS: readonly GlobalRef[] = [
  ...['Plain', 'Made', 'make', 'Outer', 'Outer.Inner', 'Outer.build', 'Outer.Deep.Deeper', 'ONE', 'TWO'].map(classOf),
  ...['int', 'str', 'object', 'len', 'OSError', 'range', 'map'].map((name) => new GlobalRef('builtins', name)),
  new GlobalRef('collections', 'OrderedDict'),
]
const INTS = [0, 1, 255, 256, 65_535, 65_536, -1, -128, -129, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1]
const FLOATS = [-0, 1.5, 0.1, 1e300, 5e-324, 2 ** 60, Infinity, -Infinity, Number.NaN]
const ALPHABETS = ['abcdefgh', 'abcäöü', '日月火', 'a\n\\\'"\r\0\x1a', '\ud800z', '0123456789']
const LENGTHS = [0, 1, 1, 2, 3, 3, 5, 8, 8, 15, 30, 64, 256]

/** What a feature puts into a graph. */
type Feature = (graph: Maker) => unknown

class Maker {
  readonly random: Random
  readonly seen: Set<string> = new Set()
  protocol: 0 | 2 | 5 = 0
  /** What may be shared. */
  readonly made: unknown[] = []
  left: number
  #tag = 100

  constructor(seed: number) {
    this.random = new Random(seed)
    this.left = this.random.pick([8, 20, 20, 40, 60, 200])
  }

  saw<T>(kind: string, value: T): T {
    this.seen.add(kind)
    return value
  }

  keep<T extends object>(kind: string, value: T): T {
    this.made.push(value)
    return this.saw(kind, value)
  }

  tag(): number {
    return this.#tag++
  }

  text(): string {
    const letters = [...this.random.pick(ALPHABETS)]
    return Array.from({ length: this.random.pick(LENGTHS) }, () => this.random.pick(letters)).join('')
  }

  bytes(): Uint8Array {
    return Uint8Array.from({ length: this.random.pick(LENGTHS) }, () => this.random.below(256))
  }

  int(): number | bigint {
    const { random } = this
    const kind = random.below(4)
    if (kind < 2) return random.pick(INTS)
    if (kind === 2)
      return this.saw('bigint', (BigInt(random.below(2 ** 31)) << BigInt(random.below(90))) * random.pick([1n, -1n]))
    return random.below(600) - 300
  }

  atom(): unknown {
    const { random } = this
    const kind = random.below(20)
    if (kind < 2) return random.pick([null, true, false])
    if (kind < 6) return this.int()
    if (kind < 8) return this.saw('number', random.chance(0.5) ? random.next() * 1000 : random.pick(FLOATS))
    if (kind < 12) return this.saw('string', this.text())
    if (kind < 13) return this.saw('Uint8Array', this.bytes())
    return (ATOMS[random.below(ATOMS.length)] as Feature)(this)
  }

  value(depth = 0): unknown {
    this.left--
    if (this.made.length > 0 && this.random.chance(0.12)) return this.saw('shared', this.random.pick(this.made))
    if (depth > 6 || this.left <= 0 || this.random.chance(0.35)) return this.atom()
    return (CONTAINERS[this.random.below(CONTAINERS.length)] as (maker: Maker, depth: number) => unknown)(this, depth)
  }

  parts(depth: number): unknown[] {
    return Array.from({ length: this.random.pick([0, 1, 1, 2, 2, 3, 4, 6]) }, () => this.value(depth + 1))
  }

  /** A key or an item of a set that no other one equals: it has a number of its own. */
  key(depth: number): unknown {
    const tag = this.tag()
    switch (this.random.below(depth > 4 ? 4 : 7)) {
      case 0:
        return tag
      case 1:
        return BigInt(tag) << 60n
      case 2:
        return new Float(tag + 0.5)
      case 3:
        return `${this.text()} ${tag}`
      case 4:
        return Tuple.of<unknown>(tag, this.key(depth + 1))
      case 5:
        return new FrozenSet([tag, `in ${tag}`])
      default:
        return this.plain('Plain', depth + 1)
    }
  }

  entries(depth: number): [unknown, unknown][] {
    return this.parts(depth).map((part) => [this.key(depth), part])
  }

  plain(name: string, depth: number): PyObject {
    const state: Record<string, unknown> = { tag: this.tag() }
    const object = this.keep('PyObject', new PyObject(classOf(name), { construct: 'newobj' }))
    for (const part of this.parts(depth).slice(0, 2)) state[this.random.pick(['a', 'b', 'name'])] = part
    object.state = this.random.pick([() => state, () => new PyDict(Object.entries(state))])()
    return object
  }

  /** An object that is called with arguments, and whose other parts are there or not. */
  reduced(name: string, parts: PyObjectParts, depth: number): PyObject {
    const { random } = this
    const object = this.keep('PyObject', new PyObject(classOf(name), parts))
    if (random.chance(0.4)) object.listItems = this.saw('list items', this.parts(depth))
    if (random.chance(0.4))
      object.dictItems = this.saw(
        'dict items',
        this.parts(depth).map((part) => [this.value(depth + 1), part]),
      )
    if (name === 'Set') {
      object.state = this.saw('state setter', Tuple.of(this.value(depth + 1), 1))
      object.stateSetter = classOf('set_state')
    } else if (random.chance(0.5)) object.state = this.saw('state', this.value(depth + 1))
    return object
  }
}

const ATOMS: readonly Feature[] = [
  (m) => m.saw('Float', new Float(m.random.pick([1, -0, 2.5, Number.NaN]))),
  (m) => m.saw('Float', new Float(Number.NaN, m.random.pick([0x7ff8000000000001n, 0xfff8000000000000n]))),
  (m) => m.keep('ByteArray', new ByteArray(m.bytes())),
  (m) => m.saw('Complex', new Complex(m.random.pick([0, -0, 1.5]), m.random.next())),
  (m) => m.saw('GlobalRef', m.random.pick(GLOBALS)),
  (m) => m.keep('Range', new Range(m.random.below(9), 2n ** 40n, 3)),
  (m) => m.keep('Slice', new Slice(m.int(), null, m.text())),
  (m) => m.saw('Ellipsis', m.random.pick([Ellipsis, NotImplemented])),
  (m) => m.saw('PersistentRef', new PersistentRef(`pid ${m.random.below(99)}`)),
]

/** Makes an object of each form of a reduce value. */
const OBJECTS: Readonly<Record<string, (m: Maker, depth: number) => PyObject>> = {
  reduce: (m, depth) => m.reduced('Made', { args: Tuple.from(m.parts(depth)) }, depth),
  setter: (m, depth) => m.reduced('Set', { args: Tuple.from(m.parts(depth)) }, depth),
  function: (m, depth) => m.reduced('make', { args: Tuple.from(m.parts(depth)) }, depth),
  'dotted name': (m, depth) => m.reduced('Outer.build', { args: Tuple.from(m.parts(depth)) }, depth),
  newobj: (m, depth) => m.reduced('NewObj', { construct: 'newobj', args: Tuple.from(m.parts(depth)) }, depth),
  newobj_ex: (m, depth) => {
    const kwargs = m.random.pick([
      {},
      { key: m.value(depth + 1) },
      new PyDict([
        ['key', m.value(depth + 1)],
        ['other', 1],
      ]),
    ])
    return m.reduced('NewObjEx', { construct: 'newobj_ex', args: Tuple.from(m.parts(depth)), kwargs }, depth)
  },
  obj: (m, depth) => m.reduced('Made', { construct: 'obj', args: Tuple.from(m.parts(depth)) }, depth),
  inst: (m, depth) => m.reduced('Made', { construct: 'inst', args: Tuple.from(m.parts(depth)) }, depth),
  'dict state': (m, depth) => m.plain(m.random.pick(['Plain', 'Outer.Inner', 'SameHash']), depth),
  slots: (m, depth) => {
    const state = Tuple.of<unknown>(null, { left: m.value(depth + 1), right: m.value(depth + 1) })
    return m.keep('PyObject', new PyObject(classOf('Slots'), { construct: 'newobj', state }))
  },
  'any state': (m, depth) =>
    m.keep('PyObject', new PyObject(classOf('Stated'), { construct: 'newobj', state: Tuple.of(m.value(depth + 1)) })),
  'a callable object': (m, depth) => {
    const caller = new PyObject(classOf('Caller'), { construct: 'newobj', state: { name: m.value(depth + 1) } })
    const made = m.reduced('make', { args: Tuple.from(m.parts(depth)) }, depth)
    made.class = m.keep('PyObject', caller)
    return made
  },
}

const CONTAINERS: readonly ((m: Maker, depth: number) => unknown)[] = [
  (m, depth) => {
    const list = m.keep('Array', [] as unknown[])
    list.push(...m.parts(depth))
    return list
  },
  (m, depth) => {
    const object = m.keep('object', {} as Record<string, unknown>)
    for (const part of m.parts(depth)) {
      // As JSON.parse: `__proto__` is a key like any other.
      const key = m.random.chance(0.05) ? '__proto__' : m.text()
      Object.defineProperty(object, key, { value: part, enumerable: true, writable: true, configurable: true })
    }
    return object
  },
  (m, depth) => m.keep('Map', new Map(m.entries(depth))),
  (m, depth) => m.keep('Map', new Map(m.parts(depth).map((part) => [m.text(), part]))),
  (m, depth) => m.keep('PyDict', new PyDict(m.entries(depth))),
  (m, depth) => m.keep('Tuple', Tuple.from(m.parts(depth))),
  (m, depth) => m.keep('Set', new Set(m.parts(depth).map(() => m.key(depth)))),
  (m, depth) => m.keep('PySet', new PySet(m.parts(depth).map(() => m.key(depth)))),
  (m, depth) => m.keep('FrozenSet', new FrozenSet([m.tag(), m.key(depth), m.key(depth)])),
  (m, depth) => (OBJECTS[m.random.pick(Object.keys(OBJECTS))] as (m: Maker, depth: number) => PyObject)(m, depth),
]

/** Cycles: a value that can be filled later is what its own parts hold. */
const CYCLES: Readonly<Record<string, Feature>> = {
  Array: (m) => fill(m, [] as unknown[], (list, x) => list.push(x)),
  object: (m) => fill(m, {} as Record<string, unknown>, (object, x) => Object.assign(object, { me: x })),
  Map: (m) => fill(m, new Map(), (map, x) => map.set(5, x)),
  PyDict: (m) => fill(m, new PyDict(), (dict, x) => dict.set('k', x)),
  'key of a PyDict': (m) => keyed(m, (object) => new PyDict([[object, 1]])),
  'key of a Map': (m) => keyed(m, (object) => new Map([[object, 1]])),
  'item of a Set': (m) => keyed(m, (object) => new Set([object])),
  'item of a PySet': (m) => keyed(m, (object) => new PySet([object])),
  'item of a FrozenSet': (m) => keyed(m, (object) => new FrozenSet([object, 1])),
  'item of a Tuple': (m) => keyed(m, (object) => Tuple.from<unknown>([object, ...m.parts(5)])),
  state: (m) => fill(m, m.plain('Plain', 5), (object, x) => Object.assign(object, { state: { me: x } })),
  'any state': (m) => fill(m, new PyObject(classOf('Made')), (object, x) => Object.assign(object, { state: x })),
  'list items': (m) =>
    fill(m, new PyObject(classOf('Made')), (object, x) => Object.assign(object, { listItems: [1, x] })),
  'dict items': (m) =>
    fill(m, new PyObject(classOf('Made')), (object, x) => Object.assign(object, { dictItems: [[x, x]] })),
  args: (m) => inArguments(m, (list) => new PyObject(classOf('Made'), { args: Tuple.of<unknown>(list, 1) })),
  'newobj args': (m) =>
    inArguments(m, (list) => new PyObject(classOf('NewObj'), { construct: 'newobj', args: Tuple.of<unknown>(list) })),
  kwargs: (m) => inArguments(m, (list) => new PyObject(classOf('NewObjEx'), { kwargs: { key: list } })),
}

/** What it was filled with goes through a few containers, so that the cycle has some length. */
function fill<T extends object>(m: Maker, holder: T, put: (holder: T, x: unknown) => unknown): T {
  const count = m.random.below(4)
  let inner: unknown = holder
  for (let i = 0; i < count; i++) inner = i % 2 === 0 ? Tuple.of<unknown>(inner, i) : [inner]
  put(holder, inner)
  return holder
}

/** An object whose state holds what it is a key, or an item, of. */
function keyed(m: Maker, hold: (object: PyObject) => object): unknown {
  const object = new PyObject(classOf('Plain'), { construct: 'newobj' })
  const holder = hold(object)
  object.state = { tag: m.tag(), holder }
  return m.random.pick([holder, object])
}

function inArguments(m: Maker, make: (list: unknown[]) => PyObject): unknown {
  const list: unknown[] = []
  const object = make(list)
  list.push(object)
  return m.random.pick([object, list])
}

const SPECIAL: Readonly<Record<string, Feature>> = {
  'extension code': (m) => {
    m.protocol = m.protocol === 5 ? 5 : 2
    return Tuple.of(...[0xf1, 0xfff1, 0x7ffffff1].map((code) => new ExtensionRef(code)))
  },
  PickleBuffer: (m) => {
    m.protocol = 5
    return new PickleBuffer(m.bytes(), { readonly: m.random.chance(0.5) })
  },
  'persistent id of any value': (m) => {
    m.protocol = m.protocol === 0 ? 2 : m.protocol
    return new PersistentRef(
      m.random.pick<() => unknown>([() => 5, () => Tuple.of<unknown>('t', 1), () => [m.value(5)]])(),
    )
  },
  'many entries': (m) => {
    const many = Array.from({ length: m.random.pick([300, 999, 1001]) }, (_, i) => i)
    return m.random.pick<() => unknown>([
      () => many,
      () => many.map((i) => [i]),
      () => new Set(many),
      () => Object.fromEntries(many.map((i) => [`k${i}`, i])),
      () => new Map(many.map((i) => [i, null])),
    ])()
  },
}

/** By name, what the seeds choose in turn. */
const FEATURES: readonly (readonly [string, Feature])[] = [
  ...Object.entries(CYCLES).map(([name, make]) => [`cycle: ${name}`, make] as const),
  ...Object.entries(OBJECTS).map(([name, make]) => [`object: ${name}`, (m: Maker) => make(m, 3)] as const),
  ...Object.entries(SPECIAL),
]

/** Every name that `seen` has to have, often enough. */
export const KINDS: readonly string[] = [
  ...FEATURES.map(([name]) => name),
  ...[
    'bigint',
    'number',
    'string',
    'Uint8Array',
    'Float',
    'ByteArray',
    'Complex',
    'GlobalRef',
    'Range',
    'Slice',
    'Ellipsis',
  ],
  ...['PersistentRef', 'Array', 'object', 'Map', 'PyDict', 'Tuple', 'Set', 'PySet', 'FrozenSet', 'PyObject', 'shared'],
  ...['list items', 'dict items', 'state', 'state setter'],
]

/** The graph of a seed. */
export function makeGraph(seed: number): Graph {
  const maker = new Maker(seed)
  const picks = [seed, Math.floor(seed / FEATURES.length) * 7 + seed * 5 + 3, seed * 11 + 30].slice(0, 1 + (seed % 3))
  const parts = picks.map((pick) => {
    const [name, make] = FEATURES[pick % FEATURES.length] as (typeof FEATURES)[number]
    return maker.saw(name, make(maker))
  })
  while (maker.random.chance(0.6)) parts.splice(maker.random.below(parts.length + 1), 0, maker.value())
  const value = maker.random.pick<() => unknown>([
    () => parts,
    () => Tuple.from(parts),
    () => Object.fromEntries(parts.map((part, i) => [`p${i}`, part])),
    () => (parts.length === 1 ? parts[0] : parts),
  ])()
  return { value, seen: maker.seen, protocol: maker.protocol }
}
