/** One job of the queue; `jobs.Job` in Python. */
export class Job {
  id: number
  task: string
  payload: unknown
  /** What the worker answered; null before. */
  result: unknown = null

  constructor(id: number, task: string, payload: unknown) {
    this.id = id
    this.task = task
    this.payload = payload
  }
}
