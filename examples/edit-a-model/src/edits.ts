/** One number of each library's object, made larger by {@link DELTA}. No class of any library is known here. */
import type { PyDict, PyObject } from '@pickle-ts/pickle-core'
import { float64s } from './numpy.ts'
import { walk } from './walk.ts'

export const DELTA = 10

/** Changes a value in place, and says where. */
export type Edit = (value: PyObject) => string

export const EDITS: Readonly<Record<string, Edit>> = {
  numpy: (array) => `array[0][1] ${add(array, 1)}`,
  scipy: (matrix) => `the first stored value ${add(attribute(matrix, 'data'))}`,
  pandas: (frame) => `the first price ${add(firstFloats(frame))}`,
  sklearn: (model) => `intercept_ ${add(attribute(model, 'intercept_'))}`,
  'sklearn.tree': (model) => {
    const values = attribute(attribute(model, 'tree_'), 'values')
    // Nodes are in the order in which the tree grew: the last one is a leaf.
    return `the value of the last leaf ${add(values, -1)}`
  },
  'sklearn.neighbors': (model) => {
    const before = attribute(model, 'n_neighbors') as bigint
    const after = before + BigInt(DELTA)
    stateOf(model).set('n_neighbors', after)
    return `n_neighbors from ${before} to ${after}`
  },
  lightgbm: (booster) => {
    // The model is a text in the state of the booster; the name of the attribute has changed over the versions.
    const [name, text] = [...stateOf(booster)].find(([, value]) => String(value).startsWith('tree\n')) as [
      string,
      string,
    ]
    const [line, before] = /^leaf_value=(\S+)/m.exec(text) as unknown as [string, string]
    const after = String(Number(before) + DELTA)
    // The text says how many characters its trees have.
    const withSize = (_: string, size: string): string => `tree_sizes=${Number(size) + after.length - before.length}`
    stateOf(booster).set(name, text.replace(line, `leaf_value=${after}`).replace(/^tree_sizes=(\d+)/m, withSize))
    return `the value of leaf 0 from ${before} to ${after}`
  },
}

function stateOf(object: unknown): PyDict<string> {
  return (object as PyObject).state as PyDict<string>
}

function attribute(object: unknown, name: string): unknown {
  return stateOf(object).get(name)
}

/** The first array of float64 in a graph. */
function firstFloats(root: unknown): unknown {
  for (const value of walk(root)) if (float64s(value) !== undefined) return value
  throw new Error('there is no array of float64')
}

/** Adds to one number of an array; -1 is the last. */
function add(array: unknown, index = 0): string {
  const floats = float64s(array)
  const before = floats?.at(index)
  if (floats === undefined || before === undefined) throw new Error('this is no array of float64')
  floats[index < 0 ? floats.length + index : index] = before + DELTA
  return `from ${before} to ${before + DELTA}`
}
