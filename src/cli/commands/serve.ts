import { Command } from 'commander'
import { stateDirectory, withState } from '../state.js'
import type { Terminal } from '../terminal.js'

/** The longest that a timer waits. */
const longest = 0x7fffffff

export function serve(terminal: Terminal): Command {
  const command = new Command('serve')
    .summary('Answer the DNS queries of sandboxes')
    .description(
      'Answers the DNS queries of the sandboxes of a state directory, until SIGTERM or SIGINT. While another process does so, it waits to take over.'
    )
  return withState(command).action(async () => {
    const directory = stateDirectory(command, terminal)
    const { ContainerNetworks } = await import('../../container/index.js')
    const ended = signalled()
    const networks = await ContainerNetworks.open({ stateDirectory: directory, nameService: true })
    try {
      terminal.error(`netloom: serving names for ${directory}\n`)
      await ended
    } finally {
      await networks.close()
    }
  })
}

/** Resolves at the first SIGTERM or SIGINT, and keeps the process until then. A second one ends it at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, longest)
    const end = (): void => {
      clearInterval(alive)
      process.off('SIGTERM', end)
      process.off('SIGINT', end)
      resolve()
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
  })
}
