// Runs a Python script with the Python that the bootstrap found: node scripts/python.mjs <script> [arguments...]

import { spawnSync } from 'node:child_process'

const python = process.env.PICKLE_TS_PYTHON
if (!python) {
  console.error('This needs Python 3.9 or newer, and none was found.')
  process.exit(1)
}
const result = spawnSync(python, process.argv.slice(2), { stdio: 'inherit' })
process.exit(result.status ?? 1)
