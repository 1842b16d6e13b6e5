/** Python to TypeScript and back: random graphs that CPython wrote, read exactly and written again at the same protocol. */
import {
  createRegistry,
  type DumpOptions,
  dumps,
  type LoadOptions,
  loads,
  PickleBuffer,
  type Registry,
} from '@pickle-ts/pickle-core'
import type { Python } from '../python.ts'
import { isomorphism } from './isomorphism.ts'
import { scan } from './scan.ts'
import type { Tally } from './tally.ts'

/** What Python says of a graph; `differential.py`. */
interface GraphFacts {
  readonly seed: number
  readonly protocol: 0 | 1 | 2 | 3 | 4 | 5
  readonly fixImports: boolean
  readonly outOfBand: boolean
  /** Why Python could not write it. */
  readonly refused?: string
  /** What went wrong in the test itself. */
  readonly failed?: string
  /** Whether CPython, having read these bytes, writes them again. */
  readonly again: boolean
  /** Of each buffer out of band. */
  readonly readonly: readonly boolean[]
  readonly seen: readonly string[]
  /** Whether the same pickle in other opcodes comes with it. */
  readonly rewritten: boolean
}

/** An object outside the pickle. */
class External {
  readonly pid: unknown
  constructor(pid: unknown) {
    this.pid = pid
  }
}

const EXTENSIONS: Registry = createRegistry([
  {
    id: 'extension codes',
    extensionCodes: [
      { code: 0xf1, module: 'graph_classes', name: 'Ext1' },
      { code: 0xfff1, module: 'graph_classes', name: 'Ext2' },
      { code: 0x7ffffff1, module: 'graph_classes', name: 'Ext4' },
    ],
  },
])

/** How the graph of a seed is read: persistent ids and extension codes with and without somebody who knows them. */
function loadOptions(facts: GraphFacts, buffers: readonly PickleBuffer[]): LoadOptions {
  const { seed, fixImports } = facts
  return {
    mapping: 'exact',
    unknownGlobals: 'inert',
    fixImports,
    ...(seed % 2 === 0 ? { persistentLoad: (pid: unknown) => new External(pid) } : {}),
    // A pickle in other opcodes has codes in place of names.
    ...(seed % 3 < 2 ? { registry: EXTENSIONS } : {}),
    ...(buffers.length > 0 ? { buffers } : {}),
  }
}

/** How it is written. */
function dumpOptions(facts: GraphFacts, buffers: PickleBuffer[]): DumpOptions {
  const { seed, fixImports, protocol, outOfBand } = facts
  return {
    protocol,
    fixImports,
    ...(seed % 2 === 0 ? { persistentId: (v: unknown) => (v instanceof External ? v.pid : undefined) } : {}),
    ...(seed % 3 < 2 ? { registry: EXTENSIONS } : {}),
    ...(outOfBand ? { bufferCallback: buffers } : {}),
  }
}

/** How many graphs go to Python at once. */
const BATCH = 250

/** Runs the graphs `first`, `first + 1`, ... */
export async function fromPython(python: Python, first: number, count: number, tally: Tally): Promise<void> {
  const ask = (at: number) =>
    python.run<GraphFacts[]>(
      `import differential\nvalue, out = differential.write(${at}, ${Math.min(BATCH, first + count - at)})`,
    )
  // From 3.13 on the pieces of a name with dots are not memoized; the bytes here are those of 3.11.
  const isNewer = python.version[1] >= 13
  // One batch is on its way while another is looked at.
  let next: ReturnType<typeof ask> | undefined = ask(first)
  for (let at = first; next !== undefined; at += BATCH) {
    const { value: graphs, out } = await next
    next = at + BATCH < first + count ? ask(at + BATCH) : undefined
    // Whoever awaits it sees the error; until then nobody does.
    next?.catch(() => {})
    const unequal: { facts: GraphFacts; blobs: readonly Uint8Array[] }[] = []
    for (const facts of graphs) {
      if (facts.refused !== undefined) {
        tally.outcomes.add([`not written by Python: ${facts.refused}`])
        continue
      }
      if (facts.failed !== undefined) {
        tally.failures.push({ seed: facts.seed, what: facts.failed })
        continue
      }
      const [pickle, ...raws] = out.splice(0, 1 + facts.readonly.length) as [Uint8Array, ...Uint8Array[]]
      const [other] = facts.rewritten ? out.splice(0, 1) : []
      for (const blobs of roundTrip(facts, pickle, raws, other, isNewer, tally)) unequal.push({ facts, blobs })
    }
    const { value: differences } = await python.run<(string | null)[]>(
      `import differential
value = differential.compare(${JSON.stringify(unequal.map(({ facts }) => facts.seed))}, ${JSON.stringify(unequal.map(({ blobs }) => blobs.length))}, blobs)
differential.forget(${at}, ${BATCH})`,
      unequal.flatMap(({ blobs }) => blobs),
    )
    for (const [i, why] of differences.entries()) {
      if (why !== null)
        tally.failures.push({
          seed: unequal[i]?.facts.seed ?? -1,
          what: `Python loads another value: ${why}: ${hex(unequal[i]?.blobs[0] as Uint8Array)}`,
        })
    }
  }
}

/** Reads and writes one graph. What Python must compare: what was written, if the bytes are others and may be. */
function roundTrip(
  facts: GraphFacts,
  pickle: Uint8Array,
  raws: readonly Uint8Array[],
  other: Uint8Array | undefined,
  isNewer: boolean,
  { outcomes, coverage, failures }: Tally,
): (readonly Uint8Array[])[] {
  const { opcodes, equalLiterals, equalGlobals, getattr } = scan(pickle)
  coverage.add([...opcodes, ...(other === undefined ? [] : scan(other).opcodes)])
  coverage.add(facts.seen)
  const fail = (what: string): [] => {
    failures.push({ seed: facts.seed, what: `protocol ${facts.protocol}: ${what}` })
    return []
  }
  const unequal: (readonly Uint8Array[])[] = []
  try {
    const value = readGraph(facts, pickle, raws)
    const blobs = writeGraph(facts, value)
    const identical = sameBlobs(blobs, [pickle, ...raws])
    if (identical) outcomes.add(['identical bytes'])
    else if (!facts.again) outcomes.add(['equal: CPython does not write it again as it was either'])
    else if (getattr && isNewer) outcomes.add(['equal: this CPython writes names with dots without memo'])
    else if (equalLiterals) outcomes.add(['equal: equal strings or bytes are two objects in it'])
    else if (equalGlobals && facts.protocol < 3) outcomes.add(['equal: two globals in it have one name in Python 2'])
    else return fail(`other bytes, and no reason: ${hex(pickle)} became ${hex(blobs[0] as Uint8Array)}`)
    if (!identical) unequal.push(blobs)
    if (other === undefined) return unequal
    const again = readGraph(facts, other, raws)
    const why = isomorphism(value, again, { constructs: true })
    if (why !== undefined) return fail(`in other opcodes it is another value: ${why}: ${hex(pickle)} as ${hex(other)}`)
    const rewritten = writeGraph(facts, again)
    outcomes.add([sameBlobs(rewritten, blobs) ? 'in other opcodes: the same bytes' : 'in other opcodes: equal'])
    if (!sameBlobs(rewritten, blobs)) unequal.push(rewritten)
    return unequal
  } catch (error) {
    return fail(`${String(error)}: ${hex(pickle)} ${other === undefined ? '' : hex(other)}`)
  }
}

function readGraph(facts: GraphFacts, pickle: Uint8Array, raws: readonly Uint8Array[]): unknown {
  const given = raws.map((raw, i) => new PickleBuffer(raw, { readonly: facts.readonly[i] === true }))
  return loads(pickle, loadOptions(facts, given))
}

/** The pickle, then its buffers. */
function writeGraph(facts: GraphFacts, value: unknown): Uint8Array[] {
  const taken: PickleBuffer[] = []
  const written = dumps(value, dumpOptions(facts, taken))
  return [written, ...taken.map((buffer) => buffer.raw())]
}

function sameBlobs(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((blob, i) => Buffer.compare(blob, b[i] as Uint8Array) === 0)
}

function hex(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('hex')
  return text.length > 8000 ? `${text.slice(0, 8000)}...` : text
}
