import { Command } from 'commander'
import type { Terminal } from './terminal.js'

/** Makes a command that talks to this terminal. */
export type CommandMaker = (terminal: Terminal) => Command

/** A command that only has others below it. */
export function group(name: string, description: string, commands: readonly Command[]): Command {
  // Options stay with the command that they follow, so that `exec` can pass on those of its own command.
  const parent = new Command(name).description(description).helpCommand(false).enablePositionalOptions()
  for (const command of commands) parent.addCommand(command)
  return parent
}

/** The words by which a command is called: `'netloom network create'`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
