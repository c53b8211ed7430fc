/**
 * Whether this machine's kernel still answers. An oops that kills a process while it holds the kernel's
 * routing lock leaves the lock taken for ever: every program that lists or changes links, npm among them, then
 * hangs where no signal reaches it. Such a machine needs a reboot; until then nothing may ask its kernel.
 *
 * As a program it says so and ends with status 1.
 */
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'

/** Lists the links in a process that is left behind if it takes more than 15 s. */
const probe = `
"$1" -e 'require("node:os").networkInterfaces()' &
for _ in $(seq 150); do kill -0 $! 2>/dev/null || exit 0; sleep 0.1; done
exit 1`

/** @returns {string | undefined} why the kernel can't be used, if so */
export function kernelTrouble() {
  const { NODE_OPTIONS: _, ...env } = process.env
  // Nothing is piped: a process that hangs would keep the pipe open.
  const { status } = spawnSync('sh', ['-c', probe, 'sh', process.execPath], { stdio: 'ignore', env })
  if (status !== 1) return undefined
  return 'the kernel does not answer: its routing lock was never released, and only a reboot helps (see dmesg)'
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const trouble = kernelTrouble()
  if (trouble !== undefined) {
    console.log(trouble)
    process.exitCode = 1
  }
}
