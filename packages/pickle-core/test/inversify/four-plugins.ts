/** Four plugins of different kinds, and for each a value that needs it. */
import {
  definePlugin,
  GlobalRef,
  inertPlugin,
  type Plugin,
  PyObject,
  pyType,
  reducer,
  Tuple,
} from '@pickle-ts/pickle-core'

export class Point {
  readonly x: number
  readonly y: number
  constructor(x: number, y: number) {
    this.x = x
    this.y = y
  }
}

class Path {
  readonly points: unknown[] = []
}

class Tag {
  readonly label: string
  constructor(label: string) {
    this.label = label
  }
}

export const pointPlugin: Plugin = definePlugin({
  id: 'points',
  types: [
    pyType({
      module: 'shapes',
      name: 'Point',
      class: Point,
      args: ['int', 'int'],
      create: ([x, y], { check }) => new Point(check.int(x, 'x'), check.int(y, 'y')),
      reduce: ({ x, y }) => ({ args: [x, y] }),
    }),
  ],
})

/** Brings the points with it. */
const pathPlugin: Plugin = definePlugin({
  id: 'paths',
  extends: [pointPlugin],
  types: [
    pyType({
      module: 'shapes',
      name: 'Path',
      class: Path,
      create: () => new Path(),
      append: (path, point) => path.points.push(point),
      reduce: (path) => ({ args: [], listItems: path.points }),
    }),
  ],
  extensionCodes: [{ code: 240, module: 'shapes', name: 'Path' }],
})

const decimalPlugin: Plugin = inertPlugin([['decimal', 'Decimal']])

/** Writes only: Python reads a tag as its label. */
const tagPlugin: Plugin = definePlugin({
  id: 'tags',
  types: [pyType({ module: 'builtins', name: 'str', args: ['str'], create: ([text]) => text })],
  reducers: [reducer(Tag, ({ label }) => ({ callable: new GlobalRef('builtins', 'str'), args: [label] }))],
})

const path = new Path()
path.points.push(new Point(3, 4), new Point(5, 6))

export const PLUGINS: readonly { readonly plugin: Plugin; readonly value: unknown }[] = [
  { plugin: pointPlugin, value: new Point(1, 2) },
  { plugin: pathPlugin, value: path },
  { plugin: decimalPlugin, value: new PyObject(new GlobalRef('decimal', 'Decimal'), { args: Tuple.of('1.50') }) },
  { plugin: tagPlugin, value: new Tag('new') },
]
