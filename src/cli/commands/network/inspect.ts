import { Command } from 'commander'
import { prettyJson } from '../../output/json.js'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'
import { each, endFailed } from '../each.js'

export function networkInspect(terminal: Terminal): Command {
  const command = new Command('inspect')
    .summary('Show everything about networks')
    .description('Prints everything about networks and what is connected to them, as an array in JSON.')
    .argument('<network...>', 'names or ids')
  return withState(command).action(async (names: readonly string[]) => {
    const { results, failed } = await withNetworks(command, terminal, ({ networks }) =>
      each(names, terminal, (name) => networks.inspect(name))
    )
    await terminal.write(prettyJson(results))
    endFailed(failed)
  })
}
