/** How hostile tests ask for the outcome of a load. What the language looks like is compared before and after each test. */
import { afterEach, expect } from 'vitest'
import { PickleError, type UnpicklingErrorCode } from '../../src/errors.ts'
import type { LoadOptions } from '../../src/read/load-options.ts'
import { loads } from '../../src/read/loads.ts'
import { bytes } from '../pickle-bytes.ts'
import { Intrinsics } from './intrinsics.ts'

const intrinsics = new Intrinsics()
afterEach(() => expect(intrinsics.changes()).toEqual([]))

/** The code of the error that a load throws, or `value` for none; anything but a PickleError fails the test. */
export function outcome(pickle: string | Uint8Array, options?: LoadOptions): string {
  try {
    loads(typeof pickle === 'string' ? bytes(pickle) : pickle, options)
    return 'value'
  } catch (error) {
    if (!(error instanceof PickleError)) throw error
    return error.code
  }
}

/** Each of these pickles fails with this code. */
export function expectCodes(code: UnpicklingErrorCode, pickles: readonly string[], options?: LoadOptions): void {
  for (const pickle of pickles)
    expect([JSON.stringify(pickle), outcome(pickle, options)]).toEqual([JSON.stringify(pickle), code])
}
