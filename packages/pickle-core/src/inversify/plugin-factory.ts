import type { Plugin } from '../registry/contract.ts'
import { IdentityTree } from './identity-tree.ts'

/**
 * A function that makes a plugin of what a container injects, once for the same dependencies: for `toResolvedValue`.
 *
 * A child container that binds another logger gets a plugin with that logger, and its parent keeps its own. (An inversify singleton has
 * the dependencies of whichever container asked first.) A module that is loaded twice still has one plugin.
 *
 * Dependencies are compared by identity, and held weakly if they are objects.
 *
 * @example
 * ```ts
 * import { definePlugin, pyType } from '@pickle-ts/pickle-core'
 * import { Pickle, PicklePlugin, pickleModule, pluginFactory } from '@pickle-ts/pickle-core/inversify'
 * import { Container } from 'inversify'
 * class Job {
 *   readonly id: number
 *   constructor(id: number) {
 *     this.id = id
 *   }
 * }
 * const jobPlugin = pluginFactory((log: string[]) =>
 *   definePlugin({
 *     id: 'my-app/jobs',
 *     types: [
 *       pyType({
 *         module: 'jobs',
 *         name: 'Job',
 *         class: Job,
 *         args: ['int'],
 *         create: ([id], { check }) => new Job(check.int(id, 'id')),
 *         reduce: (job) => {
 *           log.push(`wrote job ${job.id}`)
 *           return { args: [job.id] }
 *         },
 *       }),
 *     ],
 *   }),
 * )
 * const container = new Container()
 * container.load(pickleModule)
 * container.bind('log').toConstantValue([])
 * container.bind(PicklePlugin).toResolvedValue(jobPlugin, ['log'])
 * container.get(Pickle).dumps(new Job(7))
 * console.log(container.get('log')) // [ 'wrote job 7' ]
 * ```
 */
export function pluginFactory<const D extends readonly unknown[]>(
  make: (...dependencies: D) => Plugin,
): (...dependencies: D) => Plugin {
  const made = new IdentityTree<Plugin>()
  return (...dependencies) => made.get(dependencies, () => make(...dependencies))
}
