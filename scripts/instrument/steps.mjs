/** Counts steps: each call of a function and each round of a loop adds one to `__steps.count`. */
import { insert, isFunction, readSources, walk } from './sources.mjs'

const COUNT = '__steps.count++;'
const LOOPS = ['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement']

/** All sources, with the counting in them. */
export function instrumentSteps() {
  const files = new Map()
  for (const { file, code, tree } of readSources('')) {
    const insertions = []
    walk(tree, (node) => {
      if (!isFunction(node) && !LOOPS.includes(node.type)) return
      const { body } = node
      if (body.type === 'BlockStatement') insertions.push({ at: body.start + 1, text: COUNT })
      else if (isFunction(node))
        insertions.push({ at: body.start, text: '(__steps.count++,' }, { at: body.end, text: ')' })
      else insertions.push({ at: body.start, text: `{${COUNT}` }, { at: body.end, text: '}' })
    })
    files.set(file, insert(code, insertions))
  }
  return files
}

/** Bytes that the engine copies or searches in the time of one step. */
const BYTES_A_STEP = 16

/** Makes the functions of the language whose work grows with their input count it, too. */
export function countBuiltins(steps) {
  const bytes = (size) => {
    steps.count += Math.ceil(size / BYTES_A_STEP)
  }
  const items = (size) => {
    steps.count += size
  }
  const wrap = (owner, names, count) => {
    for (const name of names) {
      const original = owner[name]
      Object.defineProperty(owner, name, {
        ...Object.getOwnPropertyDescriptor(owner, name),
        value: function (...given) {
          const result = original.apply(this, given)
          count(this, given, result)
          return result
        },
      })
    }
  }
  wrap(Array.prototype, ['slice'], (_, __, made) => items(made.length))
  wrap(Array.prototype, ['splice', 'concat', 'map', 'flatMap', 'filter', 'join'], (list, _, made) =>
    items(Math.max(list.length, made.length)),
  )
  wrap(Array.prototype, ['includes', 'indexOf', 'findIndex', 'find', 'some', 'every', 'fill', 'sort'], (list) =>
    items(list.length),
  )
  const views = Object.getPrototypeOf(Uint8Array).prototype
  wrap(views, ['slice'], (_, __, made) => bytes(made.length))
  wrap(views, ['set'], (_, [given]) => bytes(given.length))
  wrap(views, ['fill'], (view) => bytes(view.length))
  wrap(views, ['indexOf'], (view, [, start = 0], found) => bytes((found < 0 ? view.length : found) - start))
  wrap(TextDecoder.prototype, ['decode'], (_, [view]) => bytes(view?.length ?? 0))
  wrap(String.prototype, ['replace', 'replaceAll', 'slice', 'padStart', 'codePointAt', 'includes'], (text) =>
    bytes(text.length),
  )
  wrap(Object, ['keys', 'values', 'entries', 'getOwnPropertyDescriptors'], (_, __, made) =>
    items(made.length ?? Reflect.ownKeys(made).length),
  )
  wrap(Array, ['from'], (_, __, made) => items(made.length))
}
