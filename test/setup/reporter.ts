/**
 * Says at the end what was skipped and why, and writes the counts to the file that `NETLOOM_TEST_REPORT`
 * names, for scripts/test.js and CI to add up.
 */
import { writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    const reasons = new Map<string, number>()
    for (const module of modules) {
      // A file that can't be loaded has no tests to fail.
      counts.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') counts.passed += 1
        else if (result.state === 'failed') counts.failed += 1
        else {
          counts.skipped += 1
          const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given'
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        }
      }
    }
    for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1])) {
      console.log(`     Skipped  ${count}: ${reason}`)
    }
    const report = process.env['NETLOOM_TEST_REPORT']
    if (report !== undefined) writeFileSync(report, JSON.stringify(counts))
  }
}
