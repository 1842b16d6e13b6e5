import type { Plugin } from '@pickle-ts/pickle-core'
import type { CheckKind, Sample } from '@pickle-ts/pickle-core/testing'

/** A plugin with one fault. */
export interface BrokenPlugin {
  /** What is wrong with it, in a sentence. */
  readonly wrong: string
  /** The check that finds it; all others hold. */
  readonly caughtBy: CheckKind
  /** What the message says, in this order. */
  readonly teaches: readonly string[]
  readonly plugin: Plugin
  readonly samples: readonly Sample[]
  readonly pythonPrelude?: string
}
