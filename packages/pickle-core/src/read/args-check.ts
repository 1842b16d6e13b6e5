/** Whether arguments are what a type record declares. */
import type { ArgsCheck, Check } from '../registry/contract.ts'
import { found, isOfKind } from './value-kind.ts'

/** What is wrong with the arguments of a call, if anything. */
export function argsMismatch(args: readonly unknown[], declared: ArgsCheck): string | undefined {
  if (!isList(declared)) {
    const { min, max, rest } = declared
    if (args.length < min || args.length > max) return `it takes ${min} to ${max} arguments, found ${args.length}`
    if (rest === undefined) return undefined
    const index = args.findIndex((arg) => !isOfKind(arg, rest))
    return index < 0 ? undefined : argMismatch(index, rest, args[index])
  }
  if (args.length !== declared.length) return `it takes ${declared.length} arguments, found ${args.length}`
  const index = declared.findIndex((check, i) => !isOfKind(args[i], check))
  return index < 0 ? undefined : argMismatch(index, declared[index], args[index])
}

function isList(declared: ArgsCheck): declared is readonly Check[] {
  return Array.isArray(declared)
}

function argMismatch(index: number, check: Check | undefined, value: unknown): string {
  return `argument ${index + 1} must be ${kindText(check)}, found ${found(value)}`
}

/** A declared kind, for a message. */
export function kindText(check: Check | undefined): string {
  return typeof check === 'string' ? check.replaceAll('|', ' or ') : 'what its record asks for'
}
