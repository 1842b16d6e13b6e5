/** Plugins and their records with all of their members as own fields. */
import type { Plugin, Reducer, TypeRecord } from '../registry/contract.ts'
import { fieldOf } from '../registry/fields.ts'
import { FUNCTIONS, partsOf } from '../registry/type-entry.ts'

/**
 * Each plugin as a plain object, read as a registry reads it: once, with what getters give and with what comes from the prototypes of
 * its classes. So a record is the same object each time that the kit looks at it. Functions are called on what they belong to.
 */
export function plainPlugins(plugins: readonly Plugin[]): readonly Plugin[] {
  const known = new Map<Plugin, Plugin>()
  const plain = (plugin: Plugin): Plugin => {
    const seen = known.get(plugin)
    if (seen !== undefined) return seen
    const made: { -readonly [K in keyof Plugin]: Plugin[K] } = {
      id: fieldOf(plugin, 'id') as string,
      replaces: fieldOf(plugin, 'replaces') as Plugin['replaces'],
      types: listOf<TypeRecord>(plugin, 'types').map(plainRecord),
      reducers: listOf<Reducer>(plugin, 'reducers').map(plainReducer),
      extensionCodes: listOf<object>(plugin, 'extensionCodes') as Plugin['extensionCodes'],
    }
    known.set(plugin, made)
    made.extends = listOf<Plugin>(plugin, 'extends').map(plain)
    return made
  }
  return plugins.map(plain)
}

function listOf<T>(plugin: Plugin, name: string): readonly T[] {
  return (fieldOf(plugin, name) ?? []) as readonly T[]
}

function plainRecord(record: TypeRecord): TypeRecord {
  const parts: Record<PropertyKey, unknown> = { ...partsOf(record) }
  for (const name of FUNCTIONS) {
    const run = parts[name]
    if (typeof run === 'function') parts[name] = (...given: unknown[]) => Reflect.apply(run, record, given)
  }
  // That a record keeps its objects as data is told by a symbol.
  for (const symbol of Object.getOwnPropertySymbols(record)) parts[symbol] = fieldOf(record, symbol)
  return parts as unknown as TypeRecord
}

function plainReducer(reducer: Reducer): Reducer {
  const reduce = fieldOf(reducer, 'reduce') as Reducer['reduce']
  return {
    class: fieldOf(reducer, 'class') as Reducer['class'],
    reduce: (...given) => Reflect.apply(reduce, reducer, given),
  }
}
