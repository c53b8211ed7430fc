import { Exit, exitStatus, failureLine } from '../failure.js'
import { OutputClosed, type Terminal } from '../terminal.js'

/** Does something with each of several names. What fails is told, and the others are done all the same. */
export async function each<T>(
  names: readonly string[],
  terminal: Terminal,
  work: (name: string) => Promise<T>
): Promise<{ readonly results: T[]; readonly failed: boolean }> {
  const results: T[] = []
  let failed = false
  for (const name of names) {
    try {
      results.push(await work(name))
    } catch (error) {
      if (error instanceof OutputClosed) throw error
      failed = true
      terminal.error(`${failureLine(error)}\n`)
    }
  }
  return { results, failed }
}

/** Ends with the status of a failure, which was told already. */
export function endFailed(failed: boolean): void {
  if (failed) throw new Exit(exitStatus.failed)
}
