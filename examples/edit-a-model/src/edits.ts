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
  pandas: (frame) => `the first price ${add(first(frame, (value) => float64s(value) !== undefined))}`,
  sklearn: (model) => `intercept_ ${add(attribute(model, 'intercept_'))}`,
  lightgbm: (booster) => {
    // The model is a text in the state of the booster; the name of the attribute has changed over the versions.
    const state = booster.state as PyDict<string>
    const [name, text] = [...state].find(([, value]) => String(value).startsWith('tree\n')) as [string, string]
    const [line, value] = /^leaf_value=(\S+)/m.exec(text) as unknown as [string, string]
    const changed = String(Number(value) + DELTA)
    // The text says how long it is itself, so the number keeps its length.
    state.set(name, text.replace(line, `leaf_value=${changed.padEnd(value.length, '0').slice(0, value.length)}`))
    return `the value of leaf 0 from ${value} to ${changed}`
  },
}

function attribute(object: PyObject, name: string): unknown {
  return (object.state as PyDict<string>).get(name)
}

function first(root: unknown, test: (value: unknown) => boolean): unknown {
  for (const value of walk(root)) if (test(value)) return value
  throw new Error('there is no such value')
}

function add(array: unknown, index = 0): string {
  const floats = float64s(array)
  const before = floats?.[index]
  if (floats === undefined || before === undefined) throw new Error('this is no array of float64')
  floats[index] = before + DELTA
  return `from ${before} to ${before + DELTA}`
}
