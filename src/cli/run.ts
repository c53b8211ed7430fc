import { Exit, UsageError, exitStatus, failureLine } from './failure.js'
import { makeProgram } from './program.js'
import { OutputClosed, type Terminal } from './terminal.js'

/** Runs the command that these words say, and tells with which status to end. Never rejects. */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await makeProgram(terminal).parseAsync(words, { from: 'user' })
    return exitStatus.done
  } catch (error) {
    if (error instanceof Exit) return error.status
    if (error instanceof OutputClosed) return exitStatus.done
    terminal.error(`${failureLine(error)}\n`)
    if (!(error instanceof UsageError)) return exitStatus.failed
    terminal.error(`${error.usage}\n`)
    return exitStatus.usage
  }
}
