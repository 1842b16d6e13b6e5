/** The options of loads and Unpickler, and the settings that the reader makes of them. */
import { unpicklingError } from '../errors.ts'
import { DEFAULT_LIMITS, type Limits } from '../limits.ts'
import type { TypeRecord } from '../registry/contract.ts'
import { LookUp } from '../registry/look-up.ts'
import type { Registry } from '../registry/registry.ts'
import type { PickleBuffer } from '../values/pickle-buffer.ts'

/** How a Python 2 `str` (STRING, BINSTRING, SHORT_BINSTRING) is read: decoded, or kept as bytes. */
export type Python2Encoding = 'ASCII' | 'latin1' | 'utf-8' | 'bytes'

/** Options of `loads` and `Unpickler`: Python's, in camelCase, and ours. */
export interface LoadOptions {
  /** What can be built beyond the built-in types. */
  readonly registry?: Registry | undefined
  /** The out-of-band buffers of the pickle, in the order in which they were written; any iterable (PEP 574). */
  readonly buffers?: Iterable<PickleBuffer | ArrayBufferLike | ArrayBufferView> | undefined
  /** How a Python 2 `str` is read. Default `'ASCII'`, as in Python; `'bytes'` keeps the bytes. */
  readonly encoding?: Python2Encoding | undefined
  /** What to do with bytes of a Python 2 `str` that `encoding` does not have. Default `'strict'`: an error. */
  readonly errors?: 'strict' | 'replace' | 'ignore' | undefined
  /** In pickles of protocols 0 to 2, read Python 2's names of modules and globals as Python 3's. Default true. */
  readonly fixImports?: boolean | undefined
  /** Resolves a persistent id. What it returns is used as it is; no opcode changes it. Without it, a persistent id is an error. */
  readonly persistentLoad?: ((pid: unknown) => unknown) | undefined
  /**
   * Asked for each global, once, with Python 3's names, before the registry: a type record, `'inert'` to keep it as data, or
   * undefined to let the registry decide. It can allow more than the registry, or something else; it cannot return a function
   * to call.
   */
  readonly findClass?: ((module: string, name: string) => TypeRecord | 'inert' | undefined) | undefined
  /**
   * What to do with a class or function that is not registered. `'error'` (the default) refuses it. `'inert'` keeps it as data, so
   * that any file can be opened, changed and written back: a {@link GlobalRef}, and its objects as {@link PyObject}s; an unknown
   * extension code as an {@link ExtensionRef}, a persistent id without `persistentLoad` as a {@link PersistentRef}.
   */
  readonly unknownGlobals?: 'error' | 'inert' | undefined
  /** `'native'` (the default) reads JavaScript's own types; `'exact'` loses nothing: bigint, Float, PyDict, PySet. */
  readonly mapping?: 'native' | 'exact' | undefined
  /**
   * What a dict becomes in the native mapping. `'auto'` (the default): a plain object when every key of its first batch is a
   * string other than `__proto__`, else a Map. `'object'` and `'map'`: always that one.
   */
  readonly dicts?: 'auto' | 'object' | 'map' | undefined
  /** Two surrogates written as two code points, which JavaScript cannot tell from one character. Default `'error'`. */
  readonly surrogatePairs?: 'error' | 'merge' | undefined
  /** Bounds of one load; what is left out has its default. */
  readonly limits?: Partial<Limits> | undefined
  /** Refuse what no pickler writes, though CPython's unpickler would read it. Default true. */
  readonly strict?: boolean | undefined
  /** Bytes after the pickle, in `loads`: an error (the default), or ignored. An Unpickler leaves them for its next load. */
  readonly trailing?: 'error' | 'ignore' | undefined
}

/** What a dict becomes. */
export type DictKind = 'auto' | 'object' | 'map' | 'exact'

/** A global, or an extension code without a name, when the pickle asks for it the first time. */
export interface GlobalUse {
  readonly module: string
  readonly name: string
  readonly rawModule: string
  readonly rawName: string
  readonly code: number | undefined
  readonly at: number
}

/** Options with every default filled in. */
export interface LoadSettings {
  readonly registry: LookUp
  readonly buffers: Iterable<unknown> | undefined
  readonly encoding: Python2Encoding
  readonly errors: 'strict' | 'replace' | 'ignore'
  readonly fixImports: boolean
  readonly persistentLoad: ((pid: unknown) => unknown) | undefined
  readonly findClass: ((module: string, name: string) => unknown) | undefined
  readonly inert: boolean
  readonly exact: boolean
  readonly dicts: DictKind
  readonly mergePairs: boolean
  readonly limits: Limits
  readonly strict: boolean
  readonly ignoreTrailing: boolean
  /** Told of each global before it is looked up: for those who only look at a pickle. */
  readonly onGlobal: ((use: GlobalUse) => void) | undefined
}

/** The most values that V8 holds in one array without falling back to a hash table; no `maxItems` goes beyond. */
const ENGINE_MAX_ITEMS = 120_000_000

/** Settings for these options. */
export function resolveLoadOptions(options: LoadOptions, registry: LookUp): LoadSettings {
  if (typeof options !== 'object' || options === null) failOption('the options must be an object')
  const exact = oneOf('mapping', options.mapping, 'native', 'exact') === 'exact'
  const dicts = oneOf('dicts', options.dicts, 'auto', 'object', 'map')
  const { buffers } = options
  if (buffers !== undefined && buffers !== null && (typeof buffers !== 'object' || !(Symbol.iterator in buffers))) {
    failOption('buffers must be an iterable of buffers')
  }
  if (options.registry !== undefined && !(options.registry instanceof LookUp)) {
    failOption('registry must come from createRegistry')
  }
  return {
    registry: options.registry ?? registry,
    buffers: buffers ?? undefined,
    encoding: oneOf('encoding', options.encoding, 'ASCII', 'latin1', 'utf-8', 'bytes'),
    errors: oneOf('errors', options.errors, 'strict', 'replace', 'ignore'),
    fixImports: flag('fixImports', options.fixImports),
    persistentLoad: callable('persistentLoad', options.persistentLoad),
    findClass: callable('findClass', options.findClass),
    inert: oneOf('unknownGlobals', options.unknownGlobals, 'error', 'inert') === 'inert',
    exact,
    dicts: exact ? 'exact' : dicts,
    mergePairs: oneOf('surrogatePairs', options.surrogatePairs, 'error', 'merge') === 'merge',
    limits: options.limits === undefined ? DEFAULT_LIMITS : resolveLimits(options.limits),
    strict: flag('strict', options.strict),
    ignoreTrailing: oneOf('trailing', options.trailing, 'error', 'ignore') === 'ignore',
    onGlobal: undefined,
  }
}

function resolveLimits(given: Partial<Limits>): Limits {
  if (typeof given !== 'object' || given === null) failOption('limits must be an object')
  const limits: Record<string, number> = { ...DEFAULT_LIMITS }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) failOption(`limits has no ${JSON.stringify(name)}`)
    if (value === undefined) continue
    if (typeof value !== 'number' || !(value >= 0)) failOption(`limits.${name} must be a number, 0 or more`)
    limits[name] = value
  }
  limits['maxItems'] = Math.min(limits['maxItems'] as number, ENGINE_MAX_ITEMS)
  return limits as unknown as Limits
}

/** The value of an option that has a few values; the first is the default. */
function oneOf<T extends string>(name: string, value: T | undefined, ...values: readonly [T, ...T[]]): T {
  if (value === undefined) return values[0]
  if (!values.includes(value)) failOption(`${name} must be one of ${values.join(', ')}`)
  return value
}

function flag(name: string, value: boolean | undefined): boolean {
  if (value !== undefined && typeof value !== 'boolean') failOption(`${name} must be a boolean`)
  return value ?? true
}

function callable<T>(name: string, value: T | undefined): T | undefined {
  if (value !== undefined && value !== null && typeof value !== 'function') failOption(`${name} must be a function`)
  return value ?? undefined
}

/** An option that is not valid. */
export function failOption(what: string): never {
  throw unpicklingError('option', { what }, -1)
}
