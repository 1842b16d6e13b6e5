/** Browsers have no Buffer: there the codec decodes text in other ways. A Node without it must read and write the same. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { dumps, loads } from '../src/index.ts'

const INDEX = fileURLToPath(new URL('../src/index.ts', import.meta.url))

/** Reads hex lines, each the protocol and a pickle, and writes what its value dumps to. */
const CHILD = `
  delete globalThis.Buffer
  const { dumps, loads } = await import(process.argv[1])
  let input = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) input += chunk
  for (const line of input.split('\\n')) {
    const bytes = Uint8Array.from(line.slice(1).match(/../g), (byte) => Number.parseInt(byte, 16))
    const again = dumps(loads(bytes, { encoding: 'latin1' }), { protocol: Number(line[0]) })
    console.log(Array.from(again, (byte) => byte.toString(16).padStart(2, '0')).join(''))
  }
`

const LENGTHS = [...Array(80).keys(), 199, 200, 201, 255, 256, 1023, 1024, 5000, 70_000]
const ALPHABETS = ['abcdefg', 'abc\x7f\x80\xe9\xff', 'aя東', '😀a', 'a\ud800', '\udc00']
const texts = ALPHABETS.flatMap((alphabet) =>
  LENGTHS.map((length) => alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length)),
)

test('a Node without Buffer reads and writes the same bytes', () => {
  const value = [texts, Object.fromEntries(texts.map((text, i) => [text, i])), new Map([[Uint8Array.of(1, 200), null]])]
  const pickles = [0, 1, 2, 3, 4, 5].map((protocol) => dumps(value, { protocol: protocol as 0 }))
  // SHORT_BINSTRING and STRING of Python 2, as latin-1.
  pickles.push(
    Uint8Array.of(0x55, 3, 0x61, 0x80, 0xff, 0x2e),
    Uint8Array.from("S'\\x80\x80\xe9'\n.", (c) => c.charCodeAt(0)),
  )
  const lines = pickles.map((bytes, i) => `${Math.min(i, 5)}${Buffer.from(bytes).toString('hex')}`)
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', CHILD, INDEX], {
    input: lines.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  expect(stderr).toBe('')
  const expected = pickles.map((bytes, i) =>
    Buffer.from(dumps(loads(bytes, { encoding: 'latin1' }), { protocol: Math.min(i, 5) as 0 })).toString('hex'),
  )
  expect(stdout.trim().split('\n')).toEqual(expected)
  expect(expected.slice(0, 6)).toEqual(pickles.slice(0, 6).map((bytes) => Buffer.from(bytes).toString('hex')))
})
