/**
 * Whether two graphs are the same for Python: types, values, the bits of floats, the order of dicts, and which objects are one.
 * Both mappings, and values that JavaScript made, have one form here: `1` and `1n` are an int, an object and a PyDict are a dict.
 */
import {
  ByteArray,
  Complex,
  ExtensionRef,
  Float,
  FrozenSet,
  GlobalRef,
  PersistentRef,
  PickleBuffer,
  PyDict,
  PyObject,
  PySet,
  Range,
  Slice,
  Tuple,
} from '@pickle-ts/pickle-core'

/** What counts as the same besides. */
export interface Loose {
  /** `cls(*args)` by OBJ or INST is what REDUCE or NEWOBJ make; NEWOBJ_EX without keywords is NEWOBJ. */
  readonly constructs?: boolean
  /** Buffers came back in band. */
  readonly inBand?: boolean
  /** Every NaN is one NaN, as in the text of protocol 0. */
  readonly nans?: boolean
  /** Floats that are whole numbers were read as ints, as the native mapping does. */
  readonly wholeFloats?: boolean
}

/** How a value looks to Python. */
interface View {
  readonly kind: string
  /** What tells two atoms apart. */
  readonly atom?: unknown
  readonly parts?: readonly unknown[]
  /** Whether it matters which objects are one. */
  readonly shareable?: boolean
}

interface Path {
  readonly up: Path | undefined
  readonly label: string | number
}

/** Where two graphs differ, or undefined. */
export function isomorphism(a: unknown, b: unknown, loose: Loose = {}): string | undefined {
  const twin = new Map<unknown, unknown>()
  const back = new Map<unknown, unknown>()
  const todo: (readonly [Path | undefined, unknown, unknown])[] = [[undefined, a, b]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [path, left, right] = next
    if (typeof left !== 'object' && left === right) continue
    const mine = viewOf(left, loose)
    const theirs = viewOf(right, loose)
    if (mine.kind !== theirs.kind) return `${where(path)}: ${mine.kind} is not ${theirs.kind}`
    if (!Object.is(mine.atom, theirs.atom)) return `${where(path)}: ${String(mine.atom)} is not ${String(theirs.atom)}`
    if (mine.shareable === true && theirs.shareable === true) {
      if (twin.has(left) || back.has(right)) {
        if (twin.get(left) === right && back.get(right) === left) continue
        return `${where(path)}: a ${mine.kind} is shared on one side only`
      }
      twin.set(left, right)
      back.set(right, left)
    }
    const { parts = [] } = mine
    const others = theirs.parts ?? []
    if (parts.length !== others.length) {
      return `${where(path)}: ${mine.kind} of ${parts.length} parts is not one of ${others.length}`
    }
    for (let i = 0; i < parts.length; i++) todo.push([{ up: path, label: i }, parts[i], others[i]])
  }
  return undefined
}

function where(path: Path | undefined): string {
  return path === undefined ? '$' : `${where(path.up)}[${path.label}]`
}

function viewOf(value: unknown, loose: Loose): View {
  switch (typeof value) {
    case 'bigint':
      return { kind: 'int', atom: value }
    case 'number':
      return numberView(value, 0n, Number.isSafeInteger(value) && !Object.is(value, -0))
    case 'string':
      return { kind: 'str', atom: value }
    case 'object':
      return value === null ? { kind: 'None' } : (containerView(value) ?? objectView(value, loose))
    default:
      return { kind: typeof value, atom: value }
  }
}

function numberView(value: number, nanBits: bigint, isInt: boolean): View {
  if (isInt) return { kind: 'int', atom: BigInt(value) }
  return { kind: 'float', atom: Number.isNaN(value) ? `nan ${nanBits}` : value }
}

function containerView(value: object): View | undefined {
  if (value instanceof Tuple) return { kind: 'tuple', parts: value, shareable: value.length > 0 }
  if (Array.isArray(value)) return { kind: 'list', parts: value, shareable: true }
  if (value instanceof PyDict || value instanceof Map)
    return { kind: 'dict', parts: [...value].flat(), shareable: true }
  if (value instanceof FrozenSet) return { kind: 'frozenset', parts: inOrder(value), shareable: value.size > 0 }
  if (value instanceof PySet || value instanceof Set) return { kind: 'set', parts: inOrder(value), shareable: true }
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return { kind: 'dict', parts: Object.entries(value).flat(), shareable: true }
  }
  return undefined
}

function objectView(value: object, loose: Loose): View {
  if (value instanceof Float) {
    const whole = loose.wholeFloats === true && Number.isSafeInteger(value.value) && !Object.is(value.value, -0)
    return numberView(value.value, loose.nans === true ? 0n : value.nanBits, whole)
  }
  if (value instanceof PickleBuffer) {
    const atom = latin1(value.raw())
    if (loose.inBand !== true) return { kind: 'PickleBuffer', atom: `${value.readonly} ${atom}` }
    return value.readonly ? { kind: 'bytes', atom } : { kind: 'bytearray', atom, shareable: true }
  }
  if (value instanceof ByteArray) return { kind: 'bytearray', atom: latin1(value), shareable: true }
  if (value instanceof Uint8Array) return { kind: 'bytes', atom: latin1(value) }
  if (value instanceof Complex) return { kind: 'complex', parts: [new Float(value.real), new Float(value.imag)] }
  if (value instanceof Range) return { kind: 'range', parts: [value.start, value.stop, value.step], shareable: true }
  if (value instanceof Slice) return { kind: 'slice', parts: [value.start, value.stop, value.step], shareable: true }
  if (value instanceof GlobalRef) return { kind: 'global', atom: `${value.module} ${value.name}` }
  if (value instanceof ExtensionRef) return { kind: 'extension code', atom: value.code }
  if (value instanceof PersistentRef) return { kind: 'persistent id', parts: [value.id] }
  if (value instanceof PyObject) return pyObjectView(value, loose)
  // Singletons of Python, and what a test itself puts into a graph.
  const parts = Object.values(value)
  return { kind: value.constructor.name, parts, atom: parts.length === 0 ? value : undefined }
}

function pyObjectView(object: PyObject, loose: Loose): View {
  const { class: type, construct, args, kwargs, state, listItems, dictItems, stateSetter } = object
  let kind: string = construct
  let positional: readonly unknown[] = args
  let named: unknown = kwargs
  if (loose.constructs === true) {
    const [base, value] = args
    if (construct === 'reconstructor' && base instanceof GlobalRef && base.name === 'object' && value === null) {
      // Protocols 0 and 1 have no NEWOBJ.
      kind = 'object'
      positional = []
    } else if (construct === 'newobj_ex') {
      if ([...(kwargs instanceof PyDict ? kwargs : Object.keys(kwargs ?? {}))].length === 0) {
        kind = 'object'
        named = undefined
      }
    } else if (construct !== 'reconstructor') kind = 'object'
  }
  const pairs = (dictItems ?? []).flat()
  return {
    kind: `${kind} with ${positional.length} arguments, ${(listItems ?? []).length} list items, ${pairs.length / 2} pairs`,
    // Whether the tuple of the arguments is shared, only Python can tell: OBJ and INST have none.
    parts: [type, ...positional, named, state ?? undefined, ...(listItems ?? []), ...pairs, stateSetter],
    shareable: true,
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The items of a set in an order that does not depend on hashes. */
function inOrder(items: Iterable<unknown>): unknown[] {
  const keyed = [...items].map((item): readonly [string, unknown] => [orderKey(item, 0), item])
  keyed.sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0))
  return keyed.map(([, item]) => item)
}

function orderKey(item: unknown, level: number): string {
  if (typeof item === 'string') return `s${item}`
  if (typeof item === 'bigint' || typeof item === 'number') return `n${item}`
  if (item instanceof Float) return Number.isSafeInteger(item.value) ? `n${item.value}f` : `n${item.value}`
  if (item instanceof Uint8Array) return `b${latin1(item)}`
  if (item instanceof PyObject) return `o${tagOf(item.state)}`
  if (level > 4) return 'deep'
  if (item instanceof Tuple) return `t${item.map((part) => orderKey(part, level + 1)).join()}`
  if (item instanceof FrozenSet) return `f${[...item].map((part) => orderKey(part, level + 1)).sort()}`
  return String(item)
}

/** Objects in sets have a number in their state that tells them apart. */
function tagOf(state: unknown): string {
  const tag =
    state instanceof PyDict || state instanceof Map ? state.get('tag') : (state as { tag?: unknown } | null)?.tag
  return String(tag)
}
