import { Command } from 'commander'
import { prettyJson } from '../../output/json.js'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'
import { each, endFailed } from '../each.js'
import { describeSandbox } from './describe.js'

export function sandboxInspect(terminal: Terminal): Command {
  const command = new Command('inspect')
    .summary('Show everything about sandboxes')
    .description('Prints everything about sandboxes and their connections, as an array in JSON.')
    .argument('<sandbox...>', 'names or ids')
  return withState(command).action(async (names: readonly string[]) => {
    const { results, failed } = await withNetworks(command, terminal, ({ sandboxes }) =>
      each(names, terminal, async (name) => describeSandbox(await sandboxes.get(name)))
    )
    await terminal.write(prettyJson(results))
    endFailed(failed)
  })
}
