/**
 * The members of a plugin's object. They may be inherited, as those of a class instance that a DI container made; but what
 * `Object.prototype` has is nobody's declaration.
 */

/** A prototype chain ends; one that a Proxy makes up need not. */
export const MAX_CHAIN = 1000

/** The member of an object, unless it comes from `Object.prototype`. */
export function fieldOf(owner: object, name: string | symbol): unknown {
  let holder: object | null = owner
  for (let i = 0; i < MAX_CHAIN && holder !== null && holder !== Object.prototype; i++) {
    if (Object.hasOwn(holder, name)) return (owner as Record<string | symbol, unknown>)[name]
    holder = Object.getPrototypeOf(holder) as object | null
  }
  return undefined
}

/** A member of a plain object that is none of these: a misspelt name, as a rule. Objects of a class may have members of their own. */
export function unknownField(owner: object, known: readonly string[]): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(owner)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  return Object.keys(owner).find((name) => !known.includes(name))
}
