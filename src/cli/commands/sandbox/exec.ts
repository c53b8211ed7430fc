import { Command } from 'commander'
import { Exit, UsageError, exitStatus, failureLine } from '../../failure.js'
import { keyValue } from '../../options/key-value.js'
import { forwardSignals, signalNumber } from '../../signals.js'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'

interface Words {
  readonly env?: Readonly<Record<string, string>>
  readonly workdir?: string
  readonly user?: string
}

export function sandboxExec(terminal: Terminal): Command {
  const command = new Command('exec')
    .summary('Run a program in a sandbox')
    .description(
      'Runs a program in the namespace of a sandbox, with its resolv.conf, hosts and hostname in /etc. Ends as the program does: with its exit code, or 128 and the number of the signal; 127 if there is no such program, 126 if it can not be executed.'
    )
    .argument('<sandbox>', 'its name or id')
    .argument('<command>', 'the program')
    .argument('[args...]', 'its arguments')
    .option('-e, --env <name=value>', 'a variable of its environment, beside those of this program', keyValue)
    .option('-w, --workdir <directory>', 'its working directory (default: the current one)')
    .option('-u, --user <uid[:gid]>', 'whose it is, by number')
    .option('-i, --interactive', 'of no effect: it always has the standard input of this program')
    .option('-t, --tty', 'of no effect: it always has the terminal of this program')
    .passThroughOptions()
  return withState(command).action(
    async (name: string, file: string, args: readonly string[], words: Words) => {
      const user = userOf(words.user, command)
      const { child, signals } = await withNetworks(command, terminal, async ({ sandboxes }) => {
        const sandbox = await sandboxes.get(name)
        const signals = forwardSignals()
        try {
          const child = await sandbox.spawn(file, args, {
            stdio: 'inherit',
            env: { ...terminal.env, ...words.env },
            cwd: words.workdir,
            ...user
          })
          signals.to(child)
          return { child, signals }
        } catch (error) {
          signals.stop()
          throw startFailure(error, file, terminal)
        }
      })
      const { code, signal } = await child.exited.finally(() => signals.stop())
      throw new Exit(code ?? exitStatus.signalled + signalNumber(signal))
    }
  )
}

function userOf(text: string | undefined, command: Command): { uid?: number; gid?: number } {
  if (text === undefined) return {}
  const match = /^([0-9]+)(?::([0-9]+))?$/.exec(text)
  if (match === null) throw new UsageError(`${text} is no user: it must be UID or UID:GID`, command)
  const [, uid, gid = uid] = match
  return { uid: Number(uid), gid: Number(gid) }
}

/** Why a program can't be started, by the code of the error (execve(2)). */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it can not be executed',
  ENOEXEC: 'it is no program'
}

/** A program that can't be started ends as in a shell (POSIX, 2.8.2). */
function startFailure(error: unknown, file: string, terminal: Terminal): unknown {
  const { code, syscall, message } = error as Error & { readonly code?: string; readonly syscall?: string }
  if (syscall !== 'execve') return error
  terminal.error(`${failureLine(new Error(`${file}: ${reasons[code ?? ''] ?? message}`))}\n`)
  return new Exit(code === 'ENOENT' ? exitStatus.notFound : exitStatus.notExecutable)
}
