/** Running a program from a script: its output goes where ours goes, and its failure ends us. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A file of a package in node_modules. @param {string} path */
export const fromPackage = (path) => join(root, 'node_modules', path)

/**
 * Runs a program and exits with its status if that isn't 0.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 */
export function run(program, args, options = {}) {
  const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) console.error(`${program}: ${error.message}`)
  if (signal) console.error(`${program} ended by ${signal}`)
  if (status !== 0) process.exit(status ?? 1)
}

/** Runs a script of a package with this Node.js. @param {string} path @param {readonly string[]} args */
export const runPackage = (path, args) => run(process.execPath, [fromPackage(path), ...args])
