// pickleparser: another reader of pickles in JavaScript. It writes none.
import { Parser } from 'pickleparser'
import { pickleOf } from '../lib/data.mjs'
import { keepsValue } from '../lib/keeps.mjs'
import { counting } from '../lib/values.mjs'

const DEFAULTS = { unpicklingTypeOfSet: 'Set', unpicklingTypeOfDictionary: 'object' }

export const open = () => ({
  kit: {
    tuple: (items) => items,
    set: (items) => new Set(items),
    map: (entries) => new Map(entries),
    bytes: (bytes) => bytes,
    buffer: (bytes) => bytes,
  },
  loader(row) {
    if (row.mode === 'buffer') {
      const buffers = [counting(row.size)]
      return (bytes) => new Parser({ ...DEFAULTS, buffers: buffers.values() }).parse(bytes)
    }
    const parser = new Parser({ ...DEFAULTS, unpicklingTypeOfDictionary: row.data === 'map' ? 'Map' : 'object' })
    return (bytes) => parser.parse(bytes)
  },
  input: (row) => pickleOf(row.data),
  check(row, _op, value) {
    return keepsValue(value, this.loader(row)(pickleOf(row.data)))
  },
})
