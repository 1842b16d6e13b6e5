import { isPickleError, type PickleError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { opcodeOf } from '../opcodes.ts'
import { execute } from '../read/execute.ts'
import { inputBytes, type PickleInput } from '../read/input.ts'
import { type GlobalUse, resolveLoadOptions } from '../read/load-options.ts'
import { LoadCache, Machine } from '../read/machine.ts'
import type { ExtensionCode } from '../registry/contract.ts'
import { createRegistry } from '../registry/registry.ts'

/** A global that a pickle asks for. */
export interface GlobalFound {
  /** The module and the qualified name, in Python 3's names: what the registry is asked for. */
  readonly module: string
  readonly name: string
  /** The same as the pickle has them: Python 2's names at protocols 0 to 2. */
  readonly rawModule: string
  readonly rawName: string
  /** Where it is first asked for, in bytes from the start of the input. */
  readonly pos: number
  /** The opcode that does: GLOBAL, STACK_GLOBAL, INST, EXT1, EXT2, EXT4, or REDUCE for a call of `getattr`. */
  readonly opcode: string
}

/** What {@link globalsIn} found. */
export interface GlobalsFound {
  /** Each global once, in the order in which they are first asked for. */
  readonly globals: readonly GlobalFound[]
  /** Extension codes without a name, each once. */
  readonly extensionCodes: readonly number[]
  /** Where the pickle ended: further bytes may be another pickle. -1 if it broke. */
  readonly end: number
  /**
   * Why the pickle cannot be read to its end. What it asks for before that is in `globals` all the same; what comes after is not, and
   * CPython, which is less strict, may read on: do not trust a file with an error.
   */
  readonly error: PickleError | undefined
}

/** Options of {@link globalsIn}. */
export interface GlobalsInOptions {
  /** Names for extension codes, as plugins give them. */
  readonly extensionCodes?: readonly ExtensionCode[] | undefined
  /** Where in the input the pickle begins. Default 0. */
  readonly start?: number | undefined
  /** Bounds of the scan, as those of `loads`. */
  readonly limits?: Partial<Limits> | undefined
}

/**
 * Which globals a pickle asks for. Nothing is imported, called or built but inert data: the reader of `loads` itself runs, with
 * `unknownGlobals: 'inert'`, so that no two parsers can disagree.
 *
 * @example
 * ```ts
 * import { dumps, GlobalRef } from '@pickle-ts/pickle-core'
 * import { globalsIn } from '@pickle-ts/pickle-core/inspect'
 * const { globals } = globalsIn(dumps([new GlobalRef('os', 'system')]))
 * globals.map(({ module, name }) => `${module}.${name}`) // [ 'os.system' ]
 * ```
 */
export function globalsIn(data: PickleInput, options: GlobalsInOptions = {}): GlobalsFound {
  const { extensionCodes: named = [], start = 0, limits } = options
  const bytes = inputBytes(data)
  const globals: GlobalFound[] = []
  const codes = new Set<number>()
  const onGlobal = (use: GlobalUse): void => {
    if (use.code !== undefined) codes.add(use.code)
    else {
      const { module, name, rawModule, rawName, at } = use
      globals.push({
        module,
        name,
        rawModule,
        rawName,
        pos: start + at,
        opcode: opcodeOf(bytes[start + at] as number)?.name ?? '',
      })
    }
  }
  const registry = createRegistry([{ id: 'globalsIn', extensionCodes: named }])
  // As lenient as this reader gets, so that little can hide behind an error that CPython does not have.
  const settings = {
    ...resolveLoadOptions(
      { mapping: 'exact', unknownGlobals: 'inert', encoding: 'latin1', surrogatePairs: 'merge', strict: false, limits },
      registry,
    ),
    buffers: noBuffers(),
    onGlobal,
  }
  const m = new Machine(settings, new LoadCache(), bytes.subarray(start), start)
  let error: PickleError | undefined
  try {
    execute(m)
  } catch (thrown) {
    if (!isPickleError(thrown)) throw thrown
    error = thrown
  }
  return { globals, extensionCodes: [...codes], end: error === undefined ? start + m.pos : -1, error }
}

/** Out-of-band buffers are not there, and not needed. */
function* noBuffers(): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(0)
}
