// Finds the CPythons of this machine, and picks the fastest of them by a short probe.
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { FOLDER } from './data.mjs'
import { runJson, WORKERS } from './spawn.mjs'

/**
 * @typedef {object} Python
 * @property {string} id the version, with * for a PGO build
 * @property {string} path
 * @property {string} version
 * @property {string} build 'PGO build', 'PGO build of a distribution' or 'plain build'
 */

// Debian builds with profile feedback by its own rules, so CONFIG_ARGS does not name it. It also takes
// the flag out of what sysconfig reports, and everybody else leaves it in: that is the sign.
const IDENTIFY = `
import json, os, platform, sys, sysconfig
import _pickle
get = sysconfig.get_config_var
build = "plain build"
if "--enable-optimizations" in (get("CONFIG_ARGS") or ""): build = "PGO build"
elif get("PGO_PROF_USE_FLAG") == "": build = "PGO build of a distribution"
print(json.dumps({"path": os.path.realpath(sys.executable), "version": platform.python_version(), "build": build,
  "ok": sys.implementation.name == "cpython" and sys.version_info >= (3, 8) and not hasattr(sys, "gettotalrefcount")}))
`

/** Names to try: python3 and python3.N of each folder of the PATH, /usr/bin and ~/.pyenv/versions. */
function candidates() {
  const versions = join(homedir(), '.pyenv', 'versions')
  const pyenv = existsSync(versions) ? readdirSync(versions).map((v) => join(versions, v, 'bin')) : []
  // The shims of pyenv are shell scripts that start one of the versions below.
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('.pyenv/shims'))
  const folders = new Set([...onPath, '/usr/bin', '/usr/local/bin', ...pyenv])
  return [...folders].flatMap((folder) => {
    const names = existsSync(folder) ? readdirSync(folder) : []
    return names.filter((name) => /^python3(\.\d+)?$/.test(name)).map((name) => realpathSync(join(folder, name)))
  })
}

async function identify(path) {
  try {
    return await runJson(path, ['-I', '-c', IDENTIFY])
  } catch {
    return { ok: false }
  }
}

/** @param {string | undefined} list paths, comma separated; undefined looks everywhere @returns {Promise<Python[]>} */
export async function findPythons(list) {
  const found = new Map()
  for (const path of new Set(list?.split(',') ?? candidates())) {
    const python = await identify(path)
    if (python.ok && !found.has(python.path)) found.set(python.path, python)
  }
  const taken = new Set()
  return [...found.values()].map(({ path, version, build }) => {
    let id = build === 'plain build' ? version : `${version}*`
    while (taken.has(id)) id += "'"
    taken.add(id)
    return { id, path, version, build }
  })
}

/** The `count` fastest, fastest first. The order is remembered in .data for a day. */
export async function fastest(pythons, count) {
  if (pythons.length <= count) return pythons
  const file = `${FOLDER}fastest.json`
  const now = pythons.map((python) => `${python.id} ${python.path}`).join()
  const old = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const fresh = old.of === now && Date.now() - old.when < 86_400_000
  const order = fresh ? old.order : (await probe(pythons)).map((python) => python.id)
  if (!fresh) writeFileSync(file, JSON.stringify({ of: now, when: Date.now(), order }))
  return order.slice(0, count).map((id) => pythons.find((python) => python.id === id))
}

/** Two short rounds of two rows in both directions: the order is rough. */
async function probe(pythons) {
  const score = new Map(pythons.map((python) => [python, 0]))
  for (const data of ['plain', 'nodes']) {
    for (const op of ['dumps', 'loads']) {
      for (const python of pythons) {
        const spec = { pickle: `${FOLDER}${data}.pickle`, op, mode: 'value', warmMs: 20, measureMs: 60 }
        const times = []
        for (let i = 0; i < 2; i++) times.push((await runJson(python.path, pythonArgs(spec))).median)
        score.set(python, score.get(python) + Math.log(Math.min(...times)))
      }
    }
  }
  return [...pythons].sort((a, b) => score.get(a) - score.get(b))
}

export function pythonArgs(spec) {
  return ['-I', `${WORKERS}cpython.py`, JSON.stringify(spec)]
}
