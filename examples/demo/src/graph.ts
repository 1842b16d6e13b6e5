import { type ByteArray, PickleBuffer, type Tuple } from '@pickle-ts/pickle-core'

/** Memory as it loads: a PickleBuffer out of band; in band a ByteArray if it is writable, else a plain Uint8Array. */
type Memory = PickleBuffer | ByteArray | Uint8Array

/** The graph that Python's `make_graph` makes, as it loads here. */
export interface Graph {
  name: string
  gain: number
  serial: bigint
  tags: string[]
  'same tags': string[]
  pixels: Memory
  palette: Memory
  camera: { model: string; exposure: Tuple; frame: Graph }
  sum?: number
}

const FLIP = 0x5a

export function bytesOf(memory: Memory): Uint8Array {
  return memory instanceof PickleBuffer ? memory.raw() : memory
}

/** Changes the graph in place. Done twice, the pixels are as they were. */
export function flipPixels(graph: Graph): void {
  const pixels = bytesOf(graph.pixels)
  for (let index = 0; index < pixels.length; index++) pixels[index] = (pixels[index] ?? 0) ^ FLIP
}

/** What Python asks for: every pixel flipped, one more tag, and a sum that proves who computed. */
export function change(graph: Graph): void {
  flipPixels(graph)
  graph.tags.push('seen by TypeScript')
  graph.sum = bytesOf(graph.pixels)
    .subarray(0, 65536)
    .reduce((sum, byte) => sum + byte, 0)
}

/** Whether a write through one array is seen through the other. */
export function isSameMemory(one: Uint8Array, other: Uint8Array): boolean {
  const before = other[0] ?? 0
  one[0] = (one[0] ?? 0) ^ 0xff
  const seen = other[0] === (before ^ 0xff)
  one[0] = (one[0] ?? 0) ^ 0xff
  return seen
}
