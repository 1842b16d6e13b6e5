/** Writes what no honest program would, with the library's own writer: any reduce value, for any global. */
import { isPickleError, ReducerError } from '../errors.ts'
import { genops } from '../inspect/genops.ts'
import { notMine, type ReduceValue, type TypeRecord } from '../registry/contract.ts'
import type { Construct } from '../values/construct.ts'
import { GlobalRef } from '../values/global-ref.ts'
import type { Built } from './observe.ts'
import type { Subject } from './subject.ts'

export const CONSTRUCTS: readonly Construct[] = ['reduce', 'newobj', 'newobj_ex', 'obj', 'inst']

/** Stands for the object that the pickle builds: a part that holds it makes the object contain itself. */
export class Self {}

/** The parts that are given to the record's object. */
type HostileParts = Omit<ReduceValue, 'callable'>

/** The pickle of an object of this record with these parts, by itself or in a `root`; undefined for what the format itself cannot say, as a list for a key. */
export function hostilePickle(
  subject: Subject,
  record: TypeRecord,
  parts: HostileParts,
  self: Self = new Self(),
  root: unknown = self,
): Uint8Array | undefined {
  const reduction = { ...parts, callable: new GlobalRef(record.module, record.name) }
  const reducerOverride = (value: object): ReduceValue | typeof notMine => (value === self ? reduction : notMine)
  try {
    return subject.pickle.dumps(root, { reducerOverride })
  } catch (error) {
    if (isPickleError(error) && !(error instanceof ReducerError)) return undefined
    throw error
  }
}

/** Parts besides the arguments, and their name. */
export interface StateCase extends Omit<HostileParts, 'args'> {
  readonly name: string
  /** Whether the list items are sent as those of a set. */
  readonly asSet?: boolean
}

/** The pickle of an object that is built as a sample builds it, and then gets these parts. */
export function statePickle(
  subject: Subject,
  record: TypeRecord,
  { args, kwargs }: Built,
  { name: _, asSet, ...parts }: StateCase,
  self?: Self,
  root?: unknown,
): Uint8Array | undefined {
  const construct = constructOf(record)
  if (construct === undefined) return undefined
  const named = construct === 'newobj_ex' ? { kwargs: kwargs ?? new Map<string, unknown>() } : {}
  const pickle = hostilePickle(subject, record, { args, construct, ...named, ...parts }, self, root)
  return pickle !== undefined && asSet === true ? itemsAsSet(pickle) : pickle
}

/** How a record's objects are built, as the writer decides it. */
function constructOf({ opcodes = ['reduce'] }: TypeRecord): Construct | undefined {
  return opcodes.includes('reduce') ? 'reduce' : opcodes[0]
}

/** The last APPENDS is made ADDITEMS, which takes the same; no writer of CPython writes it for an object. */
function itemsAsSet(pickle: Uint8Array): Uint8Array {
  const changed = pickle.slice()
  const at = [...genops(pickle)].findLast(({ opcode }) => opcode.name === 'APPENDS')?.pos
  if (at !== undefined) changed[at] = 0x90 // ADDITEMS
  return changed
}

/** `module.name`, as Python writes it. */
export function nameOfRecord({ module, name }: Pick<TypeRecord, 'module' | 'name'>): string {
  return `${module}.${name}`
}
