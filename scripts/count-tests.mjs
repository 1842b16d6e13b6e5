// Turns reports of vitest's JSON reporter into one line: node scripts/count-tests.mjs <report.json>...

import { existsSync, readFileSync } from 'node:fs'

let passed = 0
let failed = 0
let skipped = 0
let isEmpty = false
for (const file of process.argv.slice(2)) {
  // A run that broke before it wrote its report has failed, whatever the others say.
  if (!existsSync(file)) {
    console.error(`there is no report ${file}`)
    failed++
    continue
  }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  passed += report.numPassedTests
  // A run without tests has shown nothing.
  if (report.numPassedTests === 0) isEmpty = true
  // A file that fails before its first test has no failed test: it counts as one.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length
  failed += report.numFailedTests + brokenFiles
  skipped += report.numPendingTests + (report.numTodoTests ?? 0)
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
if (isEmpty || failed > 0) process.exit(1)
