// pickle-core, as built, with its default limits and a registry of twenty plugins: that is how it is used. `entry` names another
// build's index.js (for --base).
import { pathToFileURL } from 'node:url'
import { pickleOf } from '../lib/data.mjs'
import { treePlugin, unusedPlugins } from '../lib/plugins.mjs'
import { counting } from '../lib/values.mjs'

/** The class of workers/tree.py. */
export class Node {
  constructor() {
    this.value = 0
    this.left = this.right = null
  }
}

/** @param {string} [entry] */
export async function open(entry) {
  const core = await importCore(entry)
  const { createPickle } = core
  // What no row but `tree` uses must cost nothing: `npm run pairs` measures that.
  const others = unusedPlugins(core, 19)
  const { dumps, loads } = createPickle({ plugins: [...others, treePlugin(core, Node)] })
  // The classes of the inert row must not be registered.
  const loadsInert = createPickle({ plugins: others, unknownGlobals: 'inert' }).loads
  return {
    kit: kitOf(core),
    /** @param {import('../rows.mjs').Row} row */
    dumper(row) {
      if (row.mode !== 'buffer') return (value) => dumps(value, { protocol: 5 })
      return (value) => {
        const buffers = []
        return dumps(value, { protocol: 5, bufferCallback: buffers })
      }
    },
    loader(row) {
      if (row.mode === 'inert') return (bytes) => loadsInert(bytes)
      if (row.mode === 'exact') return (bytes) => loads(bytes, { mapping: 'exact' })
      if (row.mode !== 'buffer') return (bytes) => loads(bytes)
      const buffers = [counting(row.size)]
      return (bytes) => loads(bytes, { buffers })
    },
    /** What loads reads: CPython's pickle, not ours. */
    input: (row) => pickleOf(row.data),
    /** Are our bytes those of CPython, and does a load give them again? */
    check(row, op, value) {
      const expected = pickleOf(row.data)
      const dump = this.dumper(row)
      const bytes = op === 'dumps' ? dump(value) : dump(this.loader(row)(expected))
      return Buffer.compare(bytes, expected) === 0 ? 'same' : 'different'
    },
  }
}

/** @returns {Promise<typeof import('@pickle-ts/pickle-core')>} */
export async function importCore(entry) {
  return await import(entry === undefined ? '@pickle-ts/pickle-core' : pathToFileURL(entry).href)
}

/** @returns {import('../lib/values.mjs').Kit} */
export function kitOf({ PickleBuffer, Tuple }) {
  return {
    tuple: (items) => Tuple.from(items),
    set: (items) => new Set(items),
    map: (entries) => new Map(entries),
    bytes: (bytes) => bytes,
    buffer: (bytes) => new PickleBuffer(bytes),
    node: (attributes) => Object.assign(new Node(), attributes),
  }
}
