/**
 * Large graphs: tens of thousands of containers and strings, many of them met again, with cycles. The tables of the memo grow, the
 * frames fill, the batches split; and what a real Python wrote must be read, and written again byte for byte.
 */
import { describe, expect, test } from 'vitest'
import { dumps, loads } from '../src/index.ts'
import { openPython } from './open-python.ts'

const python = await openPython()

/** Makes `value` from a seed. Equal strings are one object, as they are in JavaScript. */
const GRAPH = (seed: number, containers: number): string => `
import random
R = random.Random(${seed})
pool = {}
def text():
    n = R.choice((1, 2, 5, 9, 15, 30, 63, 64, 65, 120))
    letters = R.choice(('abcdefgh', 'abcdefgh', 'abcäöü', '日月火水', 'x😀'))
    s = ''.join(R.choice(letters) for _ in range(n)) if R.random() < .7 else 'key%d' % R.randrange(3000)
    return pool.setdefault(s, s)
depth, made = {}, []
keep = []
def atom():
    k = R.randrange(10)
    if k < 4: return text()
    if k < 6: return R.choice((0, 1, 255, 256, 65535, 65536, -1, 2 ** 31, -2 ** 31, 2 ** 53, 2 ** 70, -2 ** 63))
    if k < 7: return R.random()
    if k < 8: return R.choice((None, True, False))
    if k < 9:
        b = R.randbytes(R.choice((1, 3, 20, 300)))
        keep.append(b)
        return b
    return R.choice(keep) if keep else None
def part():
    if made and R.random() < .35:
        c = R.choice(made[-200:] if R.random() < .5 else made)
        if depth[id(c)] < 60: return c
    return atom()
def add(c, parts):
    depth[id(c)] = 1 + max([depth.get(id(p), 0) for p in parts] or [0])
    made.append(c)
while len(made) < ${containers}:
    parts = [part() for _ in range(R.choice((0, 1, 1, 2, 2, 3, 3, 4, 6, 9)))]
    k = R.randrange(8)
    if k < 3: c = list(parts)
    elif k < 5: c = {text(): p for p in parts}
    elif k < 7: c = tuple(parts)
    else: c = {R.choice((text(), R.randrange(10 ** 6))): p for p in parts}
    if c == (): continue
    add(c, parts)
value = [made, [R.choice(made) for _ in range(5000)], [text() for _ in range(5000)], dict.fromkeys([text() for _ in range(3000)], made[0])]
for c in made:
    if type(c) is list and R.random() < .02: c.append(R.choice((value, c)))
out = [pickle.dumps(value, protocol) for protocol in range(6)]
value = len(made)
`

describe.skipIf(!python)('a large graph with repeats and cycles', () => {
  test.each([1, 2, 3])('is read and written again byte for byte, seed %i', async (seed) => {
    const { out } = await (python as NonNullable<typeof python>).run(GRAPH(seed, 12_000))
    for (const [protocol, expected] of out.entries()) {
      const value = loads(expected as Uint8Array, { mapping: 'exact' })
      const again = dumps(value, { protocol: protocol as 0 })
      // Not toEqual on the bytes themselves: it would print megabytes.
      expect([protocol, again.length, Buffer.compare(again, expected as Uint8Array)]).toEqual([
        protocol,
        (expected as Uint8Array).length,
        0,
      ])
    }
  })
})
