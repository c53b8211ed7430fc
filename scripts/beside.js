/** Running programs beside each other, so that what they print can still be read: one's after the other's. */
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './run.js'

/**
 * Runs commands in the repository, all at the same time, and gives the status of each, 1 for one that could not be
 * started or was ended by a signal. The first one's output goes where ours goes; that of any other is shown when it and
 * those before it have ended. A signal that is to end us ends them first.
 * @param {{ command: readonly string[], env?: NodeJS.ProcessEnv }[]} commands
 * @returns {Promise<number[]>}
 */
export async function beside(commands) {
  const outputs = mkdtempSync(join(tmpdir(), 'netloom-output-'))
  const started = commands.map(({ command, env }, index) => {
    // A file and not a pipe, which whatever a program leaves running would keep open.
    const output = index === 0 ? undefined : join(outputs, String(index))
    const file = output === undefined ? undefined : openSync(output, 'w')
    const [program, ...words] = /** @type {[string, ...string[]]} */ (command)
    const child = spawn(program, words, {
      cwd: root,
      env,
      stdio: file === undefined ? 'inherit' : ['ignore', file, file]
    })
    if (file !== undefined) closeSync(file)
    /** @type {Promise<number>} */
    const ended = new Promise((resolve) => {
      child.on('error', (error) => {
        console.error(`${program}: ${error.message}`)
        resolve(1)
      })
      child.on('exit', (code) => resolve(code ?? 1))
    })
    return { child, output, ended }
  })

  /** @type {NodeJS.Signals | undefined} */
  let interrupt
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    interrupt = signal
    for (const { child } of started) child.kill(signal)
  }
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, end)
  try {
    /** @type {number[]} */
    const statuses = []
    for (const { output, ended } of started) {
      statuses.push(await ended)
      if (output !== undefined) process.stdout.write(readFileSync(output))
    }
    return statuses
  } finally {
    for (const signal of signals) process.off(signal, end)
    rmSync(outputs, { recursive: true, force: true })
    if (interrupt !== undefined) process.exit(128 + constants.signals[interrupt])
  }
}
