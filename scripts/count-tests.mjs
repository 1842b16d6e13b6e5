// Turns the report of vitest's JSON reporter into one line: node scripts/count-tests.mjs <report.json>

import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const failed = report.numFailedTests
// A file that fails before its first test has no failed test: it counts as one.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
).length
const skipped = report.numPendingTests + (report.numTodoTests ?? 0)
console.log(`${report.numPassedTests} passed, ${failed + brokenFiles} failed${skipped ? `, ${skipped} skipped` : ''}`)
if (report.numPassedTests === 0 || failed + brokenFiles > 0) process.exit(1)
