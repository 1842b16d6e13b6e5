import { type Plugin, pyType, type TypeRecord } from '@pickle-ts/pickle-core'
import { inject, injectable } from 'inversify'
import { Job } from './job.ts'
import { Log } from './log.ts'

/** Writes and reads jobs as Python writes an object of a plain class, and logs each. */
@injectable()
export class JobPlugin implements Plugin {
  readonly id = 'job-queue/job'
  readonly types: readonly TypeRecord<Job>[]

  constructor(@inject(Log) log: Log) {
    this.types = [
      pyType({
        module: 'jobs',
        name: 'Job',
        class: Job,
        opcodes: ['newobj'],
        args: [],
        state: 'dict',
        stateRequired: true,
        create: () => new Job(0, '', null),
        setState: (job, state, { check }) => {
          const fields = check.dict(state, 'the state')
          job.id = check.int(fields.get('id'), 'id')
          job.task = check.str(fields.get('task'), 'task')
          job.payload = fields.get('payload')
          job.result = fields.get('result')
          log.write(`read job ${job.id}: ${job.task}`)
        },
        reduce: (job) => {
          log.write(`wrote job ${job.id}: ${job.task}`)
          return { args: [], state: { ...job } }
        },
      }),
    ]
  }
}
