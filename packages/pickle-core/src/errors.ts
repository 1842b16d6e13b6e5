/**
 * The whole error vocabulary: one class per side, one table of codes and messages per class.
 *
 * Docs, tests and messages read the same tables. A message says what, where, and what to do; text that came from
 * an input is quoted and cut to 64 characters (`excerpt`).
 */

const BRAND = Symbol.for('@pickle-ts/pickle-core/PickleError')

/** A short, escaped, quoted excerpt of text that came from an input. */
export function excerpt(text: string): string {
  const quoted = JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text)
  return quoted.replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

type Named = { readonly module: string; readonly name: string }
type Owners = { readonly first: string; readonly second: string }

function owners({ first, second }: Owners): string {
  if (first === second) return `twice by the plugin ${excerpt(first)}`
  return `by two plugins, ${excerpt(first)} and ${excerpt(second)}`
}

/** Messages of {@link UnpicklingError}, by code. */
export const UNPICKLING_MESSAGES = {
  truncated: (d: { need: number; left: number }): string =>
    `the pickle ends early: ${d.need} more bytes are needed, ${d.left} are left; check that the whole file was read`,
  opcode: (d: { byte: number }): string =>
    `0x${d.byte.toString(16).padStart(2, '0')} is not a pickle opcode; check that the input is a pickle and starts here`,
  'opcode-protocol': (d: { proto: number; declared: number }): string =>
    `an opcode of protocol ${d.proto} in a pickle that says protocol ${d.declared}; pass \`strict: false\` to read it`,
  protocol: (d: { protocol: number }): string =>
    `pickle protocol ${d.protocol} is not supported; protocols 0 to 5 are. Write it again with protocol 5 or lower`,
  'proto-position': (): string =>
    'PROTO may only be the first opcode of a pickle; pass `strict: false` to read it all the same',
  frame: (d: { what: string }): string => `${d.what}; no pickler writes this`,
  stack: (d: { need: number }): string => `the stack holds fewer than the ${d.need} value(s) that this opcode takes`,
  mark: (d: { what: string }): string => d.what,
  'stop-stack': (d: { left: number }): string => `STOP with ${d.left} value(s) or marks left besides the result`,
  trailing: (d: { bytes: number }): string =>
    `${d.bytes} byte(s) follow the pickle; read several pickles with an Unpickler, or pass \`trailing: 'ignore'\``,
  length: (d: { declared: string; left: number }): string =>
    `a length of ${d.declared} is declared, and ${d.left} bytes are left`,
  limit: (d: { limit: string; value: number | string; max: number }): string =>
    `${d.value} is over the limit of ${d.max}; raise it with \`limits: { ${d.limit}: … }\` if you trust the input`,
  depth: (d: { max: number }): string =>
    `the value is nested deeper than ${d.max}; raise it with \`limits: { maxDepth: … }\` if you trust the input`,
  number: (d: { text: string; as: string }): string => `${d.text} is not ${d.as} as a pickler writes it`,
  quoting: (): string => 'the argument of STRING must stand in a pair of equal quotes',
  escape: (d: { text: string }): string => `${d.text} is not a valid escape`,
  utf8: (): string => 'the bytes of a string are not UTF-8',
  'surrogate-pair': (): string =>
    "two surrogates are written as two code points, which JavaScript cannot tell from one character; pass `surrogatePairs: 'merge'`",
  encoding: (d: { encoding: string; byte: number }): string =>
    `the byte 0x${d.byte.toString(16)} of a Python 2 str is not ${d.encoding}; pass \`encoding: 'latin1'\`, or 'bytes' to keep the bytes`,
  'memo-index': (d: { text: string }): string => `${d.text} is not a memo index`,
  'memo-missing': (d: { index: number }): string => `memo index ${d.index} was never set`,
  name: (d: { what: string }): string => d.what,
  'stack-global-type': (d: { found: string }): string => `STACK_GLOBAL takes two strings, found ${d.found}`,
  'global-not-allowed': (d: Named): string =>
    `${excerpt(d.module)} ${excerpt(d.name)} is not registered. If you trust it, register it: ` +
    `createPickle({ plugins: [definePlugin({ id: 'app', types: [pyType({ module: ${excerpt(d.module)}, name: ${excerpt(d.name)}, … })] })] }). ` +
    "To keep it as data, pass `unknownGlobals: 'inert'`",
  'construct-not-allowed': (d: Named & { opcode: string; allowed: string }): string =>
    `${excerpt(d.module)} ${excerpt(d.name)} may not be built by ${d.opcode}; its record allows ${d.allowed || 'no building'}`,
  callee: (d: { found: string }): string => `only a registered global can be called, found ${d.found}`,
  'reduce-args': (d: { found: string }): string => `the arguments of a call must be a tuple, found ${d.found}`,
  result: (d: Named & { what: string }): string =>
    `the record of ${excerpt(d.module)} ${excerpt(d.name)} made ${d.what}`,
  args: (d: Named & { what: string }): string => `${excerpt(d.module)} ${excerpt(d.name)}: ${d.what}`,
  kwargs: (d: { found: string }): string => `keyword arguments must be a dict with string keys, found ${d.found}`,
  target: (d: { opcode: string; found: string }): string => `${d.opcode} does not act on ${d.found}`,
  'build-target': (d: { found: string }): string => `BUILD does not act on ${d.found}`,
  state: (d: Named & { what: string }): string => `the state of ${excerpt(d.module)} ${excerpt(d.name)}: ${d.what}`,
  inert: (d: { name: string; what: string }): string =>
    `the inert object of ${excerpt(d.name)} ${d.what}; no pickler writes that, and it could not be written again`,
  'state-required': (d: Named): string =>
    `an object of ${excerpt(d.module)} ${excerpt(d.name)} never got the state that it needs`,
  'odd-items': (): string => 'a dict got a key without a value',
  unhashable: (d: { found: string }): string =>
    `${d.found} cannot be a dict key or a set item; in Python it is not hashable`,
  'native-key': (d: { what: string }): string => `${d.what}; pass \`mapping: 'exact'\` to keep them apart`,
  'dict-key': (d: { key: string }): string =>
    `the key ${d.key} does not fit the plain object that this dict became; pass \`dicts: 'map'\``,
  'ext-code': (d: { code: number }): string => `${d.code} is not an extension code; they are 1 to 0x7fffffff`,
  'ext-unregistered': (d: { code: number }): string =>
    `extension code ${d.code} is not registered; add it to a plugin's \`extensionCodes\``,
  'persistent-id': (): string =>
    "the pickle holds a persistent id; pass `persistentLoad` to resolve it, or `unknownGlobals: 'inert'` to keep it",
  'buffers-missing': (): string => 'the pickle refers to out-of-band buffers; pass them as `buffers`, in order',
  'buffer-count': (d: { what: string }): string => d.what,
  'buffer-type': (d: { found: string }): string =>
    `an out-of-band buffer must be a PickleBuffer, an ArrayBuffer, a SharedArrayBuffer or a view of one, found ${d.found}`,
  'input-changed': (): string => 'the memory of the input was detached or resized while it was read',
  busy: (): string => 'this Unpickler is in the middle of a load; use another one',
  closed: (): string => 'a load of this Unpickler failed, so its position is not known; make a new one',
  source: (d: { what: string }): string => d.what,
  dis: (d: { what: string }): string => d.what,
  callback: (d: { what: string }): string => `${d.what} threw`,
  option: (d: { what: string }): string => d.what,
} as const

/** Messages of {@link PicklingError}, by code. */
export const PICKLING_MESSAGES = {
  unpicklable: (d: { found: string; help: string }): string => `cannot pickle ${d.found}${d.help ? `; ${d.help}` : ''}`,
  depth: (d: { max: number }): string =>
    `the value is nested deeper than ${d.max}; raise it with \`limits: { maxDepth: … }\``,
  'equal-keys': (d: { key: string }): string =>
    `Python would call two of these keys or items equal (${d.key}), so one would be lost; make them distinct`,
  unhashable: (d: { found: string }): string =>
    `${d.found} cannot be a dict key or a set item; in Python it is not hashable`,
  'reduce-value': (d: { what: string }): string => `a reducer returned something else than a reduce value: ${d.what}`,
  unreadable: (d: { what: string }): string =>
    `${d.what} was thrown where this value was looked at; getters and the traps of a Proxy are code of yours, and a Proxy of a Map, ` +
    'a Set or bytes is none of them: give its target',
  reference: (d: { what: string }): string => d.what,
  'buffer-protocol': (d: { protocol: number }): string =>
    `a PickleBuffer needs protocol 5, this is protocol ${d.protocol}; pass \`protocol: 5\` or 'auto'`,
  'buffer-contiguous': (): string =>
    'a PickleBuffer with a non-contiguous buffer cannot be pickled; make a contiguous copy, or reduce to contiguous parts',
  'buffer-released': (): string => 'the PickleBuffer was released',
  'buffer-detached': (): string => 'the memory of the buffer was detached or resized',
  'persistent-id': (d: { what: string }): string => d.what,
  callback: (d: { what: string }): string => `${d.what} threw`,
  busy: (): string => 'this Pickler is in the middle of a dump; use another one',
  closed: (): string =>
    'a dump of this Pickler failed, so its memo holds what was not written; call clearMemo() to go on with an empty one',
  option: (d: { what: string }): string => d.what,
} as const

/** Messages of {@link RegistryError}, by code. */
export const REGISTRY_MESSAGES = {
  'duplicate-global': (d: Named & Owners): string => `${excerpt(d.module)} ${excerpt(d.name)} is owned ${owners(d)}`,
  'duplicate-class': (d: { className: string } & Owners): string =>
    `the class ${excerpt(d.className)} is owned ${owners(d)}`,
  'duplicate-id': (d: { id: string } & Partial<Owners>): string => {
    const where =
      d.first === undefined
        ? ''
        : `, one ${d.first} and one ${d.second}; is a package there twice, or a plugin made anew each time?`
    return `two different plugins have the id ${excerpt(d.id)}${where}`
  },
  'duplicate-extension': (d: { code: number } & Owners): string => `extension code ${d.code} is owned ${owners(d)}`,
  'extension-codes': (d: Named & { codes: readonly number[] } & Owners): string =>
    `${excerpt(d.module)} ${excerpt(d.name)} has two extension codes, ${d.codes.join(' and ')}; it is owned ${owners(d)}`,
  replace: (d: { what: string }): string => d.what,
  'extends-cycle': (d: { ids: string }): string => `plugins extend each other in a cycle: ${d.ids}`,
  'plugin-shape': (d: { what: string }): string => d.what,
  'plugin-scope': (d: { what: string; fix: string }): string => `${d.what} is made anew at each get; ${d.fix}`,
} as const

/** Messages of {@link BufferError}, by code. */
export const BUFFER_MESSAGES = {
  'buffer-type': (): string =>
    'a PickleBuffer takes an ArrayBuffer, a SharedArrayBuffer, a view of one, or a PickleBuffer',
  'buffer-layout': (): string => 'shape, strides and item size do not describe items inside the memory',
  'buffer-contiguous': (): string => 'raw() needs a contiguous buffer; make a contiguous copy first',
  'buffer-released': (): string => 'the PickleBuffer was released',
  'buffer-detached': (): string => 'the memory of the buffer was detached or resized',
  'buffer-context': (): string =>
    'the dump that this context belongs to is over; call shareView inside the reducer that was given it',
  'buffer-impure': (): string =>
    'a reducer asked for another view when the graph was gone over again; it must be pure: no new memory at each call',
} as const

/** Codes of {@link UnpicklingError}. */
export type UnpicklingErrorCode = keyof typeof UNPICKLING_MESSAGES
/** Codes of {@link PicklingError}. */
export type PicklingErrorCode = keyof typeof PICKLING_MESSAGES
/** Codes of {@link RegistryError}. */
export type RegistryErrorCode = keyof typeof REGISTRY_MESSAGES
/** Codes of {@link BufferError}. */
export type BufferErrorCode = keyof typeof BUFFER_MESSAGES
/** Every code that a {@link PickleError} can have. */
export type PickleErrorCode = UnpicklingErrorCode | PicklingErrorCode | RegistryErrorCode | BufferErrorCode | 'reducer'

/** The details that the message of a code is made of. */
export type UnpicklingDetails<C extends UnpicklingErrorCode> = Parameters<(typeof UNPICKLING_MESSAGES)[C]>[0]
/** The details that the message of a code is made of. */
export type PicklingDetails<C extends PicklingErrorCode> = Parameters<(typeof PICKLING_MESSAGES)[C]>[0]
/** The details that the message of a code is made of. */
export type RegistryDetails<C extends RegistryErrorCode> = Parameters<(typeof REGISTRY_MESSAGES)[C]>[0]

/** The base of all errors of this library; `code` says which one it is. */
export abstract class PickleError extends Error {
  /** Which error this is; stable, for programs. */
  readonly code: PickleErrorCode

  constructor(code: PickleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }

  static {
    // On every PickleError of every copy of this package.
    Object.defineProperty(PickleError.prototype, BRAND, { value: true })
  }
}

/** A pickle could not be read: what is wrong (`code`), at which byte (`offset`), in which opcode. */
export class UnpicklingError extends PickleError {
  declare readonly code: UnpicklingErrorCode
  /** Offset of the opcode in the input, in bytes from its start; -1 before the first. */
  readonly offset: number
  /** CPython's name of the opcode, where one was being read. */
  readonly opcode: string | undefined

  constructor(code: UnpicklingErrorCode, message: string, offset: number, opcode?: string, options?: ErrorOptions) {
    super(
      code,
      `${message}${offset < 0 ? '' : ` (${opcode === undefined ? '' : `${opcode} `}at byte ${offset})`}`,
      options,
    )
    this.offset = offset
    this.opcode = opcode
  }
}

/** The input names a global that nothing registered; nothing was looked up elsewhere, imported or called. */
export class ForbiddenGlobalError extends UnpicklingError {
  declare readonly code: 'global-not-allowed'
  /** The module as the registry would be asked for it (Python 3's name). */
  readonly module: string
  /** The qualified name in that module. */
  readonly globalName: string

  constructor(module: string, name: string, offset: number, opcode?: string) {
    super('global-not-allowed', UNPICKLING_MESSAGES['global-not-allowed']({ module, name }), offset, opcode)
    this.module = module
    this.globalName = name
  }
}

/** A value could not be written: what is wrong (`code`) and where in the graph (`path`, as `$.rows[3].key`). */
export class PicklingError extends PickleError {
  declare readonly code: PicklingErrorCode
  /** Where in the graph: `$` is the value that was given. */
  readonly path: string

  constructor(code: PicklingErrorCode, message: string, path: string, options?: ErrorOptions) {
    super(code, path === '' ? message : `${message} (at ${path})`, options)
    this.path = path
  }
}

/**
 * Code of a plugin threw: which plugin, for which global, where; `cause` is what it threw. What `ctx.check` throws is not wrapped, for it
 * says all this itself.
 */
export class ReducerError extends PickleError {
  declare readonly code: 'reducer'
  /** The id of the plugin, or `dispatchTable`, `reducerOverride`, `reduceEx`, `findClass`. */
  readonly pluginId: string
  /** The global whose type record it is; undefined for a reducer, which has none. */
  readonly module: string | undefined
  /** The qualified name in that module. */
  readonly globalName: string | undefined
  /** `module.name` on reading, the path in the graph on writing. */
  readonly where: string
  /** Offset of the opcode in the input on reading, -1 on writing. */
  readonly offset: number

  constructor(pluginId: string, where: string, offset: number, cause: unknown, type?: Named) {
    const global = type === undefined ? undefined : `${type.module}.${type.name}`
    const whose = global === undefined || global === where ? where : `${global} at ${where}`
    super('reducer', `${pluginId} threw for ${whose}${offset < 0 ? '' : ` (at byte ${offset})`}: ${causeText(cause)}`, {
      cause,
    })
    this.pluginId = pluginId
    this.module = type?.module
    this.globalName = type?.name
    this.where = where
    this.offset = offset
  }
}

/** A PickleBuffer cannot be made, or cannot be read any more. */
export class BufferError extends PickleError {
  declare readonly code: BufferErrorCode

  constructor(code: BufferErrorCode) {
    super(code, BUFFER_MESSAGES[code]())
  }
}

/** A list, dict, set or bytearray was used as a dict key or set item; Python does not hash them. */
export class UnhashableError extends PickleError {
  declare readonly code: 'unhashable'

  constructor() {
    super(
      'unhashable',
      'a list, dict, set or bytearray cannot be a dict key or a set item; in Python it is not hashable',
    )
  }
}

/** Plugins do not fit together. */
export class RegistryError extends PickleError {
  declare readonly code: RegistryErrorCode

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options)
  }
}

/** A {@link RegistryError} with the message of its code. */
export function registryError<C extends RegistryErrorCode>(
  code: C,
  details: RegistryDetails<C>,
  options?: ErrorOptions,
): RegistryError {
  // One table entry per code; TypeScript cannot see that `details` belongs to this entry.
  const message = REGISTRY_MESSAGES[code] as (d: RegistryDetails<C>) => string
  return new RegistryError(code, message(details), options)
}

/** A {@link PicklingError} with the message of its code. */
export function picklingError<C extends PicklingErrorCode>(
  code: C,
  details: PicklingDetails<C>,
  path = '',
  cause?: unknown,
): PicklingError {
  const message = PICKLING_MESSAGES[code] as (d: PicklingDetails<C>) => string
  return new PicklingError(code, message(details), path, cause === undefined ? undefined : { cause })
}

/** An {@link UnpicklingError} with the message of its code. */
export function unpicklingError<C extends UnpicklingErrorCode>(
  code: C,
  details: UnpicklingDetails<C>,
  offset: number,
  opcode?: string,
  cause?: unknown,
): UnpicklingError {
  const message = UNPICKLING_MESSAGES[code] as (d: UnpicklingDetails<C>) => string
  return new UnpicklingError(code, message(details), offset, opcode, cause === undefined ? undefined : { cause })
}

/**
 * Whether a value is a {@link PickleError}, of one of these codes if any are given. Works across copies of the package.
 *
 * @example
 * ```ts
 * import { isPickleError, loads } from '@pickle-ts/pickle-core'
 * try {
 *   loads(new Uint8Array([0x4e]))
 * } catch (error) {
 *   console.log(isPickleError(error, 'truncated')) // true
 * }
 * ```
 */
export function isPickleError<C extends PickleErrorCode>(
  value: unknown,
  ...codes: readonly C[]
): value is PickleError & { readonly code: C } {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false
  return codes.length === 0 || codes.includes((value as unknown as PickleError).code as C)
}

/** What an error says, quoted; whatever was thrown. */
export function causeText(cause: unknown): string {
  try {
    return excerpt(cause instanceof Error ? cause.message : String(cause))
  } catch {
    return 'an unprintable value'
  }
}
