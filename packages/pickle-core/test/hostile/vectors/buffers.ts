/** Out-of-band buffers, and memory that changes while it is read. */
import { loads } from '../../../src/read/loads.ts'
import { Unpickler } from '../../../src/read/unpickler.ts'
import { PickleBuffer } from '../../../src/values/pickle-buffer.ts'
import { bytes } from '../../pickle-bytes.ts'
import { appLoads } from './app.ts'
import { loadVectors, outcomeOf, type Row, type Vector } from './vector.ts'

const NEXT = '\x80\x05\x97.'
/** Buffers that are made anew for each run. */
const given = (pickle: string, expected: string, buffers: () => unknown, limits = {}): Vector => ({
  name: `buffers: ${JSON.stringify(pickle)} ${expected} ${String(buffers).replaceAll(/\s+/g, ' ').slice(0, 60)}`,
  run: () => loads(bytes(pickle), { buffers: buffers() as never, limits }),
  expected,
})

function detached(): ArrayBuffer {
  const memory = new ArrayBuffer(8)
  structuredClone(memory, { transfer: [memory] })
  return memory
}

function released(): PickleBuffer {
  const buffer = new PickleBuffer(new Uint8Array(1))
  buffer.release()
  return buffer
}

function* forever(): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(1)
}

// biome-ignore lint/correctness/useYield: it throws first
function* throwing(): Generator<Uint8Array> {
  throw new Error('mine')
}

function* shrinking(): Generator<PickleBuffer> {
  const memory = new ArrayBuffer(8, { maxByteLength: 8 })
  const buffer = new PickleBuffer(memory)
  memory.resize(2)
  yield buffer
}

function* loading(): Generator<Uint8Array> {
  yield loads<Uint8Array>(bytes('C\x01a.'))
}

const two = (): Uint8Array[] => [new Uint8Array(4), new Uint8Array(4)]

const NO_BUFFERS: readonly Row[] = [
  ['buffers-missing@2', NEXT],
  ['target@1', 'N\x98.'],
  ['target@4', '\x80\x05K\x01\x98.'],
  ['target@5', `\x80\x05C\x01a\x98.`],
]

/** No opcode writes into a buffer. CPython's unpickler lets a stream change the caller's bytearray. */
const WRITES = ['K\x00K\x41s', '(K\x41K\x42e', 'K\x41a', '(K\x00K\x41u', '(K\x41\x90', '}b'].map((act): Vector => {
  const expected = `${act === '}b' ? 'build-target' : 'target'}@${3 + act.length - 1}`
  return {
    name: `buffers: ${JSON.stringify(act)} does not write`,
    run: () => {
      const memory = bytes('hello')
      const outcome = outcomeOf({
        name: '',
        run: () => loads(bytes(`\x80\x05\x97${act}.`), { buffers: [memory] }),
        expected: '',
      })
      if (String.fromCharCode(...memory) !== 'hello') throw new Error('the buffer of the caller was changed')
      if (outcome !== expected) throw new Error(outcome)
    },
    expected: 'value',
  }
})

export const BUFFER_VECTORS: readonly Vector[] = [
  ...loadVectors('buffers', NO_BUFFERS),
  ...['x', 5, null, undefined, [], {}, () => {}].map((value) => given(NEXT, 'buffer-type@2', () => [value])),
  given(NEXT, 'buffer-count@2', () => []),
  given(NEXT, 'buffer-type@2', () => [detached()]),
  given(NEXT, 'buffer-type@2', () => [released()]),
  given(NEXT, 'buffer-type@2', shrinking),
  given(NEXT, 'buffer-count@3', forever),
  given(NEXT, 'callback@2', throwing),
  given(NEXT, 'value', loading),
  given(NEXT, 'callback@2', () => ({ [Symbol.iterator]: () => ({ next: () => 5 }) })),
  given(NEXT, 'callback@2', () => ({ [Symbol.iterator]: () => ({ next: () => null }) })),
  given(NEXT, 'callback@2', () => ({ [Symbol.iterator]: () => undefined })),
  given(NEXT, 'value', () => [new SharedArrayBuffer(4)]),
  given('N.', 'buffer-count@1', () => [new Uint8Array(1)]),
  given('N.', 'value', () => []),
  given('\x97\x97\x86.', 'limit@1', two, { maxBuffers: 1 }),
  given('\x97\x97\x86.', 'limit@1', two, { maxBufferBytes: 7 }),
  given('\x97\x97\x86.', 'value', two, { maxBufferBytes: 8, maxBuffers: 2 }),
  given('\x97\x98.', 'value', () => [new Uint8Array(1)]),
  given('\x96\x01\0\0\0\0\0\0\0a\x98.', 'value', () => []),
  ...WRITES,
  {
    name: 'a buffer that is released between NEXT_BUFFER and READONLY_BUFFER',
    run: () => {
      const buffer = new PickleBuffer(new Uint8Array(4))
      return loads(bytes('\x97NQ0\x98.'), { buffers: [buffer], persistentLoad: () => buffer.release() })
    },
    expected: 'buffer-type@4',
  },
  {
    name: 'a buffer that is released before a plugin asks for its memory',
    run: () => {
      const buffer = new PickleBuffer(new Uint8Array(4))
      return appLoads(bytes('cm\nMemory\n\x97NQ0\x85R.'), {
        buffers: [buffer],
        persistentLoad: () => buffer.release(),
      })
    },
    expected: 'args@15',
  },
  {
    name: 'the memory of the input is gone after the iterator of buffers',
    run: () => {
      const memory = new ArrayBuffer(4)
      new Uint8Array(memory).set(bytes('\x97N0.'))
      function* buffers() {
        yield new Uint8Array(structuredClone(memory, { transfer: [memory] }))
      }
      return loads(memory, { buffers: buffers() })
    },
    expected: 'input-changed@0',
  },
  {
    name: 'the memory of the input is gone before the next load of a session',
    run: () => {
      const memory = new ArrayBuffer(4)
      new Uint8Array(memory).set(bytes('N.N.'))
      const unpickler = new Unpickler(memory)
      unpickler.load()
      structuredClone(memory, { transfer: [memory] })
      return unpickler.load()
    },
    expected: 'input-changed@2',
  },
  { name: 'detached memory', run: () => loads(detached()), expected: 'input-changed' },
  {
    name: 'a view whose memory is detached later',
    run: () => {
      const view = new Uint8Array(8)
      structuredClone(view.buffer, { transfer: [view.buffer] })
      return loads(view)
    },
    expected: 'input-changed',
  },
]
