// msgpackr, in two ways: plain pack and unpack, and `structuredClone: true`, which keeps identity as pickle does.
//
// pack returns a view into a pooled buffer, and unpack returns bytes as views of its input: it
// copies less than the others. That is its interface, so it is measured as it is.
import { Packr, pack, unpack } from 'msgpackr'
import { keepsValue } from '../lib/keeps.mjs'

const kit = {
  tuple: (items) => items,
  set: (items) => new Set(items),
  map: (entries) => new Map(entries),
  bytes: (bytes) => bytes,
}

function subject(packOf, unpackOf) {
  return {
    kit,
    dumper: packOf,
    loader: unpackOf,
    input: (row, value) => Buffer.from(packOf(row)(value)),
    check: (row, _op, value) => keepsValue(value, unpackOf(row)(packOf(row)(value))),
  }
}

// Keys that are no strings need an instance: the plain unpack makes objects of all maps, of all sets arrays.
const exotic = (row) => row.data === 'map' || row.data === 'sets'

export const plain = () => {
  const maps = new Packr({ useRecords: false, mapsAsObjects: false, moreTypes: true })
  return subject(
    (row) => (exotic(row) ? (value) => maps.pack(value) : (value) => pack(value)),
    (row) => (exotic(row) ? (bytes) => maps.unpack(bytes) : (bytes) => unpack(bytes)),
  )
}

export const clone = () => {
  const packr = new Packr({ structuredClone: true })
  return subject(
    () => (value) => packr.pack(value),
    () => (bytes) => packr.unpack(bytes),
  )
}
