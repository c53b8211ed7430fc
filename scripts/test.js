/**
 * Runs test lanes: node scripts/test.js LANE... [VITEST ARGUMENT...]
 *
 * `unit` needs nothing. `kernel` runs inside namespaces made here (isolation.js), so that neither the
 * machine's network nor its /run/netns is ever touched, whatever a test does. `full-kernel` runs the same
 * tests in a virtual machine with a distribution's kernel, which has every link kind (tools/vm-run).
 * `NETLOOM_TEST_PRELOAD` names a sanitizer's runtime; tests start their own processes with it.
 *
 * The last line says `N passed, N failed, N skipped`; a lane that can't run here counts as one skipped.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isolation } from './isolation.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const reports = mkdtempSync(join(tmpdir(), 'netloom-test-'))
const words = process.argv.slice(2)
const known = ['unit', 'kernel', 'full-kernel', 'benchmarks', 'package', 'runtimes']
const lanes = words.filter((word) => known.includes(word))
/** What differs from kernel to kernel: emulated, all of it would take too long. */
const machineFiles = [
  'test/kernel/setup',
  'test/kernel/rtnetlink',
  'test/kernel/netfilter/conntrack',
  'test/kernel/netfilter/nftables/traffic',
  'test/kernel/netfilter/nftables/monitor',
  'test/kernel/container/drivers/macvlan',
  'test/kernel/namespace/ip-netns'
]
const extra = words.filter((word) => !known.includes(word) && word !== '--')

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
    // It is made of several.
    lane === 'kernel' ? 'kernel*' : lane,
    ...extra
  ]
  const report = join(reports, `${lane}.json`)
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NETLOOM_TEST_REPORT: report }

  if (lane === 'kernel') {
    const way = isolation()
    if ('reason' in way) return skip(lane, way.reason)
    env['NETLOOM_TEST_ISOLATION'] = way.kind
    command = [...way.prefix, ...command]
  }
  if (lane === 'full-kernel') {
    const machine = join(root, 'tools/vm-run')
    const { status, stderr } = spawnSync(machine, ['--prepare'], { encoding: 'utf8' })
    if (status !== 0)
      return skip(lane, `no virtual machine can be had here: ${stderr.trim().split('\n').at(-1)}`)
    env['VM_RUN_RW'] = reports
    env['NETLOOM_TEST_ISOLATION'] = 'root'
    // Docker loads it, and what containers publish must be reached with it too.
    env['VM_RUN_MODULES'] ??= 'br_netfilter'
    command = [machine, ...command, ...(extra.length === 0 ? machineFiles : [])]
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

/** @param {string} lane @param {string} reason */
function skip(lane, reason) {
  console.log(`\n${lane} lane skipped: ${reason}\n`)
  return { passed: 0, failed: 0, skipped: 1 }
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
