import type { ContainerNetworks } from '../../container/index.js'
import { defaultStateDirectory } from '../state.js'
import type { Terminal } from '../terminal.js'
import type { Sources } from './complete.js'

/** Completes from what there is. What can't be had, such as a state directory of root's, completes to nothing. */
export function machineSources(terminal: Terminal): Sources {
  return {
    async names(kind, state) {
      try {
        return await namesOf(kind, state ?? (terminal.env['NETLOOM_STATE'] || defaultStateDirectory))
      } catch {
        return []
      }
    }
  }
}

async function namesOf(kind: string, state: string): Promise<string[]> {
  switch (kind) {
    case 'network':
      return fromState(state, async ({ networks }) => (await networks.list()).map(({ name }) => name))
    case 'sandbox':
      return fromState(state, async ({ sandboxes }) => (await sandboxes.list()).map(({ name }) => name))
    case 'namespace': {
      const { NetworkNamespace } = await import('../../namespace/index.js')
      return (await NetworkNamespace.list()).map(({ name }) => name)
    }
    case 'link': {
      const { withConnection } = await import('../commands/show/connection.js')
      const { Links } = await import('../../rtnetlink/link/index.js')
      return withConnection({}, async (connection) =>
        (await new Links(connection).list()).map(({ name }) => name)
      )
    }
    default:
      return []
  }
}

async function fromState(
  stateDirectory: string,
  use: (networks: ContainerNetworks) => Promise<string[]>
): Promise<string[]> {
  const { ContainerNetworks } = await import('../../container/index.js')
  const networks = await ContainerNetworks.open({ stateDirectory, nameService: false })
  try {
    return await use(networks)
  } finally {
    await networks.close()
  }
}
