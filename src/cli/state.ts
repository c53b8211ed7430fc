import type { Command } from 'commander'
import type { ContainerNetworks } from '../container/index.js'
import type { Terminal } from './terminal.js'

/** Where networks and sandboxes are kept, unless somebody says otherwise. */
export const defaultStateDirectory = '/var/lib/netloom'

export interface StateOptions {
  readonly state?: string | undefined
}

/** Gives a command the option `--state`. */
export function withState(command: Command): Command {
  return command.option(
    '--state <directory>',
    `where networks and sandboxes are kept (default: $NETLOOM_STATE, or ${defaultStateDirectory})`
  )
}

/** The state directory that a command was told to use, itself or before its name. */
export function stateDirectory(command: Command, { env }: Terminal): string {
  const { state } = command.optsWithGlobals<StateOptions>()
  return state ?? (env['NETLOOM_STATE'] || defaultStateDirectory)
}

/** Opens the networks of the state directory for the time of `use`, and waits for what it leaves to the background. */
export async function withNetworks<T>(
  command: Command,
  terminal: Terminal,
  use: (networks: ContainerNetworks) => Promise<T>
): Promise<T> {
  const { ContainerNetworks } = await import('../container/index.js')
  const networks = await ContainerNetworks.open({
    stateDirectory: stateDirectory(command, terminal),
    // A command doesn't live long enough to serve names.
    nameService: false
  })
  try {
    return await use(networks)
  } finally {
    await networks.close()
  }
}
