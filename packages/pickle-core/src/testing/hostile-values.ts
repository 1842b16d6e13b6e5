/** Values that a stranger may put anywhere. Each is made anew: a plugin may change what it gets. */
import { ByteArray } from '../values/byte-array.ts'
import { Complex } from '../values/complex.ts'
import { Float } from '../values/float.ts'
import { FrozenSet } from '../values/frozen-set.ts'
import { PickleBuffer } from '../values/pickle-buffer.ts'
import { PyDict } from '../values/py-dict.ts'
import { Tuple } from '../values/tuple.ts'

/** A value with its name in messages. */
export interface HostileValue {
  readonly name: string
  make(): unknown
}

const value = (name: string, make: () => unknown): HostileValue => ({ name, make })

/** A list in a list, and so on; a walk by recursion overflows the stack. */
function deep(depth: number): unknown {
  let list: unknown[] = []
  for (let i = 0; i < depth; i++) list = [list]
  return list
}

/** Few objects, and two million paths to the innermost one; a copy by paths takes all memory. */
function laughs(levels: number): unknown {
  let list: unknown[] = ['ha']
  for (let i = 0; i < levels; i++) list = [list, list]
  return list
}

function selfList(): unknown[] {
  const list: unknown[] = [1]
  list.push(list)
  return list
}

function selfDict(): Map<unknown, unknown> {
  const dict = new Map<unknown, unknown>([['a', 1]])
  dict.set('self', dict)
  return dict
}

/** What a merge that does not look at its keys would write into `Object.prototype`. */
const pollution = (): PyDict => new PyDict([['polluted', true]])

const plain: readonly HostileValue[] = [
  value('None', () => null),
  value('True', () => true),
  value('0', () => 0),
  // Enough to be noticed where somebody allocates by it, and not enough to end the process, as the larger ones do.
  value('2**24', () => 2 ** 24),
  value('-1', () => -1),
  value('2**31', () => 2 ** 31),
  value('2**53', () => 2n ** 53n),
  value('2**63', () => 2n ** 63n),
  value('-2**63', () => -(2n ** 63n)),
  value('1.5', () => new Float(1.5)),
  value('1e308', () => new Float(1e308)),
  value('-0.0', () => new Float(-0)),
  value('nan', () => new Float(Number.NaN)),
  value('inf', () => new Float(Number.POSITIVE_INFINITY)),
  value("''", () => ''),
  value("'a'", () => 'a'),
  value("'__proto__'", () => '__proto__'),
  value("'constructor'", () => 'constructor'),
  value("'x' * 20_000", () => 'x'.repeat(20_000)),
  value("b''", () => new Uint8Array(0)),
  value("b'abc'", () => Uint8Array.of(97, 98, 99)),
  value("bytearray(b'abcde')", () => new ByteArray(Uint8Array.of(97, 98, 99, 100, 101))),
  value('a readonly buffer of 7 bytes', () => new PickleBuffer(new Uint8Array(7), { readonly: true })),
  value('1j', () => new Complex(0, 1)),
]

const containers: readonly HostileValue[] = [
  value('()', () => new Tuple()),
  value('(1, None)', () => Tuple.of<unknown>(1, null)),
  value('[]', () => []),
  value('[1, None]', () => [1, null]),
  value('[0] * 20_000', () => new Array<number>(20_000).fill(0)),
  value('{}', () => new PyDict()),
  value("{'a': 1}", () => new PyDict([['a', 1]])),
  value('{1: 2}', () => new PyDict([[1, 2]])),
  value("{'__proto__': {'polluted': True}}", () => new PyDict([['__proto__', pollution()]])),
  value("{'constructor': {'prototype': {'polluted': True}}}", () => {
    return new PyDict([['constructor', new PyDict([['prototype', pollution()]])]])
  }),
  value("{'then': 1, 'toString': 1, 'length': 2**31}", () => {
    return new PyDict([
      ['then', 1],
      ['toString', 1],
      ['length', 2 ** 31],
    ])
  }),
  value('set()', () => new Set()),
  value('frozenset({1})', () => new FrozenSet([1])),
  value('lists nested 2,000 deep', () => deep(2_000)),
  value('a list with 2**20 paths to one string', () => laughs(20)),
  value('a list that contains itself', selfList),
  value('a dict that contains itself', selfDict),
]

/** All of them; the cheap ones first. */
export const HOSTILE_VALUES: readonly HostileValue[] = [...plain, ...containers]

/** Keys that mean something to JavaScript. */
export const HOSTILE_KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'length',
  '0',
  '',
]
