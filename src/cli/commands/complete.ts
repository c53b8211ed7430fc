import { Command } from 'commander'
import { complete } from '../completion/complete.js'
import { machineSources } from '../completion/sources.js'
import type { Terminal } from '../terminal.js'

/** For the scripts of `completion`: prints the words that could stand in the place of the last one, a line each. */
export function completeCommand(terminal: Terminal): Command {
  const command = new Command('__complete')
    .argument('[words...]')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: readonly string[]) => {
      const candidates = await complete(command.parent!, words, machineSources(terminal))
      const lines = candidates.map(({ word, description }) =>
        description === undefined ? word : `${word}\t${description}`
      )
      // What is no plain name can't be typed in one line anyway.
      await terminal.write(
        lines
          .filter((line) => !/[\n\r]/.test(line))
          .map((line) => `${line}\n`)
          .join('')
      )
    })
  return command
}
