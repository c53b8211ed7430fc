import type { Command, CommanderError } from 'commander'
import { pathOf } from './command.js'

/** What a program ends with. */
export const exitStatus = {
  done: 0,
  failed: 1,
  usage: 2,
  notExecutable: 126,
  notFound: 127,
  signalled: 128
} as const

/** The command was called in a way in which it can't be. */
export class UsageError extends Error {
  readonly usage: string

  constructor(message: string, command: Command) {
    super(message)
    this.usage = `Usage: ${pathOf(command)} ${command.usage()}`
  }
}

/** Everything was said already: ends with this status. */
export class Exit extends Error {
  readonly status: number

  constructor(status: number) {
    super(`exit status ${status}`)
    this.status = status
  }
}

/** Turns the end that Commander wants into one of ours. Help that was asked for, and the version, are no failure. */
export function endOf(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0) return new Exit(exitStatus.done)
  // Help is shown in place of a command that is missing.
  if (error.code === 'commander.help') return new Exit(exitStatus.usage)
  return new UsageError(oneLine(error.message.replace(/^error: /, '')), command)
}

/** An error as a line: `netloom: no container network is named "web"`. */
export function failureLine(error: unknown): string {
  return `netloom: ${oneLine(error instanceof Error ? error.message : String(error))}`
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ')
}
