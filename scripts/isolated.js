/**
 * Runs a command in namespaces of its own: node scripts/isolated.js COMMAND [ARG...]
 *
 * Where the system allows none, it says so and what to do, and ends with status 1.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isolation } from './isolation.js'

const way = isolation()
if ('reason' in way) {
  console.error(way.reason)
  process.exit(1)
}
const [program, ...words] = [...way.prefix, ...process.argv.slice(2)]
const child = spawn(/** @type {string} */ (program), words, {
  stdio: 'inherit',
  env: { ...process.env, NETLOOM_ISOLATION: way.kind }
})
child.on('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
})
