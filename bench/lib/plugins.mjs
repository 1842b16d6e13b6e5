// The plugins that subjects/ours.mjs registers: many that no row uses, the one of the row `tree`, and one that can make views.

/**
 * Plugins that nothing in any row belongs to, of 10 types, 3 reducers and an extension code each.
 * @param {typeof import('@pickle-ts/pickle-core')} core
 * @param {number} count
 */
export function unusedPlugins({ definePlugin, GlobalRef, pyType, reducer }, count) {
  return Array.from({ length: count }, (_, i) => {
    const module = `plugin${i}`
    const types = Array.from({ length: 10 }, (_, k) => {
      const type = class {}
      const record = { module, name: `Type${k}`, class: type, create: () => new type() }
      return pyType({ ...record, setState: Object.assign, reduce: (object) => ({ args: [], state: { ...object } }) })
    })
    const reducers = Array.from({ length: 3 }, (_, k) => {
      const callable = new GlobalRef(module, `Type${k}`)
      return reducer(class {}, (object) => ({ callable, args: [], state: { ...object } }))
    })
    return definePlugin({ id: module, types, reducers, extensionCodes: [{ code: i + 1, module, name: 'Type0' }] })
  })
}

/**
 * The plugin of workers/tree.py's Node.
 * @param {typeof import('@pickle-ts/pickle-core')} core
 * @param {new () => object} Node
 */
export function treePlugin({ definePlugin, pyType }, Node) {
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
  return definePlugin({ id: 'tree', types: [tree] })
}

/**
 * A plugin whose objects carry memory that may travel out of band, and a function that makes one of them.
 * @param {typeof import('@pickle-ts/pickle-core')} core
 */
export function viewsPlugin({ definePlugin, pyType }) {
  class Signal {
    constructor(samples) {
      this.samples = samples
    }
  }
  const signal = pyType({
    module: 'signals',
    name: 'Signal',
    class: Signal,
    opcodes: ['reduce'],
    args: ['buffer', 'int', 'int'],
    create([buffer, offset, length], ctx) {
      const { memory, byteOffset } = ctx.memoryOf(buffer)
      return new Signal(new Float64Array(memory, byteOffset + ctx.check.int(offset, 'offset'), length))
    },
    reduce({ samples }, ctx) {
      const { buffer, offset } = ctx.shareView(samples.buffer, samples.byteOffset, samples.byteLength)
      return { args: [buffer, offset, samples.length] }
    },
  })
  return { plugin: definePlugin({ id: 'signals', types: [signal] }), make: () => new Signal(new Float64Array(4)) }
}
