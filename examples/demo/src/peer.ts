import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Form } from './form.ts'
import { type Frame, FrameReader, writeFrame } from './framing.ts'

/** Whoever sends the graph and judges the answer. */
export interface Peer {
  readonly description: string
  /** The graph as Python pickled it, and how long that took. */
  request(form: Form): Promise<{ frame: Frame; seconds: number | undefined }>
  /** Python's judgement of the changed graph; undefined if there is no Python to ask. */
  judge(form: Form, pickle: Uint8Array, buffers: readonly Uint8Array[]): Promise<Verdict | undefined>
  close(): Promise<void>
}

export interface Verdict {
  readonly seconds: number
  readonly faults: readonly string[]
}

/** A CPython with nothing of ours in it: `-I` hides what a user may have installed besides. */
export function startPython(executable: string, size: number): Peer {
  const script = fileURLToPath(new URL('peer.py', import.meta.url))
  const child: ChildProcess = spawn(executable, ['-I', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('the pipes to Python are missing')
  // Python's end shows as an incomplete answer, which says more than a broken pipe.
  stdin.on('error', () => {})
  const reader = new FrameReader(stdout)
  return {
    description: 'a real CPython',
    async request({ protocol, outOfBand }) {
      await writeFrame(stdin, { do: 'send', protocol, outOfBand, size })
      const frame = await reader.read()
      return { frame, seconds: frame.note['seconds'] as number }
    },
    async judge(form, pickle, buffers) {
      await writeFrame(stdin, { do: 'check', form: `protocol ${form.name}`, size }, pickle, buffers)
      const { note } = await reader.read()
      return { seconds: note['seconds'] as number, faults: note['faults'] as string[] }
    },
    async close() {
      stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

const FIXTURES = new URL('../../../fixtures/demo/', import.meta.url)

/** Golden files in place of a Python: they can be read, and nobody judges what is written. */
export function openGoldenFiles(): Peer {
  return {
    description: 'golden files that CPython wrote',
    async request({ fixture, outOfBand }) {
      const read = async (name: string): Promise<Uint8Array> => Uint8Array.from(await readFile(new URL(name, FIXTURES)))
      const buffers = outOfBand ? await Promise.all(['pixels.buf', 'palette.buf'].map(read)) : []
      return { frame: { note: {}, pickle: await read(`${fixture}.pkl`), buffers }, seconds: undefined }
    },
    judge: async () => undefined,
    close: async () => {},
  }
}
