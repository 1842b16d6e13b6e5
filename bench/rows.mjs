// The rows of the benchmark: what each is, which data it uses, which targets it has.
//
// `core` rows are the object rows that have been followed since the first prototype. Their
// geometric mean is the main figure. `object` rows count in the second mean. Mode says how a
// row is run: `value` (the usual), `fresh` (new objects for each dumps), `buffer` (one large
// buffer out of band), `exact` (loads with `mapping: 'exact'`), `inert` (loads with `unknownGlobals: 'inert'`).

/**
 * @typedef {'dumps' | 'loads'} Op
 * @typedef {'value' | 'fresh' | 'buffer' | 'exact' | 'inert'} Mode
 * @typedef {object} Row
 * @property {string} name
 * @property {string} data the name of the data in .data
 * @property {string} about
 * @property {'core' | 'object' | 'memory'} kind
 * @property {Mode} mode
 * @property {readonly Op[]} ops
 * @property {Partial<Record<Op, number>>} target highest ratio to the fastest CPython
 * @property {number} [size] bytes of the buffer out of band
 * @property {boolean} [anyOrder] each CPython process orders it in its own way: its bytes are not compared
 */

export const GEOMEAN_TARGET = { dumps: 1.3, loads: 0.9 }
const TARGET = { dumps: 1.7, loads: 1.3 }
const RECORDS_TARGET = { dumps: 1.4, loads: 0.7 }

/** @returns {Row} */
function row(name, about, kind, rest = {}) {
  return { name, data: name, about, kind, mode: 'value', ops: ['dumps', 'loads'], target: TARGET, ...rest }
}

/** @type {readonly Row[]} */
export const ROWS = [
  row('plain', 'user record, 34 keys, ints, short strings, 7 tags', 'core'),
  row('dict', 'the same, with a tuple of 3 ints', 'core'),
  row('tuple', '([30 ints of 28 bits], 60)', 'core'),
  row('group', 'three such records, most strings shared', 'core'),
  row('list', '10 x [0..9, 0..9]', 'core'),
  row('map', '100 dicts of 10 int keys', 'core'),
  row('records', '20,000 records of 8 fields', 'core', { target: RECORDS_TARGET }),
  row('fresh', 'records, new objects for each dumps', 'core', {
    data: 'records',
    mode: 'fresh',
    ops: ['dumps'],
    target: RECORDS_TARGET,
  }),
  row('ints', '200,000 ints of 8 to 45 bits', 'core'),
  row('floats', '200,000 floats', 'core'),
  row('strings', '100,000 distinct strings of 7 to 23 chars', 'core'),
  row('repeated', '100,000 strings out of 200', 'core', { target: { dumps: 2.5, loads: 2.5 } }),
  row('nodes', 'tree of 10,000 plain objects', 'core'),
  row('tree', 'the same tree, of instances of a class', 'core'),
  row('unicode', '20,000 strings, most of them not ASCII', 'object'),
  row('nested', '100 lists, each 200 deep', 'object'),
  row('tuples', '10,000 tuples that hold tuples', 'object'),
  row('sets', '2,000 sets of 8', 'object', { anyOrder: true }),
  row('exact', "records, loads with mapping: 'exact'", 'memory', {
    data: 'records',
    mode: 'exact',
    ops: ['loads'],
    target: {},
  }),
  row('inert', "tree, loads with unknownGlobals: 'inert'", 'memory', {
    data: 'tree',
    mode: 'inert',
    ops: ['loads'],
    target: {},
  }),
  row('bytes64k', '64 kB of bytes', 'memory'),
  row('bytes64M', '64 MB of bytes', 'memory'),
  row('oob1k', 'a 1 kB buffer out of band', 'memory', { mode: 'buffer', size: 2 ** 10, target: {} }),
  row('oob64M', 'a 64 MB buffer out of band: must take the same time', 'memory', {
    mode: 'buffer',
    size: 2 ** 26,
    target: {},
  }),
]

/** What is loaded for the table of kept memory: data, and how many times. */
export const MEMORY_ROWS = [
  { data: 'records', times: 1 },
  { data: 'nodes', times: 1 },
  { data: 'strings', times: 1 },
  { data: 'plain', times: 1000 },
]

/** @param {string | undefined} list comma separated names */
export function selectRows(list) {
  if (list === undefined) return ROWS
  return list.split(',').map((name) => {
    const found = ROWS.find((r) => r.name === name)
    if (found === undefined) throw new Error(`no row '${name}'. Rows: ${ROWS.map((r) => r.name).join(' ')}`)
    return found
  })
}
