import { Command } from 'commander'
import { withNetworks, withState } from '../state.js'
import type { Terminal } from '../terminal.js'
import { unlessMissing } from './missing.js'

interface Words {
  readonly force?: boolean
}

export function disconnect(terminal: Terminal): Command {
  const command = new Command('disconnect')
    .summary('Disconnect a sandbox from a network')
    .description('Disconnects a sandbox from a network, also while programs run in it.')
    .argument('<network>', 'its name or id')
    .argument('<sandbox>', 'its name or id')
    .option('-f, --force', "no error if it isn't connected, or one of the two isn't there")
  return withState(command).action(async (network: string, name: string, { force }: Words) => {
    await withNetworks(command, terminal, ({ sandboxes }) =>
      unlessMissing(force === true, async () => (await sandboxes.get(name)).disconnect(network))
    )
  })
}
