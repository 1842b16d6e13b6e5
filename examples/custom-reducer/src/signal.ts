/** A sound: numbers in one piece of memory, and how many of them there are in a second. It knows nothing of pickles. */
export class Signal {
  sampleRate: number
  samples: Float64Array

  constructor(sampleRate: number, samples: Float64Array) {
    this.sampleRate = sampleRate
    this.samples = samples
  }

  /** Its length in seconds. */
  get duration(): number {
    return this.samples.length / this.sampleRate
  }

  get peak(): number {
    return this.samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)
  }

  /** A tone of a frequency in hertz. */
  static tone(frequency: number, seconds: number, sampleRate = 48_000): Signal {
    const step = (2 * Math.PI * frequency) / sampleRate
    return new Signal(
      sampleRate,
      Float64Array.from({ length: seconds * sampleRate }, (_, i) => Math.sin(i * step)),
    )
  }
}
