/** All hostile vectors. The tests run them, and so does the script that removes the guards one at a time. */
import { ARGUMENT_VECTORS } from './arguments.ts'
import { BUFFER_VECTORS } from './buffers.ts'
import { CALLER_VECTORS } from './callers.ts'
import { CONTAINER_VECTORS, ENTRY_VECTORS } from './containers.ts'
import { INERT_VECTORS } from './inert.ts'
import { LARGE_KEY_VECTORS } from './large-keys.ts'
import { OBJECT_VECTORS } from './objects.ts'
import { PLUGIN_VECTORS } from './plugins.ts'
import { STACK_VECTORS } from './stack.ts'
import { TEXT_VECTORS } from './text.ts'
import { TRUNCATED_VECTORS } from './truncated.ts'
import type { Vector } from './vector.ts'
import { VIEW_VECTORS } from './views.ts'
import { WRITE_VECTORS } from './writing.ts'

export const VECTORS: readonly Vector[] = [
  ...STACK_VECTORS,
  ...TRUNCATED_VECTORS,
  ...ARGUMENT_VECTORS,
  ...TEXT_VECTORS,
  ...CONTAINER_VECTORS,
  ...OBJECT_VECTORS,
  ...INERT_VECTORS,
  ...LARGE_KEY_VECTORS,
  ...BUFFER_VECTORS,
  ...CALLER_VECTORS,
  ...WRITE_VECTORS,
  ...PLUGIN_VECTORS,
  ...VIEW_VECTORS,
]

/** The same, and those for an engine whose Map holds 25,000 entries: the instrumented copy of the sources believes that. */
export const INSTRUMENTED_VECTORS: readonly Vector[] = [...VECTORS, ...ENTRY_VECTORS]
