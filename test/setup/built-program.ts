/**
 * Runs once before the kernel lane: compiles `dist/` where it is missing, or older than the sources, and a test that is
 * to run starts the built command line.
 */
import { join } from 'node:path'
import type { TestProject, Vitest } from 'vitest/node'
import { buildProgram } from '../../scripts/built-program.js'

const users = join(import.meta.dirname, '../kernel/cli/')

export default async function setup(project: TestProject): Promise<void> {
  // What it is called with; without it, all files are looked at.
  const { filenamePattern } = project.vitest as Vitest & { readonly filenamePattern?: string[] }
  const { testFiles } = await project.globTestFiles(filenamePattern)
  if (testFiles.some((file) => file.startsWith(users))) buildProgram()
}
