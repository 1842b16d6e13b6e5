/** What the entry modules export at run time. A name that comes or goes is a decision, and shows here. */

import * as core from '@pickle-ts/pickle-core'
import * as bare from '@pickle-ts/pickle-core/bare'
import * as inspect from '@pickle-ts/pickle-core/inspect'
import * as inversify from '@pickle-ts/pickle-core/inversify'
import * as testing from '@pickle-ts/pickle-core/testing'
import { expect, test } from 'vitest'

test('@pickle-ts/pickle-core', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "BUFFER_MESSAGES",
      "BufferError",
      "ByteArray",
      "Complex",
      "DEFAULT_LIMITS",
      "Ellipsis",
      "ExtensionRef",
      "Float",
      "ForbiddenGlobalError",
      "FrozenSet",
      "GlobalRef",
      "HIGHEST_PROTOCOL",
      "NotImplemented",
      "PICKLING_MESSAGES",
      "PersistentRef",
      "PickleBuffer",
      "PickleError",
      "Pickler",
      "PicklingError",
      "PyDict",
      "PyObject",
      "PySet",
      "REGISTRY_MESSAGES",
      "Range",
      "ReducerError",
      "RegistryError",
      "Slice",
      "Tuple",
      "UNPICKLING_MESSAGES",
      "UnhashableError",
      "Unpickler",
      "UnpicklingError",
      "createPickle",
      "createRegistry",
      "definePlugin",
      "dumps",
      "inertPlugin",
      "isPickleError",
      "loads",
      "notMine",
      "pyType",
      "reduceEx",
      "reducer",
    ]
  `)
})

test('@pickle-ts/pickle-core/bare', () => {
  expect(Object.keys(bare).sort()).toMatchInlineSnapshot(`
    [
      "BUFFER_MESSAGES",
      "BufferError",
      "ByteArray",
      "Complex",
      "DEFAULT_LIMITS",
      "Ellipsis",
      "ExtensionRef",
      "Float",
      "ForbiddenGlobalError",
      "FrozenSet",
      "GlobalRef",
      "HIGHEST_PROTOCOL",
      "NotImplemented",
      "PICKLING_MESSAGES",
      "PersistentRef",
      "PickleBuffer",
      "PickleError",
      "Pickler",
      "PicklingError",
      "PyDict",
      "PyObject",
      "PySet",
      "Range",
      "ReducerError",
      "Slice",
      "Tuple",
      "UNPICKLING_MESSAGES",
      "UnhashableError",
      "Unpickler",
      "UnpicklingError",
      "dumps",
      "isPickleError",
      "loads",
      "reduceEx",
    ]
  `)
})

test('@pickle-ts/pickle-core/inspect', () => {
  expect(Object.keys(inspect).sort()).toMatchInlineSnapshot(`
    [
      "PickleSizes",
      "dis",
      "disLines",
      "genops",
      "globalsIn",
      "optimize",
      "sizes",
    ]
  `)
})

test('@pickle-ts/pickle-core/inversify', () => {
  expect(Object.keys(inversify).sort()).toMatchInlineSnapshot(`
    [
      "Pickle",
      "PickleOptions",
      "PicklePlugin",
      "pickleModule",
      "pluginFactory",
    ]
  `)
  // A copy of this package, or another version of it, has the same tokens.
  expect([inversify.Pickle, inversify.PicklePlugin, inversify.PickleOptions]).toEqual([
    Symbol.for('@pickle-ts/pickle-core/Pickle'),
    Symbol.for('@pickle-ts/pickle-core/PicklePlugin'),
    Symbol.for('@pickle-ts/pickle-core/PickleOptions'),
  ])
})

test('@pickle-ts/pickle-core/testing', () => {
  expect(Object.keys(testing).sort()).toMatchInlineSnapshot(`
    [
      "CheckFailure",
      "describeWithNode",
      "describeWithVitest",
      "reducerChecks",
    ]
  `)
})

test('both give the same values: what one makes is what the other knows', () => {
  const main = new Map<string, unknown>(Object.entries(core))
  for (const [name, value] of Object.entries(bare)) {
    expect(main.has(name), name).toBe(true)
    expect(value, name).toBe(main.get(name))
  }
})
