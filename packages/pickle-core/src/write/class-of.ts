/** A class, by its constructor. */
export type Class = abstract new (...args: never[]) => unknown

/** The class whose prototype an object has. Never a `constructor` property of the object's own: that is data. */
export function classOf(value: object): Class | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (typeof prototype !== 'object' || prototype === null) return undefined
  const type: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof type === 'function' ? (type as unknown as Class) : undefined
}
