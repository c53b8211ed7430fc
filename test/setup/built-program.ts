/**
 * Runs once before the kernel lane: compiles `dist/` where it is missing, or older than the sources, and a test that is
 * to run starts the built command line.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject, Vitest } from 'vitest/node'

const root = join(import.meta.dirname, '..', '..')
const users = join(root, 'test/kernel/cli/')
const sources = ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

export default async function setup(project: TestProject): Promise<void> {
  // What it is called with; without it, all files are looked at.
  const { filenamePattern } = project.vitest as Vitest & { readonly filenamePattern?: string[] }
  const { testFiles } = await project.globTestFiles(filenamePattern)
  if (!testFiles.some((file) => file.startsWith(users)) || !isStale()) return
  execFileSync(process.execPath, ['scripts/build-ts.js'], { cwd: root, stdio: 'inherit' })
}

function isStale(): boolean {
  const built = statSync(join(root, 'dist/cli/main.js'), { throwIfNoEntry: false })
  return built === undefined || sources.some((path) => newestIn(join(root, path)) > built.mtimeMs)
}

/** When a file, or anything in a folder, was last changed; a folder changes when a file in it goes. */
function newestIn(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))))
}
