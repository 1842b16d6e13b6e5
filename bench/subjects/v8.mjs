// node:v8 serialize and deserialize: the structured clone of Node, in C++.
import { deserialize, serialize } from 'node:v8'
import { keepsValue } from '../lib/keeps.mjs'

export const open = () => ({
  kit: {
    tuple: (items) => items,
    set: (items) => new Set(items),
    map: (entries) => new Map(entries),
    bytes: (bytes) => bytes,
  },
  dumper: () => (value) => serialize(value),
  loader: () => (bytes) => deserialize(bytes),
  input: (_row, value) => serialize(value),
  check: (_row, _op, value) => keepsValue(value, deserialize(serialize(value))),
})
