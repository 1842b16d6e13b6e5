import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { ByteArray, isPickleError, loads, PickleBuffer } from '@pickle-ts/pickle-core'
import { bytesOf, flipPixels, type Graph } from './graph.ts'
import { arrayBufferBytes, collectGarbage } from './measure.ts'
import { type Carrier, packMessage, type ThreadAnswer, transferList } from './thread-message.ts'

/** What the trip to another thread and back cost, and what came back. */
export interface ThreadTrip {
  readonly carrier: Carrier
  readonly milliseconds: number
  readonly streamBytes: number
  /** Memory that both threads together allocated. */
  readonly allocated: number
  readonly threadId: number
  /** What became of the memory that was sent, as the sender sees it. */
  readonly sent: 'unchanged' | 'moved away' | 'changed too'
  /** Whether the graph came back with every pixel flipped, and all else as it was. */
  readonly isRight: boolean
}

/** Sends the graph to a worker thread and back, once per carrier. */
export async function tripsToThread(graph: Graph): Promise<ThreadTrip[]> {
  const worker = new Worker(new URL('worker.ts', import.meta.url))
  try {
    await once(worker, 'message') // It says that it is ready: its start-up is not what is measured.
    const trips: ThreadTrip[] = []
    for (const carrier of ['in band', 'transferred', 'shared'] as const) {
      trips.push(await trip(worker, graph, carrier))
    }
    return trips
  } finally {
    await worker.terminate()
  }
}

async function trip(worker: Worker, original: Graph, carrier: Carrier): Promise<ThreadTrip> {
  const graph = withOwnMemory(original, carrier)
  collectGarbage()
  const before = arrayBufferBytes()
  const start = performance.now()
  const message = packMessage(graph, carrier)
  const streamBytes = message.pickle.byteLength
  worker.postMessage(message, transferList(message))
  const [answer] = (await once(worker, 'message')) as [ThreadAnswer]
  const { pickle, buffers } = answer.message
  const back = loads<Graph>(pickle, { buffers })
  const milliseconds = performance.now() - start - answer.workMilliseconds
  const allocated = Math.max(0, arrayBufferBytes() - before) + Math.max(0, answer.allocated)
  const sent = stateOf(graph, original)
  return {
    carrier,
    milliseconds,
    streamBytes,
    allocated,
    threadId: answer.threadId,
    sent,
    isRight: isFlipped(original, back),
  }
}

/** The same graph over new memory, of the kind that the carrier moves or shares. */
function withOwnMemory(graph: Graph, carrier: Carrier): Graph {
  const copyOf = (bytes: Uint8Array): Uint8Array => {
    const memory = carrier === 'shared' ? new SharedArrayBuffer(bytes.length) : new ArrayBuffer(bytes.length)
    const copy = new Uint8Array(memory)
    copy.set(bytes)
    return copy
  }
  const own: Graph = {
    ...graph,
    pixels: new PickleBuffer(copyOf(bytesOf(graph.pixels))),
    palette: new PickleBuffer(copyOf(bytesOf(graph.palette)), { readonly: true }),
    camera: { ...graph.camera },
  }
  own.camera.frame = own
  return own
}

function stateOf(graph: Graph, original: Graph): ThreadTrip['sent'] {
  try {
    return bytesOf(graph.pixels)[0] === bytesOf(original.pixels)[0] ? 'unchanged' : 'changed too'
  } catch (error) {
    if (isPickleError(error, 'buffer-detached')) return 'moved away'
    throw error
  }
}

function isFlipped(original: Graph, back: Graph): boolean {
  flipPixels(back)
  const { palette } = back
  return (
    Buffer.compare(bytesOf(back.pixels), bytesOf(original.pixels)) === 0 &&
    Buffer.compare(bytesOf(palette), bytesOf(original.palette)) === 0 &&
    (palette instanceof PickleBuffer ? palette.readonly : !(palette instanceof ByteArray)) &&
    back.serial === original.serial &&
    back['same tags'] === back.tags &&
    back.camera.frame === back
  )
}
