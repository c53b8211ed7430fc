import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import DealtShards from './test/setup/shards.js'

/** How much slower it may be: an emulated machine is, and so is a sanitizer. */
const patience = 'VM_RUN_GUEST' in process.env ? 20 : 'NETLOOM_TEST_PRELOAD' in process.env ? 10 : 1

/** The real kernel does the work: scripts/test.js puts these lanes into namespaces, or a machine, of their own. */
const kernel = {
  include: ['test/kernel/**/*.test.ts', 'test/e2e/**/*.test.ts'],
  globalSetup: ['test/setup/isolation.ts', 'test/setup/built-program.ts'],
  testTimeout: 30_000 * patience
}

export default defineConfig({
  // `await using` is newer than Node.js 20.
  oxc: { target: 'es2022' },
  resolve: {
    alias: [
      { find: /^netloom$/, replacement: join(import.meta.dirname, 'src/index.ts') },
      { find: /^netloom\/(\w+)$/, replacement: join(import.meta.dirname, 'src/$1/index.ts') }
    ]
  },
  test: {
    pool: 'forks',
    testTimeout: 10_000 * patience,
    hookTimeout: 20_000 * patience,
    teardownTimeout: 10_000 * patience,
    // What is waited for comes, unless something is wrong: how long it takes is the machine's affair.
    expect: { poll: { timeout: 9_000 * patience } },
    reporters: ['default', './test/setup/reporter.ts'],
    passWithNoTests: true,
    sequence: { sequencer: DealtShards },
    // Processes that run beside each other would write the same file.
    cache: false,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], maxWorkers: availableParallelism() }
      },
      // All of them name namespaces in the same /run/netns, and look for those that are left over.
      { extends: true, test: { ...kernel, name: 'kernel', maxWorkers: 1 } },
      // One process for all files, since starting one takes many seconds there.
      { extends: true, test: { ...kernel, name: 'full-kernel', isolate: false, maxWorkers: 1 } },
      { extends: true, test: { name: 'benchmarks', include: ['test/benchmarks/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000
        }
      },
      {
        extends: true,
        test: {
          name: 'runtimes',
          include: ['test/runtimes/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 300_000
        }
      }
    ]
  }
})
