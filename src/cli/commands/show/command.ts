import { Command } from 'commander'
import { namespaceOption } from '../../options/namespace.js'

/** A command that shows objects of one kind. */
export function showCommand(what: string): Command {
  return new Command('show')
    .aliases(['list', 'ls'])
    .summary(`Show ${what}`)
    .description(`Shows ${what}.`)
    .option('-j, --json', 'as JSON, with everything that is known')
    .addOption(namespaceOption())
}
