/**
 * Looks into pickles without loading them: `genops`, `dis`, `optimize` as in CPython's pickletools, which globals a file asks for, and
 * which part of a graph takes the bytes. Nothing that a pickle names is looked up, and none of it is run.
 *
 * @module
 */
export { type DisOptions, dis, disLines } from './inspect/dis.ts'
export { genops, type Operation } from './inspect/genops.ts'
export { type GlobalFound, type GlobalsFound, type GlobalsInOptions, globalsIn } from './inspect/globals-in.ts'
export { optimize } from './inspect/optimize.ts'
export type { SizeNode, SizePart } from './inspect/size-node.ts'
export { PickleSizes, type SizeLine, type SizesOptions, sizes } from './inspect/sizes.ts'
