/**
 * One object graph, with 64 MiB of writable and 16 MiB of readonly memory in it, goes from CPython to TypeScript, is
 * changed there, and goes back; then it goes to a worker thread and back.
 *
 *     npm run demo -- --megabytes 8     other sizes
 *     npm run demo -- --no-python      golden files in place of a Python
 */
import { parseArgs } from 'node:util'
import { dumps, loads, type PickleBuffer } from '@pickle-ts/pickle-core'
import { FORMS, type Form } from './form.ts'
import { bytesOf, change, type Graph, isSameMemory } from './graph.ts'
import { measure } from './measure.ts'
import { openGoldenFiles, type Peer, startPython } from './peer.ts'
import { formatBytes, formatTime, table } from './table.ts'
import { tripsToThread } from './threads.ts'

const { values: options } = parseArgs({
  options: { megabytes: { type: 'string', default: '64' }, 'no-python': { type: 'boolean', default: false } },
})
const python = options['no-python'] ? undefined : process.env['PICKLE_TS_PYTHON']
const size = Number(options.megabytes) * 2 ** 20

const HEADER = ['protocol', 'time', 'CPython', 'stream', 'outside', 'allocated', 'same memory']

interface Outcome {
  readonly graph: Graph
  readonly loadsRow: readonly string[]
  readonly dumpsRow: readonly string[]
  readonly isRight: boolean
}

/** Python's graph comes, is changed, and goes back. */
async function exchange(peer: Peer, form: Form): Promise<Outcome> {
  const { frame, seconds } = await peer.request(form)
  const { pickle, buffers } = frame
  const loaded = measure(() => loads<Graph>(pickle, { buffers }))
  const graph = loaded.result
  const loadsRow = row(form, loaded, seconds, pickle, buffers, bytesOf(graph.pixels), buffers[0] ?? pickle)

  change(graph)

  const dumped = measure(() => {
    const collected: PickleBuffer[] = []
    const callback = form.outOfBand ? { bufferCallback: collected } : {}
    return { stream: dumps(graph, { protocol: form.protocol, ...callback }), collected }
  })
  const { stream, collected } = dumped.result
  const outgoing = collected.map((buffer) => buffer.raw())
  const verdict = await peer.judge(form, stream, outgoing)
  const dumpsRow = row(form, dumped, verdict?.seconds, stream, outgoing, bytesOf(graph.pixels), outgoing[0] ?? stream)
  const isRight = verdict ? verdict.faults.length === 0 : isReadBack(graph, loads<Graph>(stream, { buffers: outgoing }))
  return { graph, loadsRow, dumpsRow, isRight }
}

function row(
  form: Form,
  measured: { milliseconds: number; allocated: number },
  pythonSeconds: number | undefined,
  stream: Uint8Array,
  outside: readonly Uint8Array[],
  value: Uint8Array,
  carried: Uint8Array,
): string[] {
  return [
    form.name,
    formatTime(measured.milliseconds),
    pythonSeconds === undefined ? '-' : formatTime(pythonSeconds * 1000),
    formatBytes(stream.byteLength),
    formatBytes(outside.reduce((sum, bytes) => sum + bytes.byteLength, 0)),
    formatBytes(measured.allocated),
    isWrittenThrough(value, carried, outside.length > 0) ? 'yes' : 'no',
  ]
}

/** Writes to the value that the program sees and looks for it in what the pipe carries, and the other way round. */
function isWrittenThrough(value: Uint8Array, carried: Uint8Array, isOutside: boolean): boolean {
  if (isOutside) return isSameMemory(value, carried) && isSameMemory(carried, value)
  // In band the bytes lie somewhere in the stream. Of a stream that holds the value's memory, the value is a part.
  const offset = Buffer.from(carried.buffer, carried.byteOffset, carried.byteLength).indexOf(value.subarray(0, 4096))
  return offset >= 0 && isSameMemory(value, carried.subarray(offset))
}

/** Without a Python to judge, the answer is at least read again here. */
function isReadBack(graph: Graph, twin: Graph): boolean {
  return (
    Buffer.compare(bytesOf(twin.pixels), bytesOf(graph.pixels)) === 0 &&
    Buffer.compare(bytesOf(twin.palette), bytesOf(graph.palette)) === 0 &&
    twin.tags.join() === graph.tags.join() &&
    twin['same tags'] === twin.tags &&
    twin.camera.frame === twin
  )
}

async function main(): Promise<boolean> {
  const peer = python ? startPython(python, size) : openGoldenFiles()
  console.log(`A graph with writable and readonly buffers. At the other end: ${peer.description}.`)
  if (!python) {
    console.log('NOTE: no Python is used, so nobody but this library reads what it writes.')
    console.log('The golden files are small: times and sizes say little.')
  }
  console.log()

  const outcomes: Outcome[] = []
  for (const form of FORMS) outcomes.push(await exchange(peer, form))
  await peer.close()
  console.log()

  console.log(
    table(
      'CPython to TypeScript: loads',
      HEADER,
      outcomes.map((outcome) => outcome.loadsRow),
    ),
  )
  console.log(
    table(
      'TypeScript to CPython: dumps',
      HEADER,
      outcomes.map((outcome) => outcome.dumpsRow),
    ),
  )

  const { graph } = outcomes.at(-1) as Outcome
  const trips = await tripsToThread(graph)
  const rows = trips.map((trip) => [
    `5 ${trip.carrier}`,
    formatTime(trip.milliseconds),
    formatBytes(trip.streamBytes),
    formatBytes(trip.allocated),
    trip.sent,
    trip.isRight ? 'yes' : 'NO',
  ])
  const header = ['protocol', 'both ways', 'stream', 'allocated', "sender's memory", 'right']
  console.log(table(`The same graph to worker thread ${trips[0]?.threadId} and back`, header, rows))

  console.log('time        loads or dumps here, the median of 5; CPython: its own half')
  console.log('both ways   dumps, post and loads, twice each, without the work between')
  console.log('stream      bytes in the pickle stream; outside: bytes of out-of-band buffers')
  console.log('allocated   growth of the memory of all ArrayBuffers, as Node counts it: a copy')
  console.log('            of a buffer shows here')
  console.log('same memory a write to the buffer that travels is seen in the graph, and back')

  const isRight = outcomes.every((outcome) => outcome.isRight) && trips.every((trip) => trip.isRight)
  console.log(`\n${isRight ? 'All is as it should be.' : 'SOMETHING IS WRONG.'}`)
  return isRight
}

if (!(await main())) process.exitCode = 1
