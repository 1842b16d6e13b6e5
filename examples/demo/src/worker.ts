/** The other thread: loads what comes, flips every pixel, and sends it back the same way. */
import { parentPort, threadId } from 'node:worker_threads'
import { loads } from '@pickle-ts/pickle-core'
import { flipPixels, type Graph } from './graph.ts'
import { arrayBufferBytes } from './measure.ts'
import { packMessage, type ThreadAnswer, type ThreadMessage, transferList } from './thread-message.ts'

parentPort?.on('message', ({ carrier, pickle, buffers }: ThreadMessage) => {
  const before = arrayBufferBytes()
  const graph = loads<Graph>(pickle, { buffers })
  const start = performance.now()
  flipPixels(graph)
  const workMilliseconds = performance.now() - start
  const message = packMessage(graph, carrier)
  const answer: ThreadAnswer = { message, threadId, workMilliseconds, allocated: arrayBufferBytes() - before }
  parentPort?.postMessage(answer, transferList(message))
})

parentPort?.postMessage('ready')
