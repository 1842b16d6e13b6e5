import { PickleError } from '@pickle-ts/pickle-core'

/** The fields that some of the errors have. */
type Thrown = PickleError & { readonly offset?: number; readonly module?: string; readonly globalName?: string }

/** The error of this kind that is thrown; anything else that is thrown is thrown on, and nothing is a failure. */
export function errorOf(run: () => unknown): Thrown
export function errorOf<E extends PickleError>(run: () => unknown, kind: abstract new (...args: never[]) => E): E
export function errorOf(
  run: () => unknown,
  kind: abstract new (...args: never[]) => PickleError = PickleError,
): PickleError {
  try {
    run()
  } catch (error) {
    if (error instanceof kind) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
