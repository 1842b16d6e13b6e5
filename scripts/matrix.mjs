// The long tests: npm run matrix. All other arguments go to vitest: npm run matrix -- FILE
//
//   --seed N     only the random graphs of this seed, in both directions
//   --graphs N   that many random graphs, not 200,000

import { spawnSync } from 'node:child_process'

const rest = []
const env = { ...process.env }
const args = process.argv.slice(2)
while (args.length > 0) {
  const arg = args.shift()
  if (arg === '--seed') env.PICKLE_TS_SEED = args.shift()
  else if (arg === '--graphs') env.PICKLE_TS_GRAPHS = args.shift()
  else rest.push(arg)
}
// The other files know no seeds.
if (env.PICKLE_TS_SEED !== undefined || env.PICKLE_TS_GRAPHS !== undefined) rest.push('differential')

const command = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.matrix.config.ts', ...rest]
process.exit(spawnSync(process.execPath, command, { stdio: 'inherit', env }).status ?? 1)
