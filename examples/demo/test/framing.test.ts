import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { FrameReader, writeFrame } from '../src/framing.ts'

async function frameBytes(...args: [note: object, pickle?: Uint8Array, buffers?: Uint8Array[]]): Promise<Buffer> {
  const pipe = new PassThrough({ highWaterMark: 1 << 20 })
  await writeFrame(pipe, ...args)
  pipe.end()
  return Buffer.concat(await pipe.toArray())
}

/** A pipe that delivers a few bytes at a time. */
function pipeOf(bytes: Buffer, step: number): PassThrough {
  const pipe = new PassThrough()
  for (let start = 0; start < bytes.length; start += step) pipe.write(bytes.subarray(start, start + step))
  pipe.end()
  return pipe
}

test.each([1, 3, 7, 1000])('a frame arrives whole in pieces of %i bytes', async (step) => {
  const bytes = await frameBytes({ do: 'check' }, Uint8Array.of(1, 2), [Uint8Array.of(), Uint8Array.of(3, 4, 5)])
  const frame = await new FrameReader(pipeOf(bytes, step)).read()
  expect(frame.note).toEqual({ do: 'check' })
  expect(frame.pickle).toEqual(Uint8Array.of(1, 2))
  expect(frame.buffers).toEqual([Uint8Array.of(), Uint8Array.of(3, 4, 5)])
})

test('two frames in one piece are two frames', async () => {
  const bytes = Buffer.concat([await frameBytes({ n: 1 }), await frameBytes({ n: 2 }, Uint8Array.of(9))])
  const reader = new FrameReader(pipeOf(bytes, bytes.length))
  expect((await reader.read()).note).toEqual({ n: 1 })
  expect((await reader.read()).pickle).toEqual(Uint8Array.of(9))
})

test('each part has memory of its own, as moving it to a thread needs', async () => {
  const bytes = await frameBytes({}, Uint8Array.of(1), [Uint8Array.of(2, 3)])
  const { buffers } = await new FrameReader(pipeOf(bytes, 5)).read()
  expect(buffers[0]?.buffer.byteLength).toBe(2)
})

test('an end in the middle of a frame is an error', async () => {
  const bytes = await frameBytes({}, Uint8Array.of(1, 2, 3))
  const reader = new FrameReader(pipeOf(bytes.subarray(0, -1), 4))
  await expect(reader.read()).rejects.toThrow('Python ended before its answer was complete')
})
