/** Identity functions that infer types: a plugin is plain data, and these only check it at compile time. */
import type { DumpContext, Plugin, Reducer, Reduction, TypeRecord } from './contract.ts'

/**
 * A plugin, as data.
 *
 * @example
 * ```ts
 * import { createPickle, definePlugin, pyType } from '@pickle-ts/pickle-core'
 * class Point {
 *   readonly x: number
 *   readonly y: number
 *   constructor(x: number, y: number) {
 *     this.x = x
 *     this.y = y
 *   }
 * }
 * const points = definePlugin({
 *   id: 'my-app/points',
 *   types: [
 *     pyType({
 *       module: 'shapes',
 *       name: 'Point',
 *       class: Point,
 *       args: ['float', 'float'],
 *       create: ([x, y], ctx) => new Point(ctx.check.float(x, 'x'), ctx.check.float(y, 'y')),
 *       reduce: (point) => ({ args: [point.x, point.y] }),
 *     }),
 *   ],
 * })
 * const pickle = createPickle({ plugins: [points] })
 * pickle.loads(pickle.dumps(new Point(1, 2))) // Point { x: 1, y: 2 }
 * ```
 */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  return plugin
}

/** What a record must say: how its objects are made, or that it is a name and no more. */
type MadeOrNamed =
  // biome-ignore lint/complexity/noBannedTypes: what `create` takes and returns, TypeRecord says
  { readonly create: Function } | { readonly opcodes: readonly [] } | { readonly value: object }

/**
 * A type record, with `T` inferred from its class.
 *
 * @example A function of Python by name: it loads as `double`, and `double` dumps as that name. No pickle can call it.
 * ```ts
 * import { createPickle, definePlugin, pyType } from '@pickle-ts/pickle-core'
 * const double = (x: number) => 2 * x
 * const math = definePlugin({ id: 'math', types: [pyType({ module: 'my_math', name: 'double', value: double })] })
 * const { dumps, loads } = createPickle({ plugins: [math] })
 * console.log(loads(dumps([double]))[0] === double) // true
 * ```
 */
export function pyType<T>(record: TypeRecord<T> & MadeOrNamed): TypeRecord<T> {
  return record
}

/** A reducer for the objects of one class: the equivalent of `copyreg.pickle(Class, reduce)`. */
export function reducer<T>(
  type: abstract new (...args: never[]) => T,
  reduce: (object: T, ctx: DumpContext) => Reduction,
): Reducer<T> {
  return { class: type, reduce }
}
