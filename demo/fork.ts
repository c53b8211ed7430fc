import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Whether iproute2 is there to compare with. */
export async function hasIp(): Promise<boolean> {
  try {
    await run('ip', ['-Version'])
    return true
  } catch {
    return false
  }
}

/** Does it the old way: a process for each change. */
export async function forkIp(words: readonly string[]): Promise<void> {
  await run('ip', words)
}
