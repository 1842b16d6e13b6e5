import { ByteArray, definePlugin, PickleBuffer, pyType } from '@pickle-ts/pickle-core'
import { Signal } from './signal.ts'

const signalType = pyType({
  module: 'argparse', // In stock Python: Namespace(kind='Signal', sample_rate=48000, samples=<memory>)
  name: 'Namespace',
  class: Signal,
  opcodes: ['newobj'],
  args: [],
  state: 'dict',
  stateRequired: true,
  create: () => new Signal(0, new Float64Array(0)),
  setState(signal, state, ctx) {
    const fields = ctx.check.dict(state, 'state')
    if (fields.get('kind') !== 'Signal') throw new Error('this Namespace is not a Signal')
    const { memory, byteOffset, byteLength, readonly } = ctx.memoryOf(fields.get('samples'))
    if (byteLength % 8 !== 0) throw new Error('samples are float64, 8 bytes each')
    const isFree = !readonly && byteOffset % 8 === 0 // else it is copied: readonly, or no place for float64
    const bytes = isFree ? memory : memory.slice(byteOffset, byteOffset + byteLength)
    signal.samples = new Float64Array(bytes, isFree ? byteOffset : 0, byteLength / 8)
    signal.sampleRate = ctx.check.int(fields.get('sample_rate'), 'sample_rate')
  },
  reduce({ sampleRate, samples }, { protocol }) {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
    const memory = protocol < 5 ? new ByteArray(bytes) : new PickleBuffer(bytes)
    return { args: [], state: { kind: 'Signal', sample_rate: sampleRate, samples: memory } }
  },
})
export const signalPlugin = definePlugin({ id: 'custom-reducer/signal', types: [signalType] })
