import { beforeEach } from 'vitest'

/** The runtime of a sanitizer, if the addon under test was built with one: it has to be loaded before Node.js is. */
export const preload = process.env['NETLOOM_TEST_PRELOAD']

/** For tests that load the addon into this very process: a sanitizer's is tested in child processes alone. */
export function needsPlainAddon(): void {
  beforeEach((context) => {
    context.skip(preload !== undefined, "a sanitizer's addon can't be loaded into a process that has begun")
  })
}
