import path from 'node:path'
import { PickleOptions, PicklePlugin, pickleModule } from '@pickle-ts/pickle-core/inversify'
import { Container, ContainerModule } from 'inversify'
import { JobPlugin } from './job-plugin.ts'
import { Folder, JobQueue } from './job-queue.ts'
import { Log } from './log.ts'
import { TENANTS, type Tenant } from './tenants.ts'

/** What all tenants have: the log, jobs, and limits for what a worker sends. */
const jobModule = new ContainerModule(({ bind }) => {
  bind(Log).toSelf()
  bind(PicklePlugin).to(JobPlugin).inSingletonScope()
  bind(PickleOptions).toConstantValue({ protocol: 4, limits: { maxDepth: 50, maxItems: 1000 } })
})

export function createApp(): Container {
  const app = new Container()
  app.load(pickleModule, jobModule)
  return app
}

/** A container of a tenant: its queue, and a plugin that no other tenant has. */
export function createTenant(app: Container, tenant: Tenant, folder: string): Container {
  const container = new Container({ parent: app })
  container.bind(PicklePlugin).toConstantValue(TENANTS[tenant])
  container.bind(Folder).toConstantValue(path.join(folder, tenant))
  container.bind(JobQueue).toSelf().inSingletonScope()
  return container
}
