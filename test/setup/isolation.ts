/**
 * Runs once before the kernel lane: refuses to run it outside the namespaces that scripts/test.js makes, so
 * that no test, however wrong, can reach the machine's network or leave a name in its /run/netns.
 */
export default function setup(): void {
  if (process.env['NETLOOM_TEST_ISOLATION'] === undefined) {
    throw new Error(
      'Kernel tests run in namespaces of their own: use `npm run test:kernel`, ' +
        'for single files `npm run test:kernel -- test/kernel/FILE`'
    )
  }
}
