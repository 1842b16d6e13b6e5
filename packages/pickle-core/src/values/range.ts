/** A Python range: `start`, `stop`, `step`, each an int (number or bigint). It is data; it does not iterate. */
export class Range {
  readonly start: number | bigint
  readonly stop: number | bigint
  readonly step: number | bigint

  constructor(start: number | bigint, stop: number | bigint, step: number | bigint = 1) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}
