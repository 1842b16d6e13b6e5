// JSON. It has no tuples, sets, int keys or bytes: tuples and sets are arrays here, maps objects. The result is text, not bytes.
import { keepsValue } from '../lib/keeps.mjs'

export const open = () => ({
  kit: {
    tuple: (items) => items,
    set: (items) => items,
    map: (entries) => Object.fromEntries(entries),
  },
  dumper: () => (value) => JSON.stringify(value),
  loader: () => (text) => JSON.parse(text),
  input: (_row, value) => JSON.stringify(value),
  check: (_row, _op, value) => keepsValue(value, JSON.parse(JSON.stringify(value))),
})
