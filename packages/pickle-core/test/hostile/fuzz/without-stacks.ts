/** Runs something that throws very often; errors have no stack meanwhile, where that can be had. */
export function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error
  // Frozen intrinsics keep what they are.
  const has = Reflect.set(Error, 'stackTraceLimit', 0)
  try {
    return work()
  } finally {
    if (has) Error.stackTraceLimit = stackTraceLimit
  }
}
