/**
 * Finds the guards of the codec in its sources, and makes each one removable.
 *
 * A guard is
 * - a call of a function whose name starts with `fail`,
 * - a `throw` of an error that is made there,
 * - a call, for nothing but its effect, of a function that holds one of these and returns nothing (`checkInput`, `addItems`).
 * What merely carries out a `fail` function is none; a choice inside it is.
 */
import { insert, isFunction, lineOf, readSources, walk } from './sources.mjs'

const FOLDERS = ['read', 'registry', 'write']
/** The engine's own bound of a Map takes seconds and gigabytes to reach; in the instrumented copy it is this. */
const ENGINE_MAX_ENTRIES = 25_000

const FAIL = /^#?fail(?![a-z])/

/** The name by which a call calls, with the `#` of a private one. */
function calledName({ callee }) {
  const name = callee.type === 'MemberExpression' ? callee.property : callee
  if (name.type === 'PrivateIdentifier') return `#${name.name}`
  return name.type === 'Identifier' ? name.name : ''
}

/** The name of the innermost function around a node, and the nodes between. Arrows that have no name are looked through. */
function functionAround(ancestors) {
  for (let i = ancestors.length - 1; i > 0; i--) {
    if (!isFunction(ancestors[i])) continue
    const parent = ancestors[i - 1]
    const key = ancestors[i].id ?? (parent.type === 'MethodDefinition' ? parent.key : undefined)
    if (key === undefined || key === null) continue
    const name = key.type === 'PrivateIdentifier' ? `#${key.name}` : key.name
    return { name, node: ancestors[i], between: ancestors.slice(i + 1) }
  }
  return { name: '', node: undefined, between: ancestors }
}

/** Whether a node fails by itself. */
function fails(node) {
  if (node.type === 'CallExpression') return FAIL.test(calledName(node))
  return (
    node.type === 'ThrowStatement' &&
    (node.argument.type === 'NewExpression' || node.argument.type === 'CallExpression')
  )
}

/** Whether a node only carries out a `fail` function. */
function isOwnFailure(ancestors) {
  const { name, between } = functionAround(ancestors)
  return FAIL.test(name) && !between.some(({ type }) => type === 'IfStatement')
}

/** Names of functions that return nothing and hold a guard; of private ones, with the file. */
function checkers(sources) {
  const failing = new Map()
  for (const { file, tree } of sources) {
    walk(tree, (node, ancestors) => {
      if (!fails(node)) return
      const { name, node: around } = functionAround(ancestors)
      if (name !== '' && name !== 'constructor' && !FAIL.test(name)) failing.set(around, keyOf(file, name))
    })
    walk(tree, (node, ancestors) => {
      if (node.type === 'ReturnStatement' && node.argument !== null) failing.delete(functionAround(ancestors).node)
    })
  }
  return new Set(failing.values())
}

function keyOf(file, name) {
  return name.startsWith('#') ? `${file} ${name}` : name
}

/**
 * The guards, { id, file, line, text }, and the sources in which guard `i` asks `__guard(i)` first: where that is true, the guard
 * is as if it were not there.
 */
export function instrumentGuards() {
  const sources = readSources(...FOLDERS)
  const names = checkers(sources)
  const guards = []
  const files = new Map()
  for (const { file, code, tree } of sources) {
    const insertions = []
    walk(tree, (node, ancestors) => {
      const parent = ancestors.at(-1)
      if (node.type === 'VariableDeclarator' && node.id.name === 'ENGINE_MAX_ENTRIES') {
        insertions.push({ at: node.init.start, text: `${ENGINE_MAX_ENTRIES} || ` })
      }
      const isChecker =
        node.type === 'CallExpression' &&
        parent.type === 'ExpressionStatement' &&
        names.has(keyOf(file, calledName(node)))
      if (!isChecker && (!fails(node) || isOwnFailure(ancestors))) return
      const id = guards.length
      const text = code.slice(node.start, node.end).replaceAll(/\s+/g, ' ')
      guards.push({ id, file, line: lineOf(code, node.start), text: text.length > 90 ? `${text.slice(0, 89)}…` : text })
      if (node.type === 'ThrowStatement') {
        insertions.push({ at: node.start, text: `{ if (!__guard(${id})) ` }, { at: node.end, text: ' }' })
      } else if (parent.type === 'ExpressionStatement') {
        // No parenthesis: there may be no semicolon before it.
        insertions.push({ at: node.start, text: `__guard(${id}) || ` })
      } else insertions.push({ at: node.start, text: `(__guard(${id}) ? undefined : ` }, { at: node.end, text: ')' })
    })
    files.set(file, insert(code, insertions))
  }
  return { guards, files }
}
