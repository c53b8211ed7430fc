import { Command } from 'commander'
import { age } from '../../output/age.js'
import { compactJson } from '../../output/json.js'
import { portsText } from '../../output/ports.js'
import { shortId } from '../../output/short-id.js'
import { table } from '../../output/table.js'
import { type Format, formatOption } from '../../options/format.js'
import { withNetworks, withState } from '../../state.js'
import type { Terminal } from '../../terminal.js'
import { type DescribedSandbox, describeSandbox } from './describe.js'

interface Words {
  readonly quiet?: boolean
  readonly trunc: boolean
  readonly format: Format
}

export function sandboxList(terminal: Terminal): Command {
  const command = new Command('ls')
    .aliases(['list', 'ps'])
    .summary('List sandboxes')
    .description('Lists the sandboxes, with their networks, addresses and published ports.')
    .option('-q, --quiet', 'only ids')
    .option('--no-trunc', 'whole ids')
    .addOption(formatOption())
  return withState(command).action(async ({ quiet, trunc, format }: Words) => {
    const sandboxes = await withNetworks(command, terminal, async (networks) =>
      Promise.all((await networks.sandboxes.list()).map(describeSandbox))
    )
    const idOf = ({ id }: { id: string }): string => (trunc ? shortId(id) : id)
    if (quiet === true) {
      await terminal.write(sandboxes.map((sandbox) => `${idOf(sandbox)}\n`).join(''))
    } else if (format === 'json') {
      await terminal.write(sandboxes.map((sandbox) => `${compactJson(sandbox)}\n`).join(''))
    } else {
      const rows = sandboxes.map((sandbox) => [idOf(sandbox), ...cells(sandbox)])
      await terminal.write(table(['SANDBOX ID', 'NAME', 'NETWORKS', 'ADDRESSES', 'PORTS', 'CREATED'], rows))
    }
  })
}

function cells({ name, endpoints, created }: DescribedSandbox): string[] {
  const addresses = endpoints.flatMap(({ address, address6 }) => [address, address6])
  return [
    name,
    endpoints.map(({ networkName }) => networkName).join(', '),
    addresses.filter((address) => address !== undefined).join(', '),
    portsText(endpoints.flatMap(({ ports }) => ports)),
    age(created.getTime(), Date.now())
  ]
}
