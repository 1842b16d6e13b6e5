import { injectable } from 'inversify'

/** What happened, line by line. */
@injectable('Singleton')
export class Log {
  readonly lines: string[] = []

  write(line: string): void {
    this.lines.push(line)
    console.log(line)
  }
}
