/** The classes of `python/shapes.py`, here, with the plugin that reads and writes them. */
import {
  type DumpContext,
  definePlugin,
  GlobalRef,
  type LoadContext,
  PickleBuffer,
  pyType,
  type Reduction,
  reducer,
  Tuple,
} from '@pickle-ts/pickle-core'

const shape = (name: string): GlobalRef => new GlobalRef('shapes', name)

/** What `object.__reduce_ex__` gives: NEWOBJ from protocol 2 on, copyreg._reconstructor before. */
function newObject(name: string, state: unknown, { protocol }: DumpContext): Reduction {
  if (protocol >= 2) return { callable: shape(name), args: [], construct: 'newobj', state }
  const args = [shape(name), new GlobalRef('builtins', 'object'), null]
  return { callable: new GlobalRef('copyreg', '_reconstructor'), args, state }
}

export class Point {
  x: unknown = undefined
  y: unknown = undefined
  static of(x: unknown, y: unknown): Point {
    return Object.assign(new Point(), { x, y })
  }
}

export class Slotted {
  left: unknown = undefined
  right: unknown = undefined
  static of(left: unknown, right: unknown): Slotted {
    return Object.assign(new Slotted(), { left, right })
  }
}

export class Call {
  args: unknown
  constructor(args: readonly unknown[]) {
    this.args = Tuple.from(args)
  }
}

export class CallState {
  args: unknown
  state: unknown = null
  constructor(args: readonly unknown[], state: unknown = null) {
    this.args = Tuple.from(args)
    this.state = state
  }
}

/** A list of its own class: what `append` gets. */
export class CallList {
  readonly items: unknown[] = []
}

export class CallDict {
  readonly entries: [unknown, unknown][] = []
}

export class CallAll {
  name: unknown
  mood: unknown = null
  readonly items: unknown[] = []
  readonly table: [unknown, unknown][] = []
  constructor(name: unknown) {
    this.name = name
  }
}

export class Setter {
  args: unknown
  state: unknown = null
  constructor(args: readonly unknown[], state: unknown = null) {
    this.args = Tuple.from(args)
    this.state = state
  }
}

export class NewArgs {
  readonly args: Tuple
  constructor(args: readonly unknown[]) {
    this.args = Tuple.from(args)
  }
}

export class NewArgsEx {
  readonly args: Tuple
  readonly kwargs: Map<string, unknown>
  constructor(args: readonly unknown[], kwargs: ReadonlyMap<string, unknown>) {
    this.args = Tuple.from(args)
    this.kwargs = new Map(kwargs)
  }
}

/** An object that Python knows by its name alone. */
export class Global {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export class Knot {
  me: unknown = this
}

export class ArgsKnot {
  items: unknown
  constructor(items: unknown) {
    this.items = items
  }
}

export class MyList {
  readonly items: unknown[] = []
}

export class ZeroCopy {
  readonly memory: unknown
  constructor(memory: unknown) {
    this.memory = memory
  }
}

export class Extended {
  tag: unknown = 'ext'
}

/** Fills an object that was just made. */
function fill<T extends object>(target: T, fields: Partial<Record<keyof T, unknown>>): T {
  return Object.assign(target, fields)
}

/** Sets fields from the dict of an object's state. Own ones: a file may name `__proto__`. */
function setFields(target: object, state: unknown, ctx: LoadContext): void {
  for (const [key, value] of ctx.check.dict(state, 'state')) {
    const attributes = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(target, ctx.check.str(key, 'a name'), attributes)
  }
}

export const shapesPlugin = definePlugin({
  id: 'test/shapes',
  types: [
    pyType<Point>({
      module: 'shapes',
      name: 'Point',
      class: Point,
      opcodes: ['newobj'],
      args: [],
      state: 'dict',
      stateRequired: true,
      create: () => new Point(),
      setState: setFields,
    }),
    pyType<Slotted>({
      module: 'shapes',
      name: 'Slotted',
      class: Slotted,
      opcodes: ['newobj'],
      args: [],
      state: 'tuple',
      create: () => new Slotted(),
      // (None, the slots)
      setState: (slotted, state, ctx) => setFields(slotted, ctx.check.tuple(state, 'state')[1], ctx),
      reduce: ({ left, right }) => ({ construct: 'newobj', args: [], state: Tuple.of<unknown>(null, { left, right }) }),
    }),
    pyType<Call>({
      module: 'shapes',
      name: 'Call',
      class: Call,
      opcodes: ['reduce'],
      create: (args) => new Call(args),
      reduce: ({ args }) => ({ args: args as Tuple }),
    }),
    pyType<CallState>({
      module: 'shapes',
      name: 'CallState',
      class: CallState,
      opcodes: ['reduce'],
      state: 'any',
      create: (args) => new CallState(args),
      setState: (call, state) => {
        call.state = state
      },
      reduce: ({ args, state }) => ({ args: args as Tuple, state: state === null ? undefined : state }),
    }),
    pyType<CallList>({
      module: 'shapes',
      name: 'CallList',
      class: CallList,
      opcodes: ['reduce'],
      args: [],
      create: () => new CallList(),
      append: (list, item) => void list.items.push(item),
      reduce: ({ items }) => ({ args: [], listItems: items }),
    }),
    pyType<CallDict>({
      module: 'shapes',
      name: 'CallDict',
      class: CallDict,
      opcodes: ['reduce'],
      args: [],
      create: () => new CallDict(),
      setItem: (dict, key, value) => void dict.entries.push([key, value]),
      reduce: ({ entries }) => ({ args: [], dictItems: entries }),
    }),
    pyType<CallAll>({
      module: 'shapes',
      name: 'CallAll',
      class: CallAll,
      opcodes: ['reduce'],
      args: ['str'],
      state: 'dict',
      create: ([name]) => new CallAll(name),
      append: (all, item) => void all.items.push(item),
      setItem: (all, key, value) => void all.table.push([key, value]),
      setState: (all, state, ctx) => {
        all.mood = ctx.check.dict(state, 'state').get('mood')
      },
      reduce: ({ name, mood, items, table }) => ({ args: [name], state: { mood }, listItems: items, dictItems: table }),
    }),
    pyType<Setter>({
      module: 'shapes',
      name: 'Setter',
      class: Setter,
      opcodes: ['reduce'],
      create: (args) => new Setter(args),
      reduce: ({ args, state }) => ({ args: args as Tuple, state, stateSetter: shape('set_state') }),
    }),
    pyType({
      module: 'shapes',
      name: 'set_state',
      opcodes: ['reduce'],
      args: ['any', 'any'],
      create: ([target, state]) => {
        if (!(target instanceof Setter)) throw new TypeError('set_state takes a Setter')
        target.state = state
        return null
      },
    }),
    pyType<NewArgs>({
      module: 'shapes',
      name: 'NewArgs',
      class: NewArgs,
      opcodes: ['newobj'],
      // A subclass of tuple has a __dict__, which Python writes only if there is something in it.
      create: (args) => new NewArgs(args),
      reduce: ({ args }) => ({ construct: 'newobj', args }),
    }),
    pyType<NewArgsEx>({
      module: 'shapes',
      name: 'NewArgsEx',
      class: NewArgsEx,
      opcodes: ['newobj_ex', 'newobj'],
      kwargs: ['a', 'b'],
      create: (args, _, kwargs) => new NewArgsEx(args, kwargs ?? new Map()),
      reduce: ({ args, kwargs }) => ({ args, kwargs }),
    }),
    pyType<Global>({
      module: 'shapes',
      name: 'Global',
      class: Global,
      opcodes: [],
      create: () => new Global(''),
    }),
    pyType({ module: 'shapes', name: 'THE_ONE', opcodes: [], create: () => undefined }),
    pyType<Knot>({
      module: 'shapes',
      name: 'Knot',
      class: Knot,
      opcodes: ['newobj'],
      args: [],
      state: 'dict',
      create: () => fill(new Knot(), { me: undefined }),
      setState: (knot, state, ctx) => {
        knot.me = ctx.check.dict(state, 'state').get('me')
      },
    }),
    pyType<ArgsKnot>({
      module: 'shapes',
      name: 'ArgsKnot',
      class: ArgsKnot,
      opcodes: ['reduce'],
      args: ['list'],
      create: ([items]) => new ArgsKnot(items),
      reduce: ({ items }) => ({ args: [items] }),
    }),
    pyType<MyList>({
      module: 'shapes',
      name: 'MyList',
      class: MyList,
      opcodes: ['newobj'],
      args: [],
      create: () => new MyList(),
      append: (list, item) => void list.items.push(item),
      reduce: ({ items }) => ({ construct: 'newobj', args: [], listItems: items }),
    }),
    pyType<ZeroCopy>({
      module: 'shapes',
      name: 'ZeroCopy',
      class: ZeroCopy,
      opcodes: ['reduce'],
      args: [(memory) => memory instanceof Uint8Array || memory instanceof PickleBuffer],
      create: ([memory]) => new ZeroCopy(memory),
      reduce: ({ memory }, { protocol }) => {
        const bytes = memory instanceof PickleBuffer ? memory : new PickleBuffer(memory as Uint8Array)
        return { args: [protocol >= 5 ? bytes : Uint8Array.from(bytes.raw())] }
      },
    }),
    pyType<Extended>({
      module: 'shapes',
      name: 'Extended',
      class: Extended,
      opcodes: ['newobj'],
      args: [],
      state: 'dict',
      create: () => fill(new Extended(), { tag: undefined }),
      setState: (extended, state, ctx) => {
        extended.tag = ctx.check.dict(state, 'state').get('tag')
      },
    }),
  ],
  reducers: [
    reducer(Point, ({ x, y }, ctx) => newObject('Point', { x, y }, ctx)),
    reducer(Knot, ({ me }, ctx) => newObject('Knot', { me }, ctx)),
    reducer(Extended, ({ tag }, ctx) => newObject('Extended', { tag }, ctx)),
    reducer(Global, ({ name }) => name),
  ],
})

/** The same, with the extension code of one class. */
export const extensionPlugin = definePlugin({
  id: 'test/shapes/extension',
  extends: [shapesPlugin],
  extensionCodes: [{ code: 0xf0, module: 'shapes', name: 'Extended' }],
})
