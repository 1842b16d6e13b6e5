/** A box for anything, and its plugin, with parts that a test makes wrong. */
import { createPickle, definePlugin, type Plugin, pyType, type TypeRecord } from '@pickle-ts/pickle-core'
import type { Sample } from '@pickle-ts/pickle-core/testing'
import { carried, doubles } from './good.ts'

export class Box {
  content: unknown
  constructor(content: unknown) {
    this.content = content
  }
}

/** A record of Box that is right, but for what is given. */
export function box(record: Partial<TypeRecord<Box>> = {}, plugin: Partial<Plugin> = {}): Plugin {
  const whole = pyType<Box>({
    module: 'boxes',
    name: 'Box',
    class: Box,
    args: ['any'],
    create: ([content]) => new Box(content),
    reduce: ({ content }) => ({ args: [content] }),
    ...record,
  })
  return definePlugin({ id: 'boxes', types: [whole], ...plugin })
}

export const dumpsWith = (plugin: Plugin, value: unknown): Uint8Array =>
  createPickle({ plugins: [plugin] }).dumps(value)

/** A box of numbers in memory. */
export const memoryBox = (record: Partial<TypeRecord<Box>> = {}): Plugin =>
  box({
    args: ['buffer'],
    create: ([data], ctx) => {
      const { samples, readonly } = doubles(data, ctx)
      return new Box(readonly ? samples.slice() : samples)
    },
    reduce: ({ content }, { protocol }) => ({ args: [carried(content as Float64Array, false, protocol)] }),
    ...record,
  })

export const full: Sample = { name: 'a box', make: () => new Box('full') }
export const numbers: Sample = { name: 'numbers', make: () => new Box(Float64Array.of(1, 2, 3)) }
