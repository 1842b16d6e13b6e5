// pickle-core, as built. `entry` names another build's index.js (for --base).
import { pathToFileURL } from 'node:url'
import { pickleOf } from '../lib/data.mjs'
import { counting } from '../lib/values.mjs'

/** @param {string} [entry] */
export async function open(entry) {
  const core = await import(entry === undefined ? '@pickle-ts/pickle-core' : pathToFileURL(entry).href)
  const { createPickle, definePlugin, PickleBuffer, pyType, Tuple } = core
  /** The class of workers/tree.py. */
  class Node {
    constructor() {
      this.value = 0
      this.left = this.right = null
    }
  }
  const tree = pyType({
    module: 'tree',
    name: 'Node',
    class: Node,
    opcodes: ['newobj'],
    args: [],
    create: () => new Node(),
    state: 'dict',
    setState(node, { value, left, right }) {
      node.value = value
      node.left = left
      node.right = right
    },
    reduce: ({ value, left, right }) => ({ args: [], state: { value, left, right } }),
  })
  const instances = createPickle({ plugins: [definePlugin({ id: 'tree', types: [tree] })] })
  const codecOf = (row) => (row.name === 'tree' ? instances : core)
  return {
    kit: {
      tuple: (items) => Tuple.from(items),
      set: (items) => new Set(items),
      map: (entries) => new Map(entries),
      bytes: (bytes) => bytes,
      buffer: (bytes) => new PickleBuffer(bytes),
      node: (attributes) => Object.assign(new Node(), attributes),
    },
    /** @param {import('../rows.mjs').Row} row */
    dumper(row) {
      const { dumps } = codecOf(row)
      if (row.mode !== 'buffer') return (value) => dumps(value, { protocol: 5 })
      return (value) => {
        const buffers = []
        return dumps(value, { protocol: 5, bufferCallback: buffers })
      }
    },
    loader(row) {
      const { loads } = codecOf(row)
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
