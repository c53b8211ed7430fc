import { Command } from 'commander'
import { compactJson } from '../../output/json.js'
import { shortId } from '../../output/short-id.js'
import { table } from '../../output/table.js'
import { type Format, formatOption } from '../../options/format.js'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'

interface Words {
  readonly quiet?: boolean
  readonly trunc: boolean
  readonly format: Format
}

export function networkList(terminal: Terminal): Command {
  const command = new Command('ls')
    .alias('list')
    .summary('List networks')
    .description('Lists the networks.')
    .option('-q, --quiet', 'only ids')
    .option('--no-trunc', 'whole ids')
    .addOption(formatOption())
  return withState(command).action(async ({ quiet, trunc, format }: Words) => {
    const networks = await withNetworks(command, terminal, (opened) => opened.networks.list())
    const idOf = ({ id }: { id: string }): string => (trunc ? shortId(id) : id)
    if (quiet === true) {
      await terminal.write(networks.map((network) => `${idOf(network)}\n`).join(''))
    } else if (format === 'json') {
      await terminal.write(networks.map((network) => `${compactJson(network)}\n`).join(''))
    } else {
      const rows = networks.map((network) => [
        idOf(network),
        network.name,
        network.driver,
        network.pools.map(({ subnet }) => subnet).join(', ')
      ])
      await terminal.write(table(['NETWORK ID', 'NAME', 'DRIVER', 'SUBNET'], rows))
    }
  })
}
