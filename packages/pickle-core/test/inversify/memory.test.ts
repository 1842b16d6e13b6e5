/** A container that lives long keeps nothing of its children alive, though it remembers codecs for their plugins. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { definePlugin, type Plugin } from '@pickle-ts/pickle-core'
import { Pickle, PicklePlugin, pickleModule, pluginFactory } from '@pickle-ts/pickle-core/inversify'
import { Container } from 'inversify'
import { expect, test } from 'vitest'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Collects until these are gone, or for a number of rounds. */
async function survivors(refs: readonly WeakRef<object>[]): Promise<number> {
  for (let round = 0; round < 20; round++) {
    // A WeakRef that was read lives until the task ends.
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
    if (refs.every((ref) => ref.deref() === undefined)) return 0
  }
  return refs.filter((ref) => ref.deref() !== undefined).length
}

const shared = definePlugin({ id: 'shared' })
function parentWith(bind: (parent: Container) => void): Container {
  const parent = new Container()
  parent.load(pickleModule)
  parent.bind(PicklePlugin).toConstantValue(shared)
  bind(parent)
  return parent
}

test('a plugin of a child goes with the child, and so does its codec', async () => {
  const parent = parentWith(() => {})
  const own = parent.get(Pickle)
  const refs = Array.from({ length: 10 }, (_, index) => {
    const child = new Container({ parent })
    const plugin: Plugin = { id: `tenant ${index}` }
    child.bind(PicklePlugin).toConstantValue(plugin)
    const pickle = child.get(Pickle)
    expect(child.get(Pickle)).toBe(pickle)
    return [new WeakRef<object>(plugin), new WeakRef<object>(pickle)]
  })
  expect(await survivors(refs.flat())).toBe(0)
  expect(parent.get(Pickle)).toBe(own)
})

test('what pluginFactory made goes with what it was made of', async () => {
  const parent = parentWith((container) => {
    container.bind(PicklePlugin).toResolvedValue(
      pluginFactory((log: string[]) => ({ id: `logs to ${log.length}` })),
      ['log'],
    )
  })
  const refs = Array.from({ length: 10 }, () => {
    const child = new Container({ parent })
    const log: string[] = []
    child.bind('log').toConstantValue(log)
    return [new WeakRef<object>(log), new WeakRef<object>(child.get(Pickle))]
  })
  expect(await survivors(refs.flat())).toBe(0)
  const log: string[] = []
  parent.bind('log').toConstantValue(log)
  expect(parent.get(Pickle)).toBe(parent.get(Pickle))
})
