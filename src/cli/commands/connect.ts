import { Command } from 'commander'
import { type EndpointWords, endpointOptions, withEndpointOptions } from '../options/endpoint.js'
import { withNetworks, withState } from '../state.js'
import type { Terminal } from '../terminal.js'

export function connect(terminal: Terminal): Command {
  const command = new Command('connect')
    .summary('Connect a sandbox to a network')
    .description('Connects a sandbox to a network, also while programs run in it.')
    .argument('<network>', 'its name or id')
    .argument('<sandbox>', 'its name or id')
  withEndpointOptions(command, true)
  return withState(command).action(async (network: string, name: string, words: EndpointWords) => {
    await withNetworks(command, terminal, async ({ sandboxes }) => {
      const sandbox = await sandboxes.get(name)
      await sandbox.connect(network, endpointOptions(words))
    })
  })
}
