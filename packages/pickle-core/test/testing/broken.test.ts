/** Each broken plugin is found by the check that is there for it, and by no other; the message says what to change. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CheckFailure, type ReducerCheck, reducerChecks } from '@pickle-ts/pickle-core/testing'
import { describe, expect, test } from 'vitest'
import { openPython } from '../open-python.ts'
import { PYTHON_COMMAND } from '../python.ts'
import type { BrokenPlugin } from './broken-plugin.ts'

const folder = new URL('./broken/', import.meta.url)
const names = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.ts'))
const broken = await Promise.all(
  names.map(async (name): Promise<readonly [string, BrokenPlugin]> => {
    const module = (await import(new URL(name, folder).href)) as { readonly default: BrokenPlugin }
    return [name.replace('.ts', ''), module.default]
  }),
)
const python = await openPython()

async function failureOf({ run }: ReducerCheck): Promise<unknown> {
  try {
    await run()
    return undefined
  } catch (error) {
    return error
  }
}

describe('broken plugins', () => {
  for (const [name, { wrong, caughtBy, teaches, ...options }] of broken) {
    const checks = reducerChecks({ ...options, pythonCommand: PYTHON_COMMAND })
    test.skipIf(caughtBy === 'python' && python === undefined)(`${name}: ${wrong}`, async () => {
      const failures = new Map<string, unknown>()
      for (const check of checks) {
        const failure = await failureOf(check)
        if (failure !== undefined) failures.set(check.kind, failure)
      }
      expect([...failures.keys()], String([...failures.values()].join('\n'))).toEqual([caughtBy])
      const failure = failures.get(caughtBy)
      expect(failure).toBeInstanceOf(CheckFailure)
      const { message } = failure as CheckFailure
      let from = 0
      for (const text of teaches) {
        const at = message.indexOf(text, from)
        expect(at, `${JSON.stringify(text)} in\n${message}`).toBeGreaterThanOrEqual(from)
        from = at + text.length
      }
    })
  }

  test('there is one for each check', () => {
    const kinds = new Set(
      reducerChecks({ ...broken[0]![1], samples: [{ name: 'x', value: 1, python: 'x == 1' }] }).map(({ kind }) => kind),
    )
    expect(broken.map(([, { caughtBy }]) => caughtBy).sort()).toEqual([...kinds].sort())
  })
})
