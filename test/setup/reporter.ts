/**
 * Says at the end what was skipped and why, and what failed, and writes the counts and failures to the file that
 * `NETLOOM_TEST_REPORT` names, for scripts/test.js and CI to add up.
 */
import { writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

/** One line that tells what happened, and where as far as that can be told. */
function failure(place: string, error: SerializedError | undefined): string {
  if (error === undefined) return `${place}: no error was given`
  const where = (error.stack ?? '').split('\n').find((line) => /^ *at .*[/](src|test)[/]/.test(line))
  return [`${place}: ${error.message}`, error.cause?.message, where]
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 600)
}

export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0
    let skipped = 0
    const failures = errors.map((error) => failure('no test waited for this', error))
    const reasons = new Map<string, number>()
    for (const module of modules) {
      // A file that can't be loaded has no tests to fail.
      for (const error of module.errors()) failures.push(failure(module.relativeModuleId, error))
      // Nor does what a group does before and after its tests belong to one of them.
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors())
          failures.push(failure(`${module.relativeModuleId} > ${suite.fullName}`, error))
      }
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') passed += 1
        else if (result.state === 'failed') {
          failures.push(failure(`${module.relativeModuleId} > ${test.fullName}`, result.errors[0]))
        } else {
          skipped += 1
          const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given'
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        }
      }
    }
    for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1])) {
      console.log(`     Skipped  ${count}: ${reason}`)
    }
    const report = process.env['NETLOOM_TEST_REPORT']
    if (report !== undefined) writeFileSync(report, JSON.stringify({ passed, failures, skipped }))
  }
}
