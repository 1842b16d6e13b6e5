import type { Sample } from '@pickle-ts/pickle-core/testing'
import { Signal } from './signal.ts'

/** What the test kit needs of an author: values, and what Python should see. */
export const samples: readonly Sample<Signal>[] = [
  {
    name: 'a tone',
    make: () => Signal.tone(440, 0.01),
    grown: () => Signal.tone(440, 1),
    python: "x.kind == 'Signal' and x.sample_rate == 48000 and len(memoryview(x.samples).cast('B').cast('d')) == 480",
  },
  { name: 'three numbers', make: () => new Signal(2, Float64Array.of(0, -0, Number.NaN)) },
  { name: 'silence', make: () => new Signal(8_000, new Float64Array(0)), python: 'len(x.samples) == 0' },
]
