/**
 * The containers and objects that are being written: a stack of its own, so that depth is a limit and not a stack overflow.
 *
 * What is on it also tells where in the graph the writer is.
 */
import { excerpt } from '../errors.ts'
import type { CheckedReduction } from './reduction.ts'

export const LIST = 0
export const DICT = 1
export const TUPLE = 2
export const SET = 3
export const FROZENSET = 4
export const REDUCE = 5
/** The arguments of OBJ and INST, which stand above a MARK without a tuple. */
export const BARE = 6
export const PERSISTENT = 7

export const NO_ITEMS: readonly unknown[] = []

/** A container that is being written. Reused by depth; all fields are there from the start, so that they share one shape. */
export class Open {
  kind: number = LIST
  /** The container itself, and its place in the memo. */
  object: object | null = null
  slot = 0
  items: readonly unknown[] = NO_ITEMS
  /** The next item; for DICT in the stack of pairs; for REDUCE the next stage. */
  index = 0
  end = 0
  /** Where the current batch ends. */
  stop = 0
  /** Where the items of a DICT begin in the stack of pairs. */
  base = 0
  /** Each item stands alone (APPEND, SETITEM): protocol 0, and containers of one item. */
  alone = false
  /** The items come from a reduce value, as CPython's from an iterator: its last batch, if of one item, has no MARK. */
  iterated = false
  /** The current batch is one item without a MARK. */
  single = false
  reduction: CheckedReduction | null = null
}

/** Where in the graph the last of these is: `$.rows[3].key`. `pairs` are the keys and values of the dicts. */
export function pathOf(opens: readonly Open[], pairs: readonly unknown[]): string {
  let path = '$'
  for (const open of opens) {
    if (open.kind === REDUCE) path += stageName(open)
    else if (open.kind === PERSISTENT) path += '<persistent id>'
    else if (open.kind !== DICT) path += `[${open.index - 1}]`
    else path += memberPath(pairs, open)
  }
  return path
}

/** The part of a reduce value that is being written, as a piece of a path. */
function stageName({ index }: Open): string {
  return (
    ['', '', '<callable>', '<args>', '<kwargs>', '', '<list items>', '<dict items>', '<state setter>', '', '<state>'][
      index
    ] ?? ''
  )
}

/** The key whose value is being written, as a piece of a path. */
function memberPath(pairs: readonly unknown[], { index }: Open): string {
  if ((index & 1) === 1) return '<key>'
  const key = pairs[index - 2]
  if (typeof key !== 'string') return `[${typeof key === 'object' && key !== null ? 'object' : String(key)}]`
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${excerpt(key)}]`
}
