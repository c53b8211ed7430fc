/** Compiles `dist/` where it is missing, or older than the sources. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

const sources = ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

export function buildProgram() {
  if (!isStale()) return
  execFileSync(process.execPath, ['scripts/build-ts.js'], { cwd: root, stdio: 'inherit' })
}

function isStale() {
  const built = statSync(join(root, 'dist/cli/main.js'), { throwIfNoEntry: false })
  return built === undefined || sources.some((path) => newestIn(join(root, path)) > built.mtimeMs)
}

/** When a file, or anything in a folder, was last changed; a folder changes when a file in it goes. @param {string} path */
function newestIn(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  /** @type {number[]} */
  const inside = readdirSync(path).map((name) => newestIn(join(path, name)))
  return Math.max(stat.mtimeMs, ...inside)
}
