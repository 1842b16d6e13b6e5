/** TypeScript to Python and back: random graphs made here, written at each protocol, read and written by CPython, and read here. */
import { dumps, loads, PickleBuffer } from '@pickle-ts/pickle-core'
import type { Python } from '../python.ts'
import { type Graph, makeGraph } from './graphs.ts'
import { isomorphism } from './isomorphism.ts'
import { scan } from './scan.ts'
import type { Tally } from './tally.ts'

type Protocol = 0 | 1 | 2 | 3 | 4 | 5
const PROTOCOLS: readonly Protocol[] = [0, 1, 2, 3, 4, 5]

/** One pickle of a graph. */
interface Sent {
  readonly seed: number
  readonly graph: Graph
  readonly protocol: Protocol
  readonly outOfBand: boolean
  /** The pickle, then its buffers. */
  readonly blobs: readonly Uint8Array[]
  readonly readonly: readonly boolean[]
}

/** What Python says of a pickle. */
interface Answer {
  readonly error?: string
  readonly readonly: readonly boolean[]
}

/** How many graphs go to Python at once. */
const BATCH = 60

/** Runs the graphs `first`, `first + 1`, ... */
export async function toPython(python: Python, first: number, count: number, tally: Tally): Promise<void> {
  let before: { sent: readonly Sent[]; answer: ReturnType<typeof ask> } | undefined
  const finish = async (): Promise<void> => {
    if (before === undefined) return
    const { value, out } = await before.answer
    for (const [i, answer] of value.entries()) {
      const blobs = answer.error === undefined ? out.splice(0, 1 + answer.readonly.length) : []
      compare(before.sent[i] as Sent, answer, blobs, tally)
    }
  }
  for (let at = first; at < first + count; at += BATCH) {
    const sent: Sent[] = []
    for (let seed = at; seed < Math.min(at + BATCH, first + count); seed++) sent.push(...write(seed, tally))
    const answer = ask(python, sent)
    await finish()
    before = { sent, answer }
  }
  await finish()
}

function ask(python: Python, sent: readonly Sent[]): Promise<{ value: Answer[]; out: Uint8Array[] }> {
  const plan = sent.map(({ protocol, outOfBand, readonly }) => [protocol, outOfBand ? 1 : 0, readonly.map(Number)])
  return python.run<Answer[]>(
    `import differential\nvalue, out = differential.echo(${JSON.stringify(plan)}, blobs)`,
    sent.flatMap(({ blobs }) => blobs),
  )
}

/** The graph of a seed at each protocol that can write it. */
function write(seed: number, tally: Tally): Sent[] {
  const graph = makeGraph(seed)
  tally.coverage.add(graph.seen)
  const opcodes = new Set<string>()
  const sent: Sent[] = []
  for (const protocol of PROTOCOLS.slice(graph.protocol)) {
    const outOfBand = protocol === 5 && seed % 4 > 0
    const taken: PickleBuffer[] = []
    try {
      const pickle = dumps(graph.value, { protocol, ...(outOfBand ? { bufferCallback: taken } : {}) })
      const blobs = [pickle, ...taken.map((buffer) => buffer.raw())]
      sent.push({ seed, graph, protocol, outOfBand, blobs, readonly: taken.map((buffer) => buffer.readonly) })
      for (const opcode of scan(pickle).opcodes) opcodes.add(opcode)
    } catch (error) {
      tally.failures.push({ seed, what: `protocol ${protocol}: dumps: ${String(error)}` })
    }
  }
  tally.coverage.add(opcodes)
  return sent
}

function compare(sent: Sent, answer: Answer, blobs: readonly Uint8Array[], tally: Tally): void {
  const { seed, protocol, graph, outOfBand } = sent
  const fail = (what: string): void => {
    const hex = [sent.blobs[0], blobs[0]].map((blob) =>
      Buffer.from(blob ?? [])
        .toString('hex')
        .slice(0, 1200),
    )
    tally.failures.push({ seed, what: `protocol ${protocol}: ${what}: ${hex.join(' became ')}` })
  }
  if (answer.error !== undefined) {
    fail(`Python: ${answer.error}`)
    return
  }
  const [pickle, ...raws] = blobs as [Uint8Array, ...Uint8Array[]]
  const given = raws.map((raw, i) => new PickleBuffer(raw, { readonly: answer.readonly[i] === true }))
  try {
    const buffers = given.length > 0 ? { buffers: given } : {}
    const back = loads(pickle, { mapping: 'exact', unknownGlobals: 'inert', ...buffers })
    const why = isomorphism(graph.value, back, { constructs: true, inBand: !outOfBand, nans: protocol === 0 })
    if (why !== undefined) fail(`another value: ${why}`)
    else tally.outcomes.add([`equal at protocol ${protocol}`])
  } catch (error) {
    fail(`loads: ${String(error)}`)
  }
}
