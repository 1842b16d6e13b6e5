/** What in a plugin to change when a good value cannot be written or read, by the code of the error. */
import { isPickleError, type PickleErrorCode } from '../errors.ts'

const ADVICE: { readonly [C in PickleErrorCode]?: string } = {
  unpicklable:
    'nothing writes this class: add `class` and `reduce` to its record,\n' +
    'pyType({ …, class: Point, reduce: (point) => ({ args: [point.x, point.y] }) }), or add reducer(Point, …)',
  'buffer-protocol':
    'a PickleBuffer exists from protocol 5 on. ctx.shareView gives what each protocol can write, and views on one memory stay views:\n' +
    'const { buffer, offset } = ctx.shareView(o.data.buffer, o.data.byteOffset, o.data.byteLength)\n' +
    'return { args: [buffer, offset, o.data.length] }\n' +
    'Without it, give bytes below 5: ctx.protocol >= 5 ? new PickleBuffer(bytes) : new ByteArray(bytes)',
  'reduce-value': 'return { args: […] }, with `state`, `listItems` or `dictItems` where there are any, or notMine',
  'equal-keys': 'give Python keys that it can tell apart: 1, 1n and true are one key of a dict',
  'global-not-allowed':
    'what `reduce` names must be a record of the plugin, or of one that it extends:\n' +
    "types: [pyType({ module: '…', name: '…', create: … })], or extends: [otherPlugin]",
  'construct-not-allowed':
    "list the opcode in the record: opcodes: ['reduce', 'newobj']; `construct` in `reduce` asks for it",
  args:
    '`args` of the record must say what `reduce` gives, under both mappings:\n' +
    "a number of yours is 'int' or 'float' there; memory is 'buffer' out of band, 'bytes' or 'bytearray' in band: 'buffer' is all",
  kwargs: "name the keyword arguments in the record: kwargs: ['dtype', 'shape']",
  state:
    '`reduce` gives a state, so the record needs `setState`, and `state` must say what the state is:\n' +
    "state: 'dict', setState: (o, state, ctx) => { o.x = ctx.check.float(ctx.check.dict(state, 'state').get('x'), 'x') }",
  'state-required': '`stateRequired` is set, so `reduce` must give a state each time',
  target: '`reduce` gives items, so the record needs `append` (for listItems), `setItem` (for dictItems) or `addItem`',
  'ext-unregistered': 'list the code in the plugin: extensionCodes: [{ code, module, name }]',
  'dict-key':
    'a dict whose first key is a text is read as a plain object, which takes no other keys. For keys of any kind give pairs,\n' +
    'args: [[...map].map((pair) => Tuple.from(pair))], or write them as dictItems and read them by setItem',
  'native-key': 'a dict that both mappings must read needs keys that JavaScript keeps apart',
  result: '`create` must return an object of its own, without a `then` method, and never a class',
  reducer:
    'see `cause`: the plugin threw at a value that it wrote itself, or must write.\n' +
    'Under the exact mapping an int is a bigint and a float is a Float: take them by ctx.check.int(v, …), ctx.check.float(v, …)',
}

/** What to change, for what a dump or a load of a good value threw. */
export function adviceFor(error: unknown): string {
  const advice = isPickleError(error) ? ADVICE[error.code] : undefined
  return advice ?? 'the error says what is wrong; a value that the plugin writes must be one that it reads'
}
