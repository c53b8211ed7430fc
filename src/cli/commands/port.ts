import { Command } from 'commander'
import type { PortBinding } from '../../container/ports/port.js'
import { UsageError } from '../failure.js'
import { containerEnd, hostEnd } from '../output/ports.js'
import { withNetworks, withState } from '../state.js'
import type { Terminal } from '../terminal.js'

export function port(terminal: Terminal): Command {
  const command = new Command('port')
    .summary('Show the published ports of a sandbox')
    .description('Shows the published ports of a sandbox, or where one of its ports is reached.')
    .argument('<sandbox>', 'its name or id')
    .argument('[port[/protocol]]', 'a port inside; tcp unless said otherwise')
  return withState(command).action(async (name: string, wanted: string | undefined) => {
    const inside = wanted === undefined ? undefined : portInside(wanted, command)
    const endpoints = await withNetworks(command, terminal, async ({ sandboxes }) =>
      (await sandboxes.get(name)).endpoints()
    )
    const ports = endpoints.flatMap((endpoint) => endpoint.ports)
    await terminal.write(portLines(ports, inside, name))
  })
}

/** Every port and where it is reached; of one port, only that. Throws if that isn't published. */
export function portLines(
  ports: readonly PortBinding[],
  inside: string | undefined,
  sandbox: string
): string {
  if (inside === undefined) {
    return ports.map((binding) => `${containerEnd(binding)} -> ${hostEnd(binding)}\n`).join('')
  }
  const matching = ports.filter((binding) => containerEnd(binding) === inside)
  if (matching.length === 0) throw new Error(`port ${inside} of sandbox ${sandbox} is not published`)
  return matching.map((binding) => `${hostEnd(binding)}\n`).join('')
}

function portInside(text: string, command: Command): string {
  const match = /^([0-9]{1,5})(?:\/(tcp|udp|sctp))?$/.exec(text)
  if (match === null)
    throw new UsageError(`${text} is no port: it must be NUMBER or NUMBER/PROTOCOL`, command)
  return `${Number(match[1])}/${match[2] ?? 'tcp'}`
}
