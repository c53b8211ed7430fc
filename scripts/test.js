/**
 * Runs test lanes: node scripts/test.js LANE... [VITEST ARGUMENT...]
 *
 * `unit` needs nothing. `kernel` runs inside namespaces made here (isolation.js), so that neither the
 * machine's network nor its /run/netns is ever touched, whatever a test does. The tests of one process run one
 * after the other, since they name namespaces in the same /run/netns and look for those that are left over; unless
 * arguments choose some, they are dealt to a process for each processor, four at most, each with namespaces of its
 * own. `full-kernel` runs the same tests in a virtual machine with a distribution's kernel, which has every link
 * kind (tools/vm-run).
 * `NETLOOM_TEST_PRELOAD` names a sanitizer's runtime; tests start their own processes with it.
 *
 * The last line says `N passed, N failed, N skipped`; a lane that can't run here counts as one skipped.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { beside } from './beside.js'
import { buildProgram } from './built-program.js'
import { isolation } from './isolation.js'
import { root } from './run.js'

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

/** @typedef {{ passed: number, failures: string[], skipped: number }} Counts `failures` has a line for each. */

/** @param {string} lane @returns {Promise<Counts>} */
async function run(lane) {
  const vitest = [
    process.execPath,
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    lane,
    ...extra
  ]

  if (lane === 'kernel') {
    const way = isolation()
    if ('reason' in way) return skip(lane, way.reason)
    const env = { NETLOOM_TEST_ISOLATION: way.kind }
    const count = extra.length > 0 ? 1 : Math.min(availableParallelism(), 4)
    if (count === 1) return perform([[...way.prefix, ...vitest]], env)
    // Each of them would build it.
    buildProgram()
    const shards = Array.from({ length: count }, (_, index) => `--shard=${index + 1}/${count}`)
    return perform(
      shards.map((shard) => [...way.prefix, ...vitest, shard]),
      env
    )
  }
  if (lane === 'full-kernel') {
    const machine = join(root, 'tools/vm-run')
    const { status, stderr } = spawnSync(machine, ['--prepare'], { encoding: 'utf8' })
    if (status !== 0)
      return skip(lane, `no virtual machine can be had here: ${stderr.trim().split('\n').at(-1)}`)
    return perform([[machine, ...vitest, ...(extra.length === 0 ? machineFiles : [])]], {
      VM_RUN_RW: reports,
      NETLOOM_TEST_ISOLATION: 'root',
      // Docker loads it, and what containers publish must be reached with it too.
      VM_RUN_MODULES: process.env['VM_RUN_MODULES'] ?? 'br_netfilter'
    })
  }
  return perform([vitest])
}

/**
 * Runs commands beside each other, each of which reports its counts; gives the sum.
 * @param {string[][]} commands
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Counts>}
 */
async function perform(commands, env) {
  const file = mkdtempSync(join(reports, 'run-'))
  const report = (/** @type {number} */ index) => join(file, `${index}.json`)
  const statuses = await beside(
    commands.map((command, index) => ({
      command,
      env: { ...process.env, ...env, NETLOOM_TEST_REPORT: report(index) }
    }))
  )
  return sum(
    statuses.map((status, index) => {
      const counts = readReport(report(index))
      if (status !== 0 && counts.failures.length === 0) {
        counts.failures.push(`the tests ended with status ${status}, though none failed`)
      }
      return counts
    })
  )
}

/** @param {Counts[]} all @returns {Counts} */
function sum(all) {
  /** @type {Counts} */
  const total = { passed: 0, failures: [], skipped: 0 }
  for (const counts of all) {
    total.passed += counts.passed
    total.failures.push(...counts.failures)
    total.skipped += counts.skipped
  }
  return total
}

/** @param {string} lane @param {string} reason @returns {Counts} */
function skip(lane, reason) {
  console.log(`\n${lane} lane skipped: ${reason}\n`)
  return { passed: 0, failures: [], skipped: 1 }
}

/** @param {string} file @returns {Counts} */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failures: ['the tests ended before they could report'], skipped: 0 }
  }
}

process.on('exit', () => rmSync(reports, { recursive: true, force: true }))
/** @type {Counts[]} */
const all = []
for (const lane of lanes) all.push(await run(lane))
const total = sum(all)
for (const failure of total.failures) console.log(`     Failed  ${failure}`)
console.log(`${total.passed} passed, ${total.failures.length} failed, ${total.skipped} skipped`)
process.exitCode = total.failures.length === 0 ? 0 : 1
