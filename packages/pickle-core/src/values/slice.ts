import { type KeyParts, keyParts } from './key-protocol.ts'

/** A Python slice: `start`, `stop`, `step`, each any value, `null` for None. */
export class Slice {
  readonly start: unknown
  readonly stop: unknown
  readonly step: unknown

  constructor(start: unknown, stop: unknown, step: unknown = null) {
    this.start = start
    this.stop = stop
    this.step = step
  }

  static {
    const value = ({ start, stop, step }: Slice): KeyParts => ({ kind: 'l', items: [start, stop, step], ordered: true })
    Object.defineProperty(Slice.prototype, keyParts, { value })
  }
}
