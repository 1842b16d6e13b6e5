// Loads and dumps with the built package in a Node that refuses to make code from strings.

import assert from 'node:assert/strict'
import { dumps, loads } from '../packages/pickle-core/dist/index.js'

assert.throws(() => new Function('return 1'), EvalError, 'run this with --disallow-code-generation-from-strings')

const value = { name: 'π', list: [1, -2.5, 2n ** 70n, null, true], bytes: new Uint8Array([1, 2, 3]) }
for (const protocol of [0, 1, 2, 3, 4, 5]) {
  assert.deepEqual(loads(dumps(value, { protocol })), value)
}
const buffers = []
const { PickleBuffer } = await import('../packages/pickle-core/dist/index.js')
const stream = dumps(new PickleBuffer(new Uint8Array([4, 5, 6])), { protocol: 5, bufferCallback: buffers })
assert.deepEqual([...loads(stream, { buffers }).raw()], [4, 5, 6])
console.log('protocols 0 to 5 and out-of-band buffers work without eval')
