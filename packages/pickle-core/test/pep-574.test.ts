/**
 * PEP 574, sentence by sentence. `docs/pep-574.md` lists the sentences; each row there names a test here, and the last
 * test compares the two lists.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  BufferError,
  ByteArray,
  createPickle,
  definePlugin,
  dumps,
  loads,
  PickleBuffer,
  Pickler,
  pyType,
  Unpickler,
} from '@pickle-ts/pickle-core'
import { describe, expect, test } from 'vitest'
import { openPython } from './open-python.ts'
import { shapesPlugin, ZeroCopy } from './shapes.ts'

const python = await openPython()
const shapes = createPickle({ plugins: [shapesPlugin] })

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const bytes = (latin1: string): Uint8Array<ArrayBuffer> => Uint8Array.from(latin1, (c) => c.charCodeAt(0))
const writable = (latin1: string): PickleBuffer => new PickleBuffer(bytes(latin1))
const readonly = (latin1: string): PickleBuffer => new PickleBuffer(bytes(latin1), { readonly: true })
const code = (value: string): unknown => expect.objectContaining({ code: value })

/** The Python that the skipped tests would need. */
function py(): NonNullable<typeof python> {
  if (python === undefined) throw new Error('no Python')
  return python
}
const pythonTest = test.skipIf(python === undefined)

/** A pickle that Python wrote, with its buffers. */
async function theirs(
  expr: string,
  buffers?: 'out' | 'in',
): Promise<{ pickle: Uint8Array; buffers: readonly Uint8Array[] }> {
  const [result] = await py().dumps(expr, [5], buffers)
  if (result === undefined || 'error' in result) throw new Error(result?.error)
  return result
}

/** The opcode names of a pickle, as Python's own disassembler sees them. */
async function opcodes(pickle: Uint8Array): Promise<string[]> {
  const dis = await py().dis(pickle)
  return [...dis.matchAll(/^ *\d+: .{1,4}? +([A-Z_0-9]{3,})/gm)].map(([, name]) => name as string)
}

describe('Abstract', () => {
  pythonTest('A1: whoever uses none of the new arguments gets what they got before', async () => {
    const value = { list: [1, 'two', null], bytes: bytes('raw'), array: ByteArray.of(1, 2) }
    const expr = "{'list': [1, 'two', None], 'bytes': b'raw', 'array': bytearray([1, 2])}"
    expect(text(dumps(value))).toBe(text(await py().dump(expr, 4)))
    expect(loads(dumps(value))).toEqual(value)
  })
})

describe('Producer API', () => {
  test('P1: a PickleBuffer wraps any memory', () => {
    const memory = new ArrayBuffer(8)
    const shared = new SharedArrayBuffer(8)
    const sources = [
      memory,
      shared,
      new Uint8Array(memory, 2, 4),
      new Float64Array(memory),
      new DataView(memory, 1, 3),
      Buffer.from('abc'),
    ]
    expect(sources.map((source) => new PickleBuffer(source).byteLength)).toEqual([8, 8, 4, 8, 3, 3])
    expect(new PickleBuffer(new PickleBuffer(memory)).buffer).toBe(memory)
    expect(new PickleBuffer(shared).buffer).toBe(shared)
  })

  pythonTest('P2: a reducer returns one', async () => {
    const buffers: PickleBuffer[] = []
    const memory = bytes('payload')
    const pickle = shapes.dumps([new ZeroCopy(memory)], { bufferCallback: buffers })
    expect(buffers.map(({ buffer }) => buffer)).toEqual([memory.buffer])
    const { value } = await py().run(
      `[loaded] = pickle.loads(blobs[0], buffers=[bytearray(blobs[1])])
value = [type(loaded) is ZeroCopy, type(loaded.memory).__name__, bytes(loaded.memory).decode()]`,
      [pickle, memory],
    )
    expect(value).toEqual([true, 'bytearray', 'payload'])
    const given = await theirs("[ZeroCopy(bytearray(b'payload'))]", 'out')
    expect(text(pickle)).toBe(text(given.pickle))
    const [loaded] = shapes.loads<[ZeroCopy]>(given.pickle, { buffers: given.buffers })
    expect(text((loaded.memory as PickleBuffer).raw())).toBe('payload')
  })

  test('P3: it is recognised at protocol 5, and nowhere below', () => {
    expect(dumps(writable('a'), { protocol: 5 })[1]).toBe(5)
    expect(dumps(writable('a'))[1]).toBe(5) // 'auto'
    for (const protocol of [0, 1, 2, 3, 4] as const) {
      expect(() => dumps([writable('a')], { protocol })).toThrow(code('buffer-protocol'))
    }
  })

  pythonTest('P4: only the raw data is considered: shape and item size have to travel by themselves', async () => {
    const shaped = new PickleBuffer(new Float64Array([1, 2, 3, 4]), { shape: [2, 2] })
    const flat = new PickleBuffer(new Float64Array([1, 2, 3, 4]).buffer)
    expect(text(dumps(shaped))).toBe(text(dumps(flat)))
    const given = await theirs("PickleBuffer(memoryview(bytearray(32)).cast('d', (2, 2)))")
    expect(text(dumps(new PickleBuffer(new Float64Array(4), { shape: [2, 2] })))).toBe(text(given.pickle))
  })
})

describe('PickleBuffer objects', () => {
  test('B1: the constructor takes one object with memory, and nothing else', () => {
    for (const wrong of ['text', 1, null, undefined, [1, 2], {}, new Map()]) {
      expect(() => new PickleBuffer(wrong as never)).toThrow(code('buffer-type'))
    }
    expect(() => new PickleBuffer(new PickleBuffer(new ArrayBuffer(1)))).not.toThrow()
  })

  test('B2: it tells shape, strides, item size and readonly of what it wraps', () => {
    const { shape, strides, itemSize, byteLength, byteOffset, contiguity } = new PickleBuffer(
      new Float64Array(6).subarray(2),
      {
        shape: [2, 2],
      },
    )
    expect({ shape, strides, itemSize, byteLength, byteOffset, contiguity }).toEqual({
      shape: [2, 2],
      strides: [16, 8],
      itemSize: 8,
      byteLength: 32,
      byteOffset: 16,
      contiguity: 'C',
    })
    const again = new PickleBuffer(new PickleBuffer(new Int16Array(6), { shape: [2, 3], readonly: true }))
    expect([again.shape, again.itemSize, again.readonly]).toEqual([[2, 3], 2, true])
  })

  test('B3: raw() is the memory itself, without shape, strides and format', () => {
    const memory = new Uint16Array([1, 2, 3, 4])
    const fortran = new PickleBuffer(memory, { shape: [2, 2], strides: [2, 4] })
    expect(fortran.contiguity).toBe('F')
    const raw = fortran.raw()
    expect(raw).toEqual(new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0]))
    raw[0] = 9
    expect(memory[0]).toBe(9)
  })

  test('B4: release() makes it unusable', () => {
    const buffer = writable('abc')
    buffer.release()
    buffer.release()
    expect(buffer.released).toBe(true)
    for (const use of [() => buffer.raw(), () => buffer.buffer, () => dumps(buffer), () => new PickleBuffer(buffer)]) {
      expect(use).toThrow(code('buffer-released'))
    }
    let inside: PickleBuffer
    {
      using scoped = writable('abc')
      inside = scoped
    }
    expect(inside.released).toBe(true)
  })
})

describe('Buffer requirements', () => {
  const everySecond = (): PickleBuffer => new PickleBuffer(bytes('abcdef'), { shape: [3], strides: [2] })

  test('R1: a PickleBuffer may wrap memory with gaps', () => {
    expect(everySecond().contiguity).toBe('none')
    expect(() => everySecond().raw()).toThrow(BufferError)
  })

  pythonTest('R2: what is pickled is contiguous, in C order or in Fortran order', async () => {
    const c = new PickleBuffer(new Uint8Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] })
    const f = new PickleBuffer(new Uint8Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3], strides: [1, 2] })
    expect([c.contiguity, f.contiguity]).toEqual(['C', 'F'])
    const inBand = 'bytearray([1, 2, 3, 4, 5, 6])'
    for (const buffer of [c, f]) {
      expect(await py().difference(dumps(buffer), inBand)).toBeUndefined()
      const buffers: PickleBuffer[] = []
      dumps(buffer, { bufferCallback: buffers })
      expect(buffers).toEqual([buffer])
    }
  })

  test('R3: a buffer with gaps cannot be pickled', () => {
    expect(() => dumps([everySecond()])).toThrow(code('buffer-contiguous'))
    expect(() => dumps([everySecond()], { bufferCallback: [] })).toThrow(code('buffer-contiguous'))
  })

  pythonTest('R4: a provider may give several contiguous parts', async () => {
    class Rows {
      readonly rows: readonly Uint8Array[]
      constructor(rows: readonly Uint8Array[]) {
        this.rows = rows
      }
    }
    const plugin = definePlugin({
      id: 'test/rows',
      types: [
        pyType<Rows>({
          module: 'shapes',
          name: 'Call',
          class: Rows,
          opcodes: ['reduce'],
          create: (args) => new Rows(args.map((part) => (part as PickleBuffer).raw())),
          reduce: ({ rows }) => ({ args: rows.map((row) => new PickleBuffer(row)) }),
        }),
      ],
    })
    const memory = bytes('aa..bb..')
    const rows = createPickle({ plugins: [plugin] })
    const buffers: PickleBuffer[] = []
    const pickle = rows.dumps(new Rows([memory.subarray(0, 2), memory.subarray(4, 6)]), { bufferCallback: buffers })
    expect(buffers.map((buffer) => text(buffer.raw()))).toEqual(['aa', 'bb'])
    expect(rows.loads<Rows>(pickle, { buffers }).rows.map(text)).toEqual(['aa', 'bb'])
    const { value } = await py().run(
      'value = [bytes(a).decode() for a in pickle.loads(blobs[0], buffers=blobs[1:]).args]',
      [pickle, ...buffers.map((buffer) => buffer.raw())],
    )
    expect(value).toEqual(['aa', 'bb'])
  })
})

describe('Consumer API', () => {
  test('C1: Pickler and dumps take bufferCallback', () => {
    const [first, second]: [PickleBuffer[], PickleBuffer[]] = [[], []]
    const value = [writable('a'), readonly('b')]
    const pickle = dumps(value, { bufferCallback: first })
    expect(text(new Pickler(undefined, { bufferCallback: second }).dump(value))).toBe(text(pickle))
    expect([first, second]).toEqual([value, value])
  })

  pythonTest('C2: without it buffers are part of the pickle', async () => {
    const given = await theirs("[PickleBuffer(b'abc'), PickleBuffer(bytearray(b'def'))]")
    expect(text(dumps([readonly('abc'), writable('def')]))).toBe(text(given.pickle))
    expect(loads(given.pickle)).toEqual([bytes('abc'), ByteArray.from(bytes('def'))])
  })

  test('C3: it is called any number of times, each time with one buffer', () => {
    const calls: unknown[][] = []
    const callback = (...args: unknown[]): void => void calls.push(args)
    dumps([1, 'no buffer'], { bufferCallback: callback })
    expect(calls).toEqual([])
    const value = Array.from({ length: 100 }, (_, i) => writable(String(i)))
    dumps(value, { bufferCallback: callback })
    expect(calls).toEqual(value.map((buffer) => [buffer]))
    // A buffer met twice is two calls, as in C.
    calls.length = 0
    dumps([value[0], value[0]], { bufferCallback: callback })
    expect(calls).toEqual([[value[0]], [value[0]]])
  })

  pythonTest('C4: a false result sends the buffer out of band; exactly true keeps it in band', async () => {
    const values = (): PickleBuffer[] => ['a', 'b', 'c', 'd', 'e', 'f'].map(writable)
    const results = [undefined, null, false, 0, 1, true]
    let call = 0
    const pickle = dumps(values(), { bufferCallback: () => results[call++] })
    expect((await opcodes(pickle)).filter((name) => /BUFFER|BYTEARRAY/.test(name))).toEqual([
      ...Array(5).fill('NEXT_BUFFER'),
      'BYTEARRAY8',
    ])
    // Python takes any true value for in band; here a number is what `push` returns.
    const collected: PickleBuffer[] = []
    dumps(values(), { bufferCallback: (buffer) => collected.push(buffer) })
    expect(collected).toHaveLength(6)
  })

  pythonTest('C5: buffers go out and come in in the order of the stream', async () => {
    const value = { z: writable('1'), a: [readonly('2'), { m: writable('3') }], k: writable('4') }
    const buffers: PickleBuffer[] = []
    const pickle = dumps(value, { bufferCallback: buffers })
    expect(buffers.map((buffer) => text(buffer.raw()))).toEqual(['1', '2', '3', '4'])
    const { value: there } = await py().run(
      `v = pickle.loads(blobs[0], buffers=blobs[1:])
value = [bytes(b).decode() for b in (v['z'], v['a'][0], v['a'][1]['m'], v['k'])]`,
      [pickle, ...buffers.map((buffer) => buffer.raw())],
    )
    expect(there).toEqual(['1', '2', '3', '4'])
  })

  test('C6: bufferCallback with a protocol below 5 is an error', () => {
    for (const protocol of [0, 1, 2, 3, 4] as const) {
      expect(() => dumps(1, { protocol, bufferCallback: [] })).toThrow(code('option'))
      expect(() => new Pickler(undefined, { protocol, bufferCallback: [] })).toThrow(code('option'))
    }
    // No protocol given is 'auto' here, which is 5 where a buffer asks for it.
    expect(dumps(writable('a'), { bufferCallback: [] })[1]).toBe(5)
  })

  pythonTest('C7: Unpickler and loads take buffers', async () => {
    const { pickle, buffers } = await theirs("[PickleBuffer(bytearray(b'a')), PickleBuffer(b'b')]", 'out')
    for (const loaded of [
      loads<PickleBuffer[]>(pickle, { buffers }),
      new Unpickler(pickle, { buffers }).load<PickleBuffer[]>(),
    ]) {
      expect(loaded.map((buffer) => text(buffer.raw()))).toEqual(['a', 'b'])
    }
  })

  test('C8: buffers is any iterable, and is consumed one buffer at a time', () => {
    const value = [writable('a'), writable('b')]
    const pickle = dumps(value, { bufferCallback: [] })
    const taken: number[] = []
    function* lazily(): Generator<PickleBuffer> {
      for (const [i, buffer] of value.entries()) {
        taken.push(i)
        yield buffer
      }
    }
    const loaded = loads<PickleBuffer[]>(pickle, { buffers: lazily() })
    expect(taken).toEqual([0, 1])
    expect(loaded[0]).toBe(value[0])
    expect(loads(pickle, { buffers: new Set(value) })).toEqual(value)
    // A session shares one iterable: each pickle takes its own.
    const both = new Unpickler(Buffer.concat([pickle, pickle]), { buffers: [...value, writable('c'), writable('d')] })
    const names = [both.load<PickleBuffer[]>(), both.load<PickleBuffer[]>()].flat().map((buffer) => text(buffer.raw()))
    expect(names).toEqual(['a', 'b', 'c', 'd'])
  })

  test('C9: too few buffers are an error, and so are too many', () => {
    const pickle = dumps([writable('a'), writable('b')], { bufferCallback: [] })
    expect(() => loads(pickle, { buffers: [bytes('a')] })).toThrow(code('buffer-count'))
    expect(() => loads(pickle, { buffers: ['a', 'b', 'c'].map(bytes) })).toThrow(code('buffer-count'))
    expect(() => loads(pickle, { buffers: ['a', 'b'] as never })).toThrow(code('buffer-type'))
    const gone = writable('gone')
    gone.release()
    expect(() => loads(pickle, { buffers: [gone, gone] })).toThrow(
      'found a PickleBuffer that was released, detached or resized',
    )
  })

  pythonTest('C10: without buffers, a pickle that was made with a callback is an error', async () => {
    const { pickle } = await theirs("PickleBuffer(b'a')", 'out')
    expect(() => loads(pickle)).toThrow(code('buffers-missing'))
    expect(() => new Unpickler(pickle).load()).toThrow(code('buffers-missing'))
  })

  pythonTest('C11: without buffers, in-band buffers are taken from the pickle', async () => {
    const { pickle } = await theirs("[PickleBuffer(b'a'), PickleBuffer(bytearray(b'b'))]", 'in')
    expect(loads(pickle)).toEqual([bytes('a'), ByteArray.from(bytes('b'))])
    expect(loads(pickle, { buffers: [] })).toEqual([bytes('a'), ByteArray.from(bytes('b'))])
  })
})

describe('Protocol changes', () => {
  pythonTest('O1: BYTEARRAY8 makes a bytearray from the data that follows', async () => {
    const pickle = Buffer.concat([Buffer.from('8005960300000000000000', 'hex'), Buffer.from('abc.')])
    expect(loads(pickle)).toEqual(ByteArray.from(bytes('abc')))
    expect(await py().difference(pickle, "bytearray(b'abc')")).toBeUndefined()
    // It is memory of its own, not a view of the input.
    const loaded = loads<ByteArray>(pickle)
    pickle[11] = 0x7a
    expect(text(loaded)).toBe('abc')
    expect(await opcodes(dumps(ByteArray.of(1), { protocol: 5 }))).toContain('BYTEARRAY8')
  })

  test('O2: NEXT_BUFFER pushes the next object of buffers', () => {
    const pickle = Buffer.from('80055d2897972e'.replace('2e', '652e'), 'hex') // [NEXT_BUFFER, NEXT_BUFFER]
    const [a, b] = [writable('a'), readonly('b')]
    const loaded = loads<PickleBuffer[]>(pickle, { buffers: [a, b] })
    expect(loaded[0]).toBe(a)
    expect(loaded[1]).toBe(b)
    const plain = bytes('c')
    const [wrapped] = loads<PickleBuffer[]>(pickle, { buffers: [plain, plain.buffer] })
    expect([wrapped instanceof PickleBuffer, wrapped?.buffer === plain.buffer]).toEqual([true, true])
  })

  test('O3: READONLY_BUFFER makes a readonly view of the top of the stack', () => {
    const pickle = Buffer.from('800597982e', 'hex')
    const given = writable('abc')
    const loaded = loads<PickleBuffer>(pickle, { buffers: [given] })
    expect([loaded.readonly, given.readonly, loaded.buffer === given.buffer]).toEqual([true, false, true])
    const already = readonly('abc')
    expect(loads<PickleBuffer>(pickle, { buffers: [already] }).readonly).toBe(true)
    // On anything else it is an error.
    expect(() => loads(Buffer.from('80054b01982e', 'hex'))).toThrow(code('target'))
  })

  pythonTest('O4: in band, a writable buffer is written as a bytearray', async () => {
    expect(text(dumps([writable('abc')]))).toBe(text(await py().dump("[bytearray(b'abc')]", 5)))
    expect(loads(dumps([writable('abc')]))).toEqual([ByteArray.from(bytes('abc'))])
  })

  pythonTest('O5: in band, a readonly buffer is written as bytes', async () => {
    expect(text(dumps([readonly('abc')]))).toBe(text(await py().dump("[b'abc']", 4)))
    expect(text(dumps([readonly('abc')], { protocol: 5 }))).toBe(text(await py().dump("[b'abc']", 5)))
    expect(loads(dumps([readonly('abc')]))).toEqual([bytes('abc')])
  })

  pythonTest('O6: out of band, a writable buffer is NEXT_BUFFER', async () => {
    const pickle = dumps(writable('abc'), { bufferCallback: [] })
    expect(Buffer.from(pickle).toString('hex')).toBe('8005972e')
    expect(await opcodes(pickle)).toEqual(['PROTO', 'NEXT_BUFFER', 'STOP'])
    expect(text(pickle)).toBe(text((await theirs("PickleBuffer(bytearray(b'abc'))", 'out')).pickle))
  })

  pythonTest('O7: out of band, a readonly buffer is NEXT_BUFFER and READONLY_BUFFER', async () => {
    const pickle = dumps(readonly('abc'), { bufferCallback: [] })
    expect(Buffer.from(pickle).toString('hex')).toBe('800597982e')
    expect(await opcodes(pickle)).toEqual(['PROTO', 'NEXT_BUFFER', 'READONLY_BUFFER', 'STOP'])
    expect(text(pickle)).toBe(text((await theirs("PickleBuffer(b'abc')", 'out')).pickle))
  })
})

describe('Side effects and caveats', () => {
  /** Array buffer memory by way of writing and reading, in units of the payload. */
  const measured = promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--conditions=@pickle-ts/source', fileURLToPath(new URL('./pep-574.memory.ts', import.meta.url))],
    { env: { ...process.env, NODE_OPTIONS: '' } },
  ).then(({ stdout }) => JSON.parse(stdout) as Record<string, { during: number; kept: number }>)

  test('S1: in band, a PickleBuffer is copied once on its way into the pickle', async () => {
    const { inBandDumps, protocol4Dumps } = await measured
    expect(inBandDumps?.kept).toBeLessThan(1.1)
    expect(inBandDumps?.during).toBeLessThan(1.1)
    // The way of older protocols: an object of bytes is made first.
    expect(protocol4Dumps?.kept).toBeGreaterThan(1.9)
  })

  test('M1: a consumer that gives writable memory gets a writable value, and readonly memory stays readonly', () => {
    const pickle = dumps([writable('abc')], { bufferCallback: [] })
    const given = bytes('abc')
    const [loaded] = loads<[PickleBuffer]>(pickle, { buffers: [given] })
    loaded.raw()[0] = 0x7a
    expect([loaded.readonly, text(given)]).toEqual([false, 'zbc'])
    const [kept] = loads<[PickleBuffer]>(pickle, { buffers: [readonly('abc')] })
    expect(kept.readonly).toBe(true)
    // And it is dumped again as it came.
    const again: PickleBuffer[] = []
    expect(text(dumps([kept], { bufferCallback: again }))).toContain('\x97\x98')
  })

  test('D1: with buffers, the loaded object is backed by the same memory', () => {
    const samples = new Float64Array(10)
    const buffers: PickleBuffer[] = []
    const pickle = dumps({ samples: new PickleBuffer(samples) }, { bufferCallback: buffers })
    const twin = loads<{ samples: PickleBuffer }>(pickle, { buffers })
    new Float64Array(twin.samples.buffer, twin.samples.byteOffset, 10)[0] = 42
    expect(samples[0]).toBe(42)
    expect(pickle.length).toBeLessThan(50)
  })

  test('D2: out of band nothing is copied, whatever the size', async () => {
    const { outOfBandDumps, outOfBandLoads } = await measured
    for (const ways of [outOfBandDumps, outOfBandLoads]) {
      expect(ways?.during).toBeLessThan(0.01)
      expect(ways?.kept).toBeLessThan(0.01)
    }
  })

  test('D3: without buffers the loaded object has memory of its own', async () => {
    const memory = bytes('abc')
    const pickle = dumps([new PickleBuffer(memory)])
    const [loaded] = loads<[ByteArray]>(pickle)
    loaded[0] = 0x7a
    expect([text(memory), text(loads<[ByteArray]>(pickle)[0])]).toEqual(['abc', 'abc'])
    const { inBandLoads } = await measured
    expect(inBandLoads?.during).toBeLessThan(1.1)
  })
})

describe('Rejected alternatives', () => {
  test('X1: persistent_id can carry buffers beside the pickle too, and is asked for every value', () => {
    const table: ByteArray[] = []
    let asked = 0
    const array = ByteArray.of(1, 2, 3)
    const pickle = dumps(['name', 7, array], {
      persistentId: (value) => {
        asked++
        return value instanceof ByteArray ? `bytearray:${table.push(value) - 1}` : undefined
      },
    })
    expect(asked).toBe(4)
    const load = (id: unknown): unknown => table[Number(String(id).split(':')[1])]
    expect(loads<unknown[]>(pickle, { persistentLoad: load })[2]).toBe(array)
  })
})

test('the list in docs/pep-574.md names these tests, each once, in this order', () => {
  const doc = readFileSync(new URL('../../../docs/pep-574.md', import.meta.url), 'utf8')
  const named = [...doc.matchAll(/^\|[^|]*\|[^|]*\| `([A-Z]\d+: [^`]*)` \|$/gm)].map(([, name]) => name)
  const source = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const here = [...source.matchAll(/^ {2}(?:pythonTest|test)\('([A-Z]\d+: .*)', (?:async )?\(/gm)].map(([, name]) =>
    name?.replaceAll("\\'", "'"),
  )
  expect(named).toEqual(here)
  expect(here.length).toBeGreaterThanOrEqual(30)
})
