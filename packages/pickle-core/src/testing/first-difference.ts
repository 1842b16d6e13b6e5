/** Where two pickles differ, by the opcode. */
import { genops } from '../inspect/genops.ts'
import { argumentRepr } from '../inspect/python-repr.ts'

/** The first byte that differs, and the opcodes that stand there; undefined if none does. */
export function firstDifference(a: Uint8Array, b: Uint8Array): string | undefined {
  const end = Math.min(a.length, b.length)
  let at = 0
  while (at < end && a[at] === b[at]) at++
  if (at === end && a.length === b.length) return undefined
  return `byte ${at} of ${a.length} and ${b.length}: ${opcodeAt(a, at)} is now ${opcodeAt(b, at)}`
}

function opcodeAt(pickle: Uint8Array, at: number): string {
  for (const operation of genops(pickle)) {
    if (operation.end > at) return `${operation.opcode.name} ${argumentRepr(operation, pickle).slice(0, 60)}`.trim()
  }
  return 'the end'
}
