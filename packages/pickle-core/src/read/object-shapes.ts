/**
 * Plain objects with many keys, made from a template.
 *
 * V8 turns an object into a hash table at the 20th key that is added to it: the load takes as long, but the object then takes twice
 * the memory (34 keys: 2.5 kB, not 1.2), and each read of a property three times as long. A copy of an object that has all the keys
 * keeps its shape. Below 12 keys there is nothing to gain.
 *
 * A template holds keys, and no value of any load.
 */

const MIN_KEYS = 12
const MAX_KEYS = 64
const MAX_KEY_LENGTH = 64
const SLOTS = 8

interface Shape {
  readonly keys: readonly string[]
  template: object | undefined
}

/** The shapes of the objects that were loaded last. */
export class ObjectShapes {
  readonly #shapes: (Shape | undefined)[] = new Array<Shape | undefined>(SLOTS).fill(undefined)

  /** A new object with the keys at every second place from `from`, and null as each value, if such an object was seen before. */
  create(stack: readonly unknown[], from: number, to: number): object | undefined {
    const count = (to - from) >> 1
    if (count < MIN_KEYS || count > MAX_KEYS) return undefined
    const slot = (count + (stack[from] as string).length * 3 + (stack[to - 2] as string).length) & (SLOTS - 1)
    const shape = this.#shapes[slot]
    if (shape === undefined || !isShapeOf(shape, stack, from, count)) {
      this.#shapes[slot] = shapeOf(stack, from, to)
      return undefined
    }
    // Not by a literal: only JSON.parse makes an object that has room for its keys, and for no more.
    shape.template ??= JSON.parse(`{${shape.keys.map((key) => `${JSON.stringify(key)}:null`).join()}}`) as object
    return { ...shape.template }
  }
}

function isShapeOf({ keys }: Shape, stack: readonly unknown[], from: number, count: number): boolean {
  if (keys.length !== count) return false
  for (let i = 0; i < count; i++) if (keys[i] !== stack[from + 2 * i]) return false
  return true
}

function shapeOf(stack: readonly unknown[], from: number, to: number): Shape | undefined {
  const keys: string[] = []
  for (let i = from; i < to; i += 2) {
    const key = stack[i] as string
    if (key.length > MAX_KEY_LENGTH) return undefined
    keys.push(key)
  }
  return { keys, template: undefined }
}
