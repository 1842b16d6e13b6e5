/** What some of the broken plugins are for. */
export class Track {
  readonly samples: Float64Array
  constructor(samples: Float64Array) {
    this.samples = samples
  }
}
