import { defineConfig } from 'vitest/config'

/** An emulated machine is 10 to 40 times slower. */
const patience = process.env['VM_RUN_GUEST'] === undefined ? 1 : 20

/** `await using` is newer than Node.js 20. */
const oxc = { target: 'es2022' as const }
const alias = { netloom: new URL('src/index.ts', import.meta.url).pathname }

/** Lanes are run through scripts/test.js, which puts the kernel's into namespaces of their own. */
export default defineConfig({
  oxc,
  resolve: { alias },
  test: {
    pool: 'forks',
    testTimeout: 10_000 * patience,
    hookTimeout: 20_000 * patience,
    teardownTimeout: 10_000 * patience,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'] }
      },
      {
        extends: true,
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 30_000 * patience
        }
      }
    ]
  }
})
