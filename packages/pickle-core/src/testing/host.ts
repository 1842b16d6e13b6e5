/**
 * What the kit takes from Node. Found by feature, so that the module loads everywhere; what needs Node says so where it is missing.
 */

/** What `spawnSync` gives. */
interface Finished {
  readonly error?: Error & { readonly code?: string }
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

interface ChildProcess {
  spawnSync(command: string, args: readonly string[], options: object): Finished
}

interface V8 {
  getHeapStatistics(): { readonly used_heap_size: number; readonly external_memory: number }
}

interface NodeProcess {
  readonly env: Readonly<Record<string, string | undefined>>
  getBuiltinModule?(id: string): unknown
}

const host = (): NodeProcess | undefined => (globalThis as { readonly process?: NodeProcess }).process

/** Bytes that the heap and all ArrayBuffers hold; 0 where nothing says. */
export function memoryInUse(): number {
  // `process.memoryUsage()` would ask the system, too, which takes ten times as long.
  const v8 = host()?.getBuiltinModule?.('node:v8') as V8 | undefined
  if (v8 === undefined) return 0
  const { used_heap_size: heap, external_memory: external } = v8.getHeapStatistics()
  return heap + external
}

/** Whether this runs in CI, where nothing may be skipped. */
export function isCi(): boolean {
  const ci = host()?.env['CI']
  return ci !== undefined && ci !== '' && ci !== 'false' && ci !== '0'
}

/** Runs a program to its end, with a text for its input; undefined where there are no programs. */
export function runProgram(command: string, args: readonly string[], input: string): Finished | undefined {
  const childProcess = host()?.getBuiltinModule?.('node:child_process') as ChildProcess | undefined
  return childProcess?.spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 28 })
}
