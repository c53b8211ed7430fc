/** clang-tidy over native/core and native/addon, several files at a time. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { headers } from './headers.js'
import { fromPackage, root } from './run.js'
import { cppFiles } from './sources.js'

const flags = [
  '-std=c++20',
  '-fno-exceptions',
  '-D_GNU_SOURCE',
  '-DNAPI_VERSION=8',
  '-DNAPI_DISABLE_CPP_EXCEPTIONS',
  '-Inative',
  `-isystem${fromPackage('node-addon-api')}`,
  `-isystem${join(headers(), 'include', 'node')}`
]
const queue = ['native/core', 'native/addon']
  .flatMap((folder) => cppFiles(folder))
  .filter((file) => file.endsWith('.cc'))
let failed = false

/** @param {string} file @returns {Promise<void>} */
function tidy(file) {
  return new Promise((resolve) => {
    const child = spawn('clang-tidy', ['--quiet', file, '--', ...flags], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    /** @type {Buffer[]} */
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    // How many warnings of system headers were left out goes to standard error as well: told only on failure.
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('close', (code) => {
      // It goes on without a configuration that it can't read.
      if (code !== 0 || Buffer.concat(output).includes('Error parsing')) {
        failed = true
        process.stdout.write(Buffer.concat(output))
      }
      resolve()
    })
  })
}

async function work() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) await tidy(file)
}

await Promise.all(Array.from({ length: availableParallelism() }, work))
process.exitCode = failed ? 1 : 0
