import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createPickle } from '@pickle-ts/pickle-core'
import { describeWithVitest, reducerChecks } from '@pickle-ts/pickle-core/testing'
import * as vitest from 'vitest'
import { samples } from '../src/samples.ts'
import { Signal } from '../src/signal.ts'
import { signalPlugin } from '../src/signal-plugin.ts'

const { describe, expect, test } = vitest
const source = (name: string): string => fileURLToPath(new URL(`../src/${name}`, import.meta.url))
const python = process.env['PICKLE_TS_PYTHON']
const { loads } = createPickle({ plugins: [signalPlugin] })
const options = { plugin: signalPlugin, samples, pythonCommand: python }

describeWithVitest(vitest, 'the plugin, by the test kit', options)

test('the reducer, its registration and its imports are 30 lines at most, none of them too long to read', () => {
  const lines = readFileSync(source('signal-plugin.ts'), 'utf8').trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(30)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
})

test('the kit proves that no byte is copied, for samples with memory', () => {
  const kinds = reducerChecks(options).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'zero copy')).toHaveLength(samples.length)
})

describe.skipIf(!python)('with Python (skipped where there is none)', () => {
  test.each([0, 1, 2, 3, 4, 5])('what Python writes of its own at protocol %d is a Signal here', (protocol) => {
    const code = `
import argparse, array, pickle, sys
samples = bytearray(array.array("d", [0.5, -1.0]).tobytes())
signal = argparse.Namespace(kind="Signal", sample_rate=44100, samples=samples)
sys.stdout.buffer.write(pickle.dumps(signal, ${protocol}))`
    const { stdout } = spawnSync(python as string, ['-I', '-c', code])
    const signal = loads<Signal>(stdout)
    expect(signal).toBeInstanceOf(Signal)
    expect([signal.sampleRate, [...signal.samples], signal.peak]).toEqual([44_100, [0.5, -1], 1])
  })

  test('a Namespace that is no Signal is refused by name', () => {
    const code = 'import argparse, pickle, sys; sys.stdout.buffer.write(pickle.dumps(argparse.Namespace(x=1)))'
    const { stdout } = spawnSync(python as string, ['-I', '-c', code])
    expect(() => loads(stdout)).toThrow('this Namespace is not a Signal')
  })
})

test.each(['with Python', 'without Python'])('the command, %s', (how) => {
  const { PICKLE_TS_PYTHON: _, ...env } = process.env
  const command = ['--conditions=@pickle-ts/source', source('main.ts')]
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env: how === 'with Python' ? process.env : { ...env, PATH: '', CI: '' },
  })
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('192000 bytes beside it, not copied')
  expect(stdout).toContain('The test kit finds nothing')
  const isReal = how === 'with Python' && python !== undefined
  expect(stdout).toContain(isReal ? 'back here it is a Signal of 0.5 s, peak 0.50' : 'there is no Python here')
  if (isReal)
    expect(stderr).toContain("<class 'argparse.Namespace'>: ['kind', 'sample_rate', 'samples'], 24000 samples")
  else expect(stdout).toContain('skipped: python: a tone')
})
