/** What the writer's memos must not get wrong: large tables, and what is kept after a dump. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { dumps, loads, PickleBuffer, Pickler } from '../src/index.ts'

/** The opcodes of a pickle that has only GETs in lists: the count of each, or the first other opcode. */
function countGets(pickle: Uint8Array): number | string {
  const ARGUMENT: Record<number, number> = { 128: 1, 149: 8, 93: 0, 148: 0, 40: 0, 101: 0, 46: 0, 104: 1, 106: 4 }
  let gets = 0
  for (let pos = 0; pos < pickle.length; ) {
    const opcode = pickle[pos] as number
    const argument = ARGUMENT[opcode]
    if (argument === undefined) return `0x${opcode.toString(16)} at byte ${pos}`
    if (opcode === 104 || opcode === 106) gets++
    pos += 1 + argument
  }
  return gets
}

test('every string is found again, however large the table has grown', () => {
  const strings = Array.from({ length: 120_000 }, (_, i) => `key-${i * 7919}`)
  // The hash is seeded: what one table gets wrong another may not.
  for (let round = 0; round < 3; round++) {
    const pickler = new Pickler(undefined, { protocol: 5 })
    pickler.dump(strings)
    expect(countGets(pickler.dump([...strings]))).toBe(strings.length)
  }
})

test('nothing of a dump is kept, not even what was only looked at', async () => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  const dump = (): WeakRef<object> => {
    const value = { last: 1 }
    const shared = { a: 1, b: 2, c: 3, d: 4, e: 5, f: value }
    // The second time it is met deeper in the stack of pairs than anything that is written.
    dumps([shared, { p: 1, q: 2, r: { s: 1, t: [], u: shared } }])
    return new WeakRef(value)
  }
  const ref = dump()
  await new Promise((resolve) => setTimeout(resolve))
  gc()
  expect(ref.deref()).toBeUndefined()
})

test('persistentId is asked for values of Python, never for what only the writer knows', () => {
  const asked: unknown[] = []
  dumps(new Uint8Array([1, 2]), { protocol: 2, persistentId: (value) => void asked.push(value) })
  expect(asked.map((value) => (typeof value === 'object' ? value?.constructor.name : value))).toEqual([
    'Uint8Array',
    'GlobalRef',
    'Tuple',
    '\x01\x02',
    'latin1',
  ])
})

test('clearMemo() in the middle of a dump is refused: later references would name other objects', () => {
  const codes: unknown[] = []
  const pickler: Pickler = new Pickler(undefined, {
    bufferCallback: () => {
      try {
        pickler.clearMemo()
      } catch (error) {
        codes.push((error as { code: unknown }).code)
      }
    },
  })
  const pickle = pickler.dump(['x', new PickleBuffer(new Uint8Array(1)), 'y', 'y'])
  expect(codes).toEqual(['busy'])
  expect(loads<unknown[]>(pickle, { buffers: [new Uint8Array(1)] }).slice(2)).toEqual(['y', 'y'])
})
