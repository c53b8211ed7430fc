/**
 * Runs test lanes: node scripts/test.js LANE... [-- VITEST ARGUMENTS]
 *
 * `unit` needs nothing. `kernel` runs inside namespaces made here, so that neither the machine's network nor
 * its /run/netns is ever touched, whatever a test does: as root in a network and a mount namespace, as
 * anybody else in a user namespace around them. Node.js can't do that to itself: a process with threads may
 * not enter a new user namespace. `full-kernel` runs the kernel lane in a virtual machine with a kernel that
 * has everything.
 *
 * The last line says `N passed, N failed, N skipped`; a lane that can't run here counts as one skipped.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const reports = mkdtempSync(join(tmpdir(), 'netloom-test-'))
const separator = process.argv.indexOf('--')
const words = process.argv.slice(2, separator === -1 ? undefined : separator)
const known = ['unit', 'kernel', 'full-kernel', 'package', 'runtimes']
const lanes = words.filter((word) => known.includes(word))
const extra = [
  ...words.filter((word) => !known.includes(word)),
  ...(separator === -1 ? [] : process.argv.slice(separator + 1))
]

/** Makes the namespaces and becomes the command that follows. /run is hidden, and with it /run/netns. */
const enter = 'mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/netns && exec "$@"'

/**
 * How to isolate a command here: the words to put before it, or why that can't be done.
 * @returns {{ prefix: string[], kind: 'root' | 'user' } | { reason: string }}
 */
function isolation() {
  /** @type {{ kind: 'root' | 'user', flags: string[] }[]} */
  const ways = [{ kind: 'user', flags: ['-U', '-r', '-n', '-m'] }]
  if (process.getuid?.() === 0) ways.unshift({ kind: 'root', flags: ['-n', '-m'] })
  let reason = ''
  for (const { kind, flags } of ways) {
    const prefix = ['unshare', ...flags, '--propagation', 'private', 'sh', '-c', enter, 'sh']
    const tried = spawnSync(/** @type {string} */ (prefix[0]), [...prefix.slice(1), 'true'], {
      encoding: 'utf8'
    })
    if (tried.status === 0) return { prefix, kind }
    reason = (tried.error?.message ?? tried.stderr.trim()) || 'unshare failed'
  }
  return { reason: `this system allows no namespaces here (${reason}). ${advice()}` }
}

function advice() {
  try {
    const restricted = readFileSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', 'utf8').trim()
    if (restricted === '1') {
      return 'AppArmor restricts user namespaces: run as root, or sysctl kernel.apparmor_restrict_unprivileged_userns=0'
    }
  } catch {
    // Only Ubuntu's kernels have that switch.
  }
  return 'Run as root, or allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone)'
}

/**
 * @param {string} lane
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
function run(lane) {
  /** @type {string[]} */
  let command = [
    process.execPath,
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    lane,
    ...extra
  ]
  const report = join(reports, `${lane}.json`)
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NETLOOM_TEST_REPORT: report }

  if (lane === 'kernel') {
    const way = isolation()
    if ('reason' in way) {
      console.log(`\n${lane} lane skipped: ${way.reason}\n`)
      return { passed: 0, failed: 0, skipped: 1 }
    }
    env['NETLOOM_TEST_ISOLATION'] = way.kind
    command = [...way.prefix, ...command]
  }
  if (lane === 'full-kernel') {
    env['VM_RUN_RW'] = reports
    env['NETLOOM_TEST_ISOLATION'] = 'root'
    command = [join(root, 'tools/vm-run'), ...command]
  }

  const { status, error } = spawnSync(/** @type {string} */ (command[0]), command.slice(1), {
    stdio: 'inherit',
    cwd: root,
    env
  })
  if (error) console.error(error.message)
  const counts = readReport(report)
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** @param {string} file */
function readReport(file) {
  try {
    return /** @type {{ passed: number, failed: number, skipped: number }} */ (
      JSON.parse(readFileSync(file, 'utf8'))
    )
  } catch {
    return { passed: 0, failed: 1, skipped: 0 } // It ended before it could report.
  }
}

process.on('exit', () => rmSync(reports, { recursive: true, force: true }))
const total = { passed: 0, failed: 0, skipped: 0 }
for (const lane of lanes) {
  const counts = run(lane)
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
