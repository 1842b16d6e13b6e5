/** The hostile vectors, and changed pickles, where code cannot be made of strings and where the language's own objects are frozen. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const MODES = [
  ['--disallow-code-generation-from-strings', "new Function('return 1')"],
  ['--frozen-intrinsics', "Object.prototype.evil = 1; if (!('evil' in {})) throw new Error('frozen')"],
] as const

test.each(MODES)('everything holds under %s', { timeout: 120_000 }, (flag, refused) => {
  const script = `
    const check = () => { 'use strict'; ${refused} }
    let mode = 'no ${flag}'
    try { check() } catch { mode = 'on' }
    const [, vectorFile, vectorsFile, runFile] = process.argv
    const { outcomeOf } = await import(vectorFile)
    const { VECTORS } = await import(vectorsFile)
    const { fuzz } = await import(runFile)
    const wrong = VECTORS.map((vector) => [vector.name, outcomeOf(vector), vector.expected]).filter(([, got, expected]) => got !== expected)
    const { count } = fuzz({ seed: 6, count: 2000 })
    console.log(JSON.stringify({ mode, vectors: VECTORS.length, wrong, count }))`
  const files = ['vectors/vector.ts', 'vectors/vectors.ts', 'fuzz/run.ts'].map((file) =>
    path.join(import.meta.dirname, file),
  )
  const args = ['--no-warnings', flag, '--conditions=@pickle-ts/source', '--input-type=module', '-e', script, ...files]
  const result = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 }))
  expect(result).toMatchObject({ mode: 'on', wrong: [], count: 2000 })
  expect(result.vectors).toBeGreaterThan(1400)
})
