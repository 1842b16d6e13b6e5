/** The example as a user runs it. It must run nothing, and print what its README says. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { dumps, GlobalRef } from '@pickle-ts/pickle-core'
import { afterAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const python = process.env['PICKLE_TS_PYTHON']
const folder = mkdtempSync(path.join(tmpdir(), 'read-untrusted-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

if (!python) console.warn('skipped: the files that Python makes')

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = ['--conditions=@pickle-ts/source', '--no-warnings', MAIN, ...args]
  return spawnSync(process.execPath, command, { encoding: 'utf8', env: { ...process.env, INIT_CWD: folder } })
}

/** Writes a file, and answers with its name. */
function file(name: string, bytes: Uint8Array): string {
  writeFileSync(path.join(folder, name), bytes)
  return name
}

describe.skipIf(!python)('files by Python', () => {
  test('the output is that of the README', () => {
    const { status, stdout, stderr } = run()
    expect(stderr).toBe('')
    expect(stdout).toBe(/```text\n([\s\S]*?)```/.exec(README)?.[1])
    expect(status).toBe(0)
  })

  test('a command that Python would run is named, and does not run', () => {
    const trace = path.join(folder, 'trace')
    const code = [
      'import os, pickle, sys',
      'class Command:',
      "    def __reduce__(self): return os.mkdir, (sys.argv[1] + '/trace',)",
      "with open(sys.argv[1] + '/command.pkl', 'wb') as file: pickle.dump(Command(), file)",
    ]
    execFileSync(python as string, ['-c', code.join('\n'), folder])
    const { status, stdout } = run('command.pkl')
    expect(stdout).toMatch(/asks for {2}(posix|nt)\.mkdir\n/)
    expect(stdout).toMatch(/REFUSED {3}global-not-allowed: "(posix|nt)" "mkdir"/)
    expect(status).toBe(1)
    expect(existsSync(trace)).toBe(false)

    // The file is what it claims to be: Python does run it.
    execFileSync(python as string, ['-c', 'import pickle, sys; pickle.load(open(sys.argv[1], "rb"))', 'command.pkl'], {
      cwd: folder,
    })
    expect(existsSync(trace)).toBe(true)
  })
})

test('a file of plain data opens without any class, from the folder of the user', () => {
  const { status, stdout } = run(file('plain.pkl', dumps({ name: 'tea' })))
  expect(stdout).toContain('asks for  nothing\n')
  expect(stdout).toContain('opened    dict of 1\n\n1 opened, 0 refused\n')
  expect(status).toBe(0)
})

test('a class is one exact pair: neither its module nor a part of its name allows another', () => {
  const name = file('class.pkl', dumps(new GlobalRef('shop.models', 'Order.Line')))
  for (const allow of ['shop.models:Order', 'shop:models.Order.Line']) {
    expect(run(name, '--allow', allow).stdout).toContain('REFUSED   global-not-allowed: "shop.models" "Order.Line"')
  }
  expect(run(name, '--allow', 'shop.models:Order.Line').stdout).toContain('1 opened, 0 refused')
})

test('a second pickle behind the first is listed, and the file is refused', () => {
  const bytes = Buffer.concat([dumps(null), dumps(new GlobalRef('os', 'system'))])
  const { stdout } = run(file('two.pkl', bytes))
  expect(stdout).toContain('asks for  os.system\n')
  expect(stdout).toContain('REFUSED   trailing: ')
})

test('what CPython reads and this reader does not is refused, although its classes are allowed', () => {
  // OBJ whose result is thrown away: what it does in Python is not in the value.
  const bytes = Buffer.from('(cshop.models\nOrder\no0}.', 'latin1')
  const { status, stdout } = run(file('thrown-away.pkl', bytes), '--allow', 'shop.models:Order')
  expect(stdout).toContain('asks for  shop.models.Order, as far as it can be read\n')
  expect(stdout).toContain('REFUSED   inert: ')
  expect(status).toBe(1)
})

test('no control character of a file reaches the terminal', () => {
  const evil = '\u001b[2J\u009b1m\u202egnp'
  const value = { [evil]: evil, other: new GlobalRef(evil, evil) }
  const name = file('evil.pkl', dumps(value))
  for (const args of [[name], [name, '--allow', `${evil}:${evil}`]]) {
    const { stdout } = run(...args)
    const report = stdout.slice(stdout.indexOf('evil.pkl'))
    expect(report).toContain('\\u{1b}[2J')
    expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  }
})

test('what cannot be read or understood is an error that says so', () => {
  expect(run('missing.pkl')).toMatchObject({ status: 2, stderr: expect.stringContaining('ENOENT') })
  expect(run('plain.pkl', '--allow', 'shop')).toMatchObject({
    status: 2,
    stderr: 'read-untrusted: --allow takes module:Class, not shop\n',
  })
})
