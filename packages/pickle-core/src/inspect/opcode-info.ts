/**
 * What each opcode does to the stack, and the sentence that `pickletools.dis` annotates it with.
 * Written by scripts/generate-opcode-info.py from CPython's Lib/pickletools.py; do not edit.
 */

/** The effect of one opcode on the unpickling stack. */
export interface OpcodeInfo {
  /** How many values it takes: those below the mark, where it takes what lies above one. */
  readonly takes: number
  /** Whether it takes everything above the topmost MARK, and the MARK. */
  readonly takesMark: boolean
  /** How many values it leaves. */
  readonly leaves: number
  /** The first line of its description. */
  readonly doc: string
}

// Name: takes, takesMark, leaves, doc.
const ROWS: Readonly<Record<string, readonly [number, 0 | 1, number, string]>> = {
  INT: [0, 0, 1, 'Push an integer or bool.'],
  BININT: [0, 0, 1, 'Push a four-byte signed integer.'],
  BININT1: [0, 0, 1, 'Push a one-byte unsigned integer.'],
  BININT2: [0, 0, 1, 'Push a two-byte unsigned integer.'],
  LONG: [0, 0, 1, 'Push a long integer.'],
  LONG1: [0, 0, 1, 'Long integer using one-byte length.'],
  LONG4: [0, 0, 1, 'Long integer using four-byte length.'],
  STRING: [0, 0, 1, 'Push a Python string object.'],
  BINSTRING: [0, 0, 1, 'Push a Python string object.'],
  SHORT_BINSTRING: [0, 0, 1, 'Push a Python string object.'],
  BINBYTES: [0, 0, 1, 'Push a Python bytes object.'],
  SHORT_BINBYTES: [0, 0, 1, 'Push a Python bytes object.'],
  BINBYTES8: [0, 0, 1, 'Push a Python bytes object.'],
  BYTEARRAY8: [0, 0, 1, 'Push a Python bytearray object.'],
  NEXT_BUFFER: [0, 0, 1, 'Push an out-of-band buffer object.'],
  READONLY_BUFFER: [1, 0, 1, 'Make an out-of-band buffer object read-only.'],
  NONE: [0, 0, 1, 'Push None on the stack.'],
  NEWTRUE: [0, 0, 1, 'Push True onto the stack.'],
  NEWFALSE: [0, 0, 1, 'Push False onto the stack.'],
  UNICODE: [0, 0, 1, 'Push a Python Unicode string object.'],
  SHORT_BINUNICODE: [0, 0, 1, 'Push a Python Unicode string object.'],
  BINUNICODE: [0, 0, 1, 'Push a Python Unicode string object.'],
  BINUNICODE8: [0, 0, 1, 'Push a Python Unicode string object.'],
  FLOAT: [0, 0, 1, 'Newline-terminated decimal float literal.'],
  BINFLOAT: [0, 0, 1, 'Float stored in binary form, with 8 bytes of data.'],
  EMPTY_LIST: [0, 0, 1, 'Push an empty list.'],
  APPEND: [2, 0, 1, 'Append an object to a list.'],
  APPENDS: [1, 1, 1, 'Extend a list by a slice of stack objects.'],
  LIST: [0, 1, 1, 'Build a list out of the topmost stack slice, after markobject.'],
  EMPTY_TUPLE: [0, 0, 1, 'Push an empty tuple.'],
  TUPLE: [0, 1, 1, 'Build a tuple out of the topmost stack slice, after markobject.'],
  TUPLE1: [1, 0, 1, 'Build a one-tuple out of the topmost item on the stack.'],
  TUPLE2: [2, 0, 1, 'Build a two-tuple out of the top two items on the stack.'],
  TUPLE3: [3, 0, 1, 'Build a three-tuple out of the top three items on the stack.'],
  EMPTY_DICT: [0, 0, 1, 'Push an empty dict.'],
  DICT: [0, 1, 1, 'Build a dict out of the topmost stack slice, after markobject.'],
  SETITEM: [3, 0, 1, 'Add a key+value pair to an existing dict.'],
  SETITEMS: [1, 1, 1, 'Add an arbitrary number of key+value pairs to an existing dict.'],
  EMPTY_SET: [0, 0, 1, 'Push an empty set.'],
  ADDITEMS: [1, 1, 1, 'Add an arbitrary number of items to an existing set.'],
  FROZENSET: [0, 1, 1, 'Build a frozenset out of the topmost slice, after markobject.'],
  POP: [1, 0, 0, 'Discard the top stack item, shrinking the stack by one item.'],
  DUP: [1, 0, 2, 'Push the top stack item onto the stack again, duplicating it.'],
  MARK: [0, 0, 1, 'Push markobject onto the stack.'],
  POP_MARK: [0, 1, 0, 'Pop all the stack objects at and above the topmost markobject.'],
  GET: [0, 0, 1, 'Read an object from the memo and push it on the stack.'],
  BINGET: [0, 0, 1, 'Read an object from the memo and push it on the stack.'],
  LONG_BINGET: [0, 0, 1, 'Read an object from the memo and push it on the stack.'],
  PUT: [0, 0, 0, 'Store the stack top into the memo.  The stack is not popped.'],
  BINPUT: [0, 0, 0, 'Store the stack top into the memo.  The stack is not popped.'],
  LONG_BINPUT: [0, 0, 0, 'Store the stack top into the memo.  The stack is not popped.'],
  MEMOIZE: [1, 0, 1, 'Store the stack top into the memo.  The stack is not popped.'],
  EXT1: [0, 0, 1, 'Extension code.'],
  EXT2: [0, 0, 1, 'Extension code.'],
  EXT4: [0, 0, 1, 'Extension code.'],
  GLOBAL: [0, 0, 1, 'Push a global object (module.attr) on the stack.'],
  STACK_GLOBAL: [2, 0, 1, 'Push a global object (module.attr) on the stack.'],
  REDUCE: [2, 0, 1, 'Push an object built from a callable and an argument tuple.'],
  BUILD: [2, 0, 1, 'Finish building an object, via __setstate__ or dict update.'],
  INST: [0, 1, 1, 'Build a class instance.'],
  OBJ: [0, 1, 1, 'Build a class instance.'],
  NEWOBJ: [2, 0, 1, 'Build an object instance.'],
  NEWOBJ_EX: [3, 0, 1, 'Build an object instance.'],
  PROTO: [0, 0, 0, 'Protocol version indicator.'],
  STOP: [1, 0, 0, 'Stop the unpickling machine.'],
  FRAME: [0, 0, 0, 'Indicate the beginning of a new frame.'],
  PERSID: [0, 0, 1, 'Push an object identified by a persistent ID.'],
  BINPERSID: [1, 0, 1, 'Push an object identified by a persistent ID.'],
}

/** By name of the opcode. */
export const OPCODE_INFO: ReadonlyMap<string, OpcodeInfo> = /* @__PURE__ */ new Map(
  Object.entries(ROWS).map(([name, [takes, takesMark, leaves, doc]]) => {
    return [name, { takes, takesMark: takesMark === 1, leaves, doc }] as const
  }),
)
