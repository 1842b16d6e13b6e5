/** The kit finds nothing in good plugins, under both runners. */

import { describeWithVitest } from '@pickle-ts/pickle-core/testing'
import * as vitest from 'vitest'
import { PYTHON_COMMAND } from '../python.ts'
import { GOOD } from './good.ts'
import { STYLES } from './good-styles.ts'

for (const [name, options] of Object.entries({ ...GOOD, ...STYLES })) {
  describeWithVitest(vitest, name, { ...options, pythonCommand: PYTHON_COMMAND })
}
