/** Reads the type record of a plugin, and says what is wrong with it if it cannot mean anything. */
import { excerpt } from '../errors.ts'
import type { Construct } from '../values/construct.ts'
import type { CheckName } from './contract.ts'
import { fieldOf, unknownField } from './fields.ts'
import { isInert } from './inert.ts'
import {
  CONSTRUCTS,
  FIELDS,
  FUNCTIONS,
  isIdentity,
  isListOf,
  partsOf,
  type RawParts,
  TypeEntry,
  type TypeParts,
} from './type-entry.ts'

const KINDS: readonly CheckName[] = [
  'any',
  'none',
  'bool',
  'int',
  'float',
  'str',
  'bytes',
  'bytearray',
  'buffer',
  'tuple',
  'list',
  'dict',
  'set',
  'global',
]

/** The entry of a record; or, as text, what is wrong with it. */
export function readRecord(record: unknown, plugin: string): TypeEntry | string {
  if (typeof record !== 'object' || record === null) return 'a type record must be an object; make it with pyType'
  const parts = partsOf(record)
  const { module, name } = parts
  if (typeof module !== 'string' || typeof name !== 'string' || module === '' || name === '') {
    return 'a type record must have a module and a name'
  }
  const other = unknownField(record, FIELDS)
  const what =
    other === undefined ? wrongPart(parts) : `there is no field ${excerpt(other)}; there are ${FIELDS.join(', ')}`
  if (what !== undefined) return `the type record of ${excerpt(module)} ${excerpt(name)}: ${what}`
  return new TypeEntry(plugin, record, parts as TypeParts, isInert(record))
}

/** What is wrong with the parts of a record, by themselves and together. */
function wrongPart(parts: RawParts): string | undefined {
  const { value, opcodes, args, kwargs, state, stateRequired } = parts
  if (parts.class !== undefined && !isClass(parts.class)) return 'class must be a class'
  if (value !== undefined && !isIdentity(value)) {
    return 'value must be a function or an object; other values have no identity to know them by'
  }
  if (value !== undefined && parts.class !== undefined) return 'give a class or a value, not both'
  for (const name of FUNCTIONS) {
    if (parts[name] !== undefined && typeof parts[name] !== 'function') return `${name} must be a function`
  }
  if (opcodes !== undefined && !isListOf(opcodes, CONSTRUCTS)) {
    return `opcodes must be a list of ${CONSTRUCTS.join(', ')}`
  }
  if (args !== undefined) {
    const wrong = wrongArgs(args)
    if (wrong !== undefined) return wrong
  }
  if (kwargs !== undefined && !(Array.isArray(kwargs) && kwargs.every((name) => typeof name === 'string'))) {
    return 'kwargs must be a list of names'
  }
  if (state !== undefined && !isCheck(state)) return notCheck('state')
  if (stateRequired !== undefined && typeof stateRequired !== 'boolean') return 'stateRequired must be a boolean'
  if (stateRequired === true && (parts.setState === undefined || state === 'none')) {
    return 'stateRequired needs a setState, and a state other than none'
  }
  const built = (opcodes as readonly Construct[] | undefined) ?? (value === undefined ? ['reduce'] : [])
  if (built.length > 0 && parts.create === undefined) {
    return 'create is missing; a global that is only referred to has `opcodes: []`'
  }
  if (value !== undefined && parts.create !== undefined && opcodes === undefined) {
    return 'create is never called: with a value, say which `opcodes` call it'
  }
  if (Array.isArray(kwargs) && kwargs.length > 0 && !built.includes('newobj_ex')) {
    return "kwargs come with the opcode 'newobj_ex' alone, which it does not allow"
  }
  if (parts.reduce !== undefined && parts.class === undefined) return 'reduce needs a class, whose objects it writes'
  return undefined
}

function wrongArgs(args: unknown): string | undefined {
  if (Array.isArray(args)) return args.every(isCheck) ? undefined : notCheck('each of args')
  if (typeof args !== 'object' || args === null) return 'args must be a list of checks, or { min, max, rest }'
  const min = fieldOf(args, 'min')
  const max = fieldOf(args, 'max')
  const rest = fieldOf(args, 'rest')
  const isRange = Number.isInteger(min) && typeof max === 'number' && 0 <= (min as number) && (min as number) <= max
  if (!isRange || unknownField(args, ['min', 'max', 'rest']) !== undefined) {
    return 'args must be a list of checks, or { min, max, rest } with 0 <= min <= max'
  }
  return rest === undefined || isCheck(rest) ? undefined : notCheck('rest of args')
}

/** Whether this can be the class of objects. */
export function isClass(value: unknown): boolean {
  const prototype: unknown = typeof value === 'function' ? value.prototype : undefined
  return typeof prototype === 'object' && prototype !== null
}

function isCheck(check: unknown): boolean {
  return typeof check === 'function' || (typeof check === 'string' && isListOf(check.split('|'), KINDS))
}

function notCheck(what: string): string {
  return `${what} must be a function or one of ${KINDS.join(', ')}, several with | between them`
}
