/** The kit itself: what it asks for, its runners, its Python, and how a failure is run again. */
import { spawnSync } from 'node:child_process'
import type * as nodeTest from 'node:test'
import { fileURLToPath } from 'node:url'
import { Float, GlobalRef, PickleBuffer, PyDict, PySet, Tuple } from '@pickle-ts/pickle-core'
import {
  CheckFailure,
  describeWithNode,
  describeWithVitest,
  type ReducerCheckOptions,
  reducerChecks,
  type VitestLike,
} from '@pickle-ts/pickle-core/testing'
import type * as vitest from 'vitest'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { difference, snapshotOf } from '../../src/testing/difference.ts'
import { openPython } from '../open-python.ts'
import { PYTHON_COMMAND } from '../python.ts'
import trustsAFormat from './broken/trusts-a-format.ts'
import { GOOD } from './good.ts'

const python = await openPython()
const good = GOOD['a plain class'] as ReducerCheckOptions

describe('what it asks for', () => {
  test.each<readonly [string, ReducerCheckOptions, string]>([
    ['no plugin', { samples: good.samples }, 'no plugin'],
    ['no sample', { ...good, samples: [] }, 'no sample'],
    ['a sample without a value', { ...good, samples: [{ name: 'a' }] }, 'neither'],
    ['a sample with two', { ...good, samples: [{ name: 'a', value: 1, make: () => 1 }] }, 'both'],
  ])('%s', (_, options, found) => {
    expect(() => reducerChecks(options)).toThrow(CheckFailure)
    expect(() => reducerChecks(options)).toThrow(found)
  })

  test('plugins that do not fit together are an error at once', () => {
    const { plugin } = good
    expect(() => reducerChecks({ plugins: [plugin!, { ...plugin! }], samples: good.samples })).toThrow('good/points')
  })

  test('only the protocols that are asked for', async () => {
    const checks = reducerChecks({ ...trustsAFormat, protocols: [4] })
    const failure = await checks
      .find(({ kind }) => kind === 'hostile bytes')
      ?.run()
      .catch(String)
    expect(failure).toContain('\\x80\\x04')
    expect(failure).not.toContain('\\x80\\x05')
  })
})

test('a failing input is found again by its seed and number alone', async () => {
  const { plugin, samples } = trustsAFormat
  const failure = async (mutations?: ReducerCheckOptions['mutations']): Promise<string> => {
    const check = reducerChecks({ plugin, samples, mutations }).find(({ kind }) => kind === 'hostile bytes')
    return (await check?.run().catch((error: Error) => error.message)) ?? 'none'
  }
  const message = await failure()
  const [, seed, from] = /seed: (\d+), from: (\d+), count: 1/.exec(message) ?? []
  expect(from).toBeDefined()
  expect(await failure({ seed: Number(seed), from: Number(from), count: 1 })).toBe(message)
  expect(await failure({ seed: Number(seed), from: Number(from) + 1, count: 0 })).toBe('none')
  expect(await failure({ seed: 2 })).not.toBe(message)
})

describe('Python', () => {
  afterEach(() => vi.unstubAllEnvs())
  const failureWith = async (options: Partial<ReducerCheckOptions>, expression: string): Promise<unknown> => {
    const samples = [{ name: 'one', value: 1, python: expression }]
    const check = reducerChecks({ ...good, samples, ...options }).find(({ kind }) => kind === 'python')
    return check?.run().catch((error: Error) => error.message)
  }

  test('without it, the check says that it was skipped, and why', async () => {
    vi.stubEnv('CI', '')
    const skipped = await failureWith({ pythonCommand: 'no-such-python' }, 'x == 1')
    expect(skipped).toMatch(/Python's view of sample "one" was not checked: no-such-python did not start \(.*ENOENT\)/)
  })

  test('with CI set it must be there', async () => {
    vi.stubEnv('CI', 'true')
    expect(await failureWith({ pythonCommand: 'no-such-python' }, 'x == 1')).toMatch(
      /expected: with CI set, Python runs/,
    )
  })

  test.skipIf(python === undefined).each([
    ['x == 1', '', undefined],
    ['x + 1', '', 'it is 2; x is 1'],
    ['x.y', '', "it raised AttributeError: 'int' object has no attribute 'y'; x is 1"],
    ['x == 1', 'import no_such_module', "ModuleNotFoundError: No module named 'no_such_module'"],
  ])('%s %s', async (expression, pythonPrelude, found) => {
    const failure = await failureWith({ pythonPrelude, pythonCommand: PYTHON_COMMAND }, expression)
    if (found === undefined) expect(failure).toBeUndefined()
    else expect(failure).toContain(found)
  })

  test.skipIf(python === undefined)('what Python cannot load is told with its exception', async () => {
    const samples = [{ name: 'unknown', make: () => new GlobalRef('no_such_module', 'x'), python: 'True' }]
    const [check] = reducerChecks({ ...good, samples, pythonCommand: PYTHON_COMMAND }).filter(
      ({ kind }) => kind === 'python',
    )
    await expect(check?.run()).rejects.toThrow(
      "pickle.loads raised ModuleNotFoundError: No module named 'no_such_module'",
    )
  })
})

test("under Node's own runner: what fails fails, what is skipped says why", () => {
  const code = `
    import * as nodeTest from 'node:test'
    import { describeWithNode } from '@pickle-ts/pickle-core/testing'
    import broken from './test/testing/broken/forgets-a-field.ts'
    const samples = [{ ...broken.samples[0], python: 'True' }]
    describeWithNode(nodeTest, 'lengths', { ...broken, samples, pythonCommand: 'no-such-python' })`
  const args = ['--conditions=@pickle-ts/source', '--test-reporter=tap', '--input-type=module-typescript', '-']
  const cwd = fileURLToPath(new URL('../../', import.meta.url))
  const env = { ...process.env, CI: '', NODE_OPTIONS: '', NODE_TEST_CONTEXT: '' }
  const { stdout } = spawnSync(process.execPath, args, { cwd, env, input: code, encoding: 'utf8' })
  expect(stdout).toContain('not ok 1 - round trip: a mile')
  expect(stdout).toContain('$.unit is "m", not "mile"')
  expect(stdout).toMatch(/^ +ok \d+ - sharing: a mile$/m)
  expect(stdout).toMatch(/ok \d+ - python: a mile # SKIP Python's view of .* was not checked/)
  expect(stdout).toContain('# fail 1\n')
})

test('under vitest, what is skipped says why; the runners are those of the packages', async () => {
  const bodies = new Map<string, () => Promise<void>>()
  const reasons: (string | undefined)[] = []
  const skip = (note?: string): void => void reasons.push(note)
  const runner: VitestLike = {
    describe: (_, body) => body(),
    test: (name, body) => void bodies.set(name, () => body({ skip })),
    expect: () => ({ toBeUndefined() {} }),
  }
  vi.stubEnv('CI', '')
  describeWithVitest(runner, 'one', {
    ...good,
    samples: [{ name: 'one', value: 1, python: 'x == 1' }],
    pythonCommand: 'no-such-python',
  })
  await bodies.get('python: one')?.()
  vi.unstubAllEnvs()
  expect(reasons).toEqual([expect.stringContaining('no-such-python did not start')])
  expect<(runner: typeof vitest, name: string, options: ReducerCheckOptions) => void>(describeWithVitest).toBeTypeOf(
    'function',
  )
  expect<(runner: typeof nodeTest, name: string, options: ReducerCheckOptions) => void>(describeWithNode).toBeTypeOf(
    'function',
  )
})

test('a message has its parts under one another', () => {
  const failure = new CheckFailure('here', { expected: 'a\nb', found: 'c', change: 'd', cause: 1 })
  expect(failure.message).toBe('here\n  expected: a\n            b\n  found:    c\n  change:   d')
  expect(failure.cause).toBe(1)
})

class Tag {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
class Secret {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  get text(): string {
    return this.#text
  }
}
const knot = (...texts: readonly string[]): unknown[] => {
  const list: unknown[] = [...texts]
  list.push(list)
  return list
}
const shared = (isShared: boolean): unknown[] => {
  const tag = new Tag('a')
  return [tag, isShared ? tag : new Tag('a')]
}

describe('the default comparison', () => {
  test.each<readonly [string, unknown, unknown]>([
    ['ints of both mappings', [1n], [1]],
    ['floats of both mappings', [new Float(1.5), new Float(Number.NaN)], [1.5, Number.NaN]],
    ['dicts of both mappings', new PyDict([['a', 1n]]), { a: 1 }],
    ['a Map with ints for keys', new PyDict([[1n, 'a']]), new Map([[1, 'a']])],
    ['keys with parts', new PyDict([[Tuple.of(1n), 1n]]), new Map([[Tuple.of(1), 1]])],
    ['sets of both mappings', new PySet([1n, 'a']), new Set([1, 'a'])],
    ['a buffer that came in band', Uint8Array.of(1), new PickleBuffer(Uint8Array.of(1), { readonly: true })],
    [
      'fields in another order',
      Object.assign(new Tag('a'), { x: 1, y: 2 }),
      Object.assign(new Tag('a'), { y: 2, x: 1 }),
    ],
    ['typed arrays', Float64Array.of(1, -0), Float64Array.of(1, -0)],
    ['cycles', knot('a'), knot('a')],
    ['objects without fields', new Tag('a'), new Tag('a')],
    ['functions that each object has for itself', [...'ab'].map(() => () => 1)[0], [...'ab'].map(() => () => 1)[1]],
  ])('equal: %s', (_, found, expected) => {
    expect(difference(found, expected)).toBeUndefined()
  })

  test.each<readonly [string, unknown, unknown, string]>([
    ['numbers', [1, 2], [1, 3], '$[1] is 2, not 3'],
    ['the sign of zero', [0], [-0], '$[0] is 0, not -0'],
    ['an int and a text', 1, '1', '$ is 1, not "1"'],
    ['a missing item', [1], [1, 2], '$[1] is missing; it was 2'],
    ['a further field', Object.assign(new Tag('a'), { more: 1 }), new Tag('a'), '$.more is new; it is 1'],
    ['classes', new Tag('a'), { text: 'a' }, '$ is a Tag, not an Object'],
    ['a list and a tuple', [1], Tuple.of(1), '$ is Array of 1, not Tuple of 1'],
    ['private fields, by what getters give', new Secret('a'), new Secret('b'), '$.text is "a", not "b"'],
    [
      'the order of entries',
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      { b: 2, a: 1 },
      '$ has its parts in another order',
    ],
    ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 3), '$.bytes is 2 bytes (01 02), not 2 bytes (01 03)'],
    ['types of arrays', new Int8Array(1), new Float32Array(1), '$ is an Int8Array, not a Float32Array'],
    [
      'bytes and bytearray',
      Uint8Array.of(1),
      new PickleBuffer(Uint8Array.of(1)),
      '$ is a Uint8Array, not a PickleBuffer',
    ],
    ['one object that became two', shared(false), shared(true), 'where the sample has one object in two places'],
    ['two objects that became one', shared(true), shared(false), 'is one object with another part'],
    ['functions', () => 1, () => 2, 'the function'],
    ['classes as values', class A {}, class A {}, 'the function A'],
    ['inside of a cycle', knot('a'), knot('b'), '$[0] is "a", not "b"'],
  ])('different: %s', (_, found, expected, text) => {
    expect(difference(found, expected)).toContain(text)
  })

  test('a snapshot shows what changed in a value, and ends at cycles', () => {
    const value = [new Tag('a'), knot('b')]
    const before = snapshotOf(value)
    expect(snapshotOf(value)).toEqual(before)
    ;(value[1] as unknown[])[0] = 'c'
    expect(snapshotOf(value).filter((line) => !before.includes(line))).toEqual(['$[1][0] is "c"'])
  })
})
