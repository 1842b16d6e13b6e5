// memcpy: what any code must do that has bytes in band. One allocation and one copy, and nothing else.
import { keepsValue } from '../lib/keeps.mjs'
import { Unsupported } from '../lib/values.mjs'

export const open = () => ({
  kit: { bytes: (bytes) => bytes },
  dumper: () => copyOf,
  loader: () => copyOf,
  input: (_row, value) => value,
  check: (_row, _op, value) => keepsValue(value, copyOf(value)),
})

function copyOf(value) {
  if (!(value instanceof Uint8Array)) throw new Unsupported('anything but bytes')
  return value.slice()
}
