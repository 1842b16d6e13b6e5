// The subjects: ours, another build of ours (--base), CPythons, and the JavaScript peers.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Subject
 * @property {string} id the name in tables and in --subjects
 * @property {'js' | 'cpython'} runtime
 * @property {string} [entry] path of the build (base), or of the Python
 * @property {readonly ('dumps' | 'loads')[]} ops
 * @property {readonly string[]} modes the modes of rows that it can run (see rows.mjs)
 * @property {string} about
 */

const BOTH = ['dumps', 'loads']
const ALL = ['value', 'fresh', 'buffer', 'exact', 'inert']
const PEER = ['value', 'fresh']

const js = (id, about, rest = {}) => ({ id, runtime: 'js', ops: BOTH, modes: PEER, about, ...rest })

/** @type {readonly Subject[]} */
const PEERS = [
  js('msgpackr', 'msgpackr 2.1.3, pack and unpack (drops identity)'),
  js('clone', 'msgpackr 2.1.3, structuredClone: true (keeps identity)'),
  js('v8', 'node:v8 serialize'),
  js('json', 'JSON'),
  js('copy', 'memcpy: a new Uint8Array with the same bytes', { modes: ['value'] }),
  js('pparser', 'pickleparser 0.2.1', { ops: ['loads'], modes: ['value', 'buffer'] }),
]

/** Why our build cannot be measured, or undefined. */
export function missingBuild() {
  try {
    const path = fileURLToPath(import.meta.resolve('@pickle-ts/pickle-core'))
    return existsSync(path) ? undefined : `not built: ${path} is missing, run npm run build`
  } catch (error) {
    return `not installed: ${error.message.split('\n')[0]}`
  }
}

/**
 * @param {import('./pythons.mjs').Python[]} pythons
 * @param {{ base?: string, only?: string }} options `only`: ids, comma separated; `c` means all CPythons
 * @returns {Subject[]}
 */
export function chooseSubjects(pythons, { base, only }) {
  const all = [js('ours', 'pickle-core, dist', { modes: ALL })]
  if (base !== undefined) all.push(js('base', base, { modes: ALL, entry: base }))
  for (const python of pythons) {
    const about = `CPython ${python.version}, ${python.build}, ${python.path}`
    all.push({ id: python.id, runtime: 'cpython', entry: python.path, ops: BOTH, modes: ALL, about })
  }
  all.push(...PEERS)
  if (only === undefined) return all
  const wanted = only.split(',')
  const unknown = wanted.filter((id) => id !== 'c' && !all.some((s) => isNamed(s, id)))
  if (unknown.length > 0) throw new Error(`no subject '${unknown[0]}'. Subjects: c ${all.map((s) => s.id).join(' ')}`)
  return all.filter((s) => wanted.some((id) => isNamed(s, id)) || (s.runtime === 'cpython' && wanted.includes('c')))
}

/** A shell would expand the star of `3.11.2*`, so it may be left out. */
function isNamed(subject, id) {
  return subject.id === id || subject.id === `${id}*`
}
