/**
 * Memory is bounded by what an input is worth: bombs of every kind are loaded in a process that may use little of it.
 * PICKLE_TS_BOMB_SCALE makes them larger: 30 nests a million levels.
 */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const SCALE = Number(process.env['PICKLE_TS_BOMB_SCALE'] ?? 1)
/** Bytes that a byte of input may become: an empty dict of one byte is an object, and a note that its kind is still open. */
const FACTOR = 400
const MiB = 1 << 20

interface Result {
  readonly name: string
  readonly bytes: number
  readonly outcome: string
  /** Bytes that were in use after the load, and not before. */
  readonly taken: number
  /** The most that the process ever held. */
  readonly most: number
}

test('memory is bounded by the size of the input', { timeout: 120_000 * SCALE }, () => {
  const output = execFileSync(
    process.execPath,
    [
      '--no-warnings',
      '--expose-gc',
      `--max-old-space-size=${128 + 128 * SCALE}`,
      '--conditions=@pickle-ts/source',
      path.join(import.meta.dirname, 'bombs/load-bombs.ts'),
      String(SCALE),
    ],
    { encoding: 'utf8', maxBuffer: 64 * MiB },
  )
  const results = output
    .trim()
    .split('\n')
    .map((line): Result => JSON.parse(line))
  const worst = results.toSorted((a, b) => b.taken / b.bytes - a.taken / a.bytes).slice(0, 3)
  const most = Math.max(...results.map((result) => result.most))
  console.log(
    `${results.length} bombs: ${worst.map(({ name, bytes, taken }) => `${name} ${Math.round(taken / bytes)} bytes a byte`).join(', ')}; at most ${Math.round(most / MiB)} MiB`,
  )
  expect(results.length).toBeGreaterThan(200)
  expect(results.filter(({ taken, bytes }) => taken > FACTOR * bytes + MiB)).toEqual([])
  expect(most).toBeLessThan(512 * MiB * SCALE)
})

/** Each of these fields of 8 bytes says that far more follows than does. */
test('a declared length takes no memory', () => {
  const script = `
    const { loads } = await import(process.argv[1])
    const sizes = [2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]
    const rss = () => process.resourceUsage().maxRSS
    const codes = new Set()
    const before = rss()
    for (let round = 0; round < 50; round++) {
      for (const opcode of [0x8d, 0x8e, 0x96, 0x95]) {
        for (const size of sizes) {
          const pickle = new Uint8Array(12)
          pickle[0] = opcode
          new DataView(pickle.buffer).setBigUint64(1, size, true)
          try { loads(pickle); codes.add('value') } catch (error) { codes.add(error.code) }
        }
      }
      for (const index of [0x7fffffff, 0xffffffff]) {
        const pickle = new Uint8Array([0x4e, 0x72, 0, 0, 0, 0, 0x2e])
        new DataView(pickle.buffer).setUint32(2, index, true)
        codes.add(loads(pickle))
      }
    }
    console.log(JSON.stringify({ codes: [...codes], grown: rss() - before }))`
  const source = path.resolve(import.meta.dirname, '../../src/index.ts')
  const args = ['--no-warnings', '--max-old-space-size=64', '--conditions=@pickle-ts/source', '--input-type=module']
  const output = execFileSync(process.execPath, [...args, '-e', script, source], { encoding: 'utf8' })
  const { codes, grown } = JSON.parse(output) as { codes: unknown[]; grown: number }
  expect(codes).toEqual(['length', null])
  // Kibibytes.
  expect(grown).toBeLessThan(32 * 1024)
})
