// The sources of the codec as plain JavaScript, with their syntax trees. Types are blanked out, so every position stays.

import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

/** The folder of the sources. */
export const SOURCES = fileURLToPath(new URL('../../packages/pickle-core/src/', import.meta.url))

/** The sources in these folders below `src`, in the order of their names: { file, code, tree }. */
export function readSources(...folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(SOURCES, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.posix.join(folder, name.split(path.sep).join('/'))),
  )
  return files.sort().map((file) => {
    const code = stripTypeScriptTypes(readFileSync(path.join(SOURCES, file), 'utf8'))
    return { file, code, tree: parseAst(code) }
  })
}

/** Calls `visit(node, ancestors)` for each node, the outer ones first. */
export function walk(node, visit, ancestors = []) {
  visit(node, ancestors)
  const inner = [...ancestors, node]
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const item of value) isNode(item) && walk(item, visit, inner)
    else if (isNode(value)) walk(value, visit, inner)
  }
}

/** Applies insertions of text, { at, text }: at one place, in the order of the list. */
export function insert(code, insertions) {
  let result = ''
  let from = 0
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    result += code.slice(from, at) + text
    from = at
  }
  return result + code.slice(from)
}

/** The line of a position, from 1. */
export function lineOf(code, position) {
  return code.slice(0, position).split('\n').length
}

/** Whether a node is a function of any kind. */
export function isFunction({ type }) {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
}

function isNode(value) {
  return typeof value === 'object' && value !== null && typeof value.type === 'string'
}
