// Prints `N passed, N failed` from vitest's JSON report: `node count.mjs REPORT EXIT_CODE`.

import { existsSync, readFileSync } from 'node:fs';

const [report = '', exitCode] = process.argv.slice(2);
let passed = 0;
let failed = 0;

if (existsSync(report)) {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  passed = numPassedTests;
  failed = numFailedTests;
  // A file that could not even be loaded holds no test, and still failed.
  for (const file of testResults) if (file.status === 'failed' && file.assertionResults.length === 0) failed += 1;
}

// No test failed, yet something did: the install, the types, the lint, or an error outside any test.
if (failed === 0 && exitCode !== '0') failed = 1;

console.log(`${passed} passed, ${failed} failed`);
