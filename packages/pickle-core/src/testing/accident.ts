/**
 * Errors that the engine makes when code goes on with a value that nobody checked. A plugin that throws an error of its own has looked;
 * one that dies of `Cannot read properties of null` has not, and who reads the message cannot tell what is wrong with the file.
 */
const ACCIDENTS: readonly RegExp[] = [
  /^Cannot (read|set|convert|mix|destructure|perform|assign|delete|define|access|create|redefine|use)/,
  /is not (a function|iterable|a constructor|an object|defined|a valid|extensible|async iterable|writable)/,
  /(object|undefined|value|null) is not iterable/,
  /^Invalid (typed array|array|array buffer|string|time|count|DataView|atomic|offset|code point)/,
  /(allocation failed|Maximum call stack|called on incompatible receiver|private member|is not defined)/,
  /^(start offset of|byte length of|offset is out|Start offset|Offset is outside|Reduce of empty|Division by zero)/,
  /(must be an instance of|cannot be converted to a BigInt|Property description must|prototype may only be|WeakMap key)/,
]

const OF_ENGINE: readonly ErrorConstructor[] = [TypeError, RangeError, ReferenceError, SyntaxError]

/** Whether the engine threw this, and not somebody who looked. */
export function isAccident(error: unknown): boolean {
  const isOfEngine = OF_ENGINE.some((type) => error instanceof type)
  return error instanceof Error && isOfEngine && ACCIDENTS.some((pattern) => pattern.test(error.message))
}
