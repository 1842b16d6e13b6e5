import { CORE_REGISTRY } from '../registry/core-registry.ts'
import type { LookUp } from '../registry/look-up.ts'
import { execute } from './execute.ts'
import { fail } from './failures.ts'
import { inputBytes, type PickleInput } from './input.ts'
import { type LoadOptions, type LoadSettings, resolveLoadOptions } from './load-options.ts'
import { LoadCache, Machine } from './machine.ts'

/** Reads the value of a pickle. */
export type Loads = <T = unknown>(data: PickleInput, options?: LoadOptions) => T

/** A `loads` function for one registry. */
export function createLoads(registry: LookUp): Loads {
  const cache = new LoadCache()
  let defaults: LoadSettings | undefined
  return <T>(data: PickleInput, options?: LoadOptions): T => {
    if (options === undefined) defaults ??= resolveLoadOptions({}, registry)
    const settings = options === undefined ? (defaults as LoadSettings) : resolveLoadOptions(options, registry)
    const machine = new Machine(settings, cache, inputBytes(data), 0)
    const value = execute(machine)
    const { pos, inputEnd } = machine
    if (pos < inputEnd && !settings.ignoreTrailing) fail(machine, pos, 'trailing', { bytes: inputEnd - pos })
    if (settings.buffers !== undefined) machine.buffers.finish(pos - 1)
    return value as T
  }
}

/** Reads the value of a pickle, with no plugin. */
export const loads: Loads = /* @__PURE__ */ createLoads(CORE_REGISTRY)
