import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Starts a program of `processes/`; it is a real process of its own. */
export function startProcess(
  name: string,
  args: readonly string[],
  nodeOptions: readonly string[] = []
): ChildProcess {
  const program = join(import.meta.dirname, 'processes', name)
  // tsx is first, so that hooks that come later see what the program imports before it does.
  const options = ['--import', 'tsx', ...nodeOptions]
  return spawn(process.execPath, [...options, program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Runs a program of `processes/` to its end. */
export async function runProcess(
  name: string,
  args: readonly string[],
  nodeOptions?: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const child = startProcess(name, args, nodeOptions)
  const [stdout, exit] = await Promise.all([text(child.stdout!), once(child, 'exit')])
  return { code: exit[0] as number | null, stdout }
}
