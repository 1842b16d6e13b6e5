import type { PickleOptions } from '../create-pickle.ts'
import { unpicklingError } from '../errors.ts'
import type { Plugin } from '../registry/contract.ts'

/** Options of several bindings as one, and the plugins that they name. */
export interface MergedOptions {
  readonly options: Omit<PickleOptions, 'plugins'>
  readonly plugins: readonly Plugin[]
}

/** The options of the nearest container come first, and win. */
export function mergeOptions(bound: readonly PickleOptions[]): MergedOptions {
  // Without a prototype: an option of any name is a field, and nothing else.
  const fields: Record<string, unknown> = Object.create(null)
  const limits: Record<string, unknown> = Object.create(null)
  const plugins: Plugin[] = []
  for (const options of bound) {
    assertPlain(options, 'PickleOptions')
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined) continue
      if (name === 'plugins') plugins.push(...pluginsOf(value))
      else if (name === 'limits') addMissing(limits, limitsOf(value))
      else addMissing(fields, { [name]: value })
    }
  }
  if (Object.keys(limits).length > 0) fields['limits'] = limits
  return { options: fields, plugins }
}

/** The first field in which two sets of options differ; undefined if they are the same. */
export function optionDifference(a: object, b: object): string | undefined {
  const [one, other] = [flat(a), flat(b)]
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    if (!Object.is(one.get(name), other.get(name))) return name
  }
  return undefined
}

/** Each option with its value, and each limit. */
function flat(options: object): ReadonlyMap<string, unknown> {
  const entries = Object.entries(options).flatMap(([name, value]): [string, unknown][] =>
    name === 'limits'
      ? Object.entries(value as object).map(([limit, bound]): [string, unknown] => [`limits.${limit}`, bound])
      : [[name, value]],
  )
  return new Map(entries)
}

function addMissing(target: Record<string, unknown>, source: object): void {
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && !Object.hasOwn(target, name)) target[name] = value
  }
}

function pluginsOf(value: unknown): readonly Plugin[] {
  if (!Array.isArray(value)) failOption('plugins of PickleOptions must be an array')
  return value
}

function limitsOf(value: unknown): object {
  assertPlain(value, 'limits of PickleOptions')
  return value
}

/** A getter of a class would be lost in silence, as it is in a spread, and with it a limit. */
function assertPlain(value: unknown, what: string): asserts value is object {
  if (typeof value !== 'object' || value === null) failOption(`${what} must be an object`)
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    failOption(`${what} must be a plain object; make one with the fields of your class, with toResolvedValue`)
  }
}

function failOption(what: string): never {
  throw unpicklingError('option', { what }, -1)
}
