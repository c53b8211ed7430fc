import { NetloomError } from '../../netlink/index.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import { isAbandoned, workOn } from '../engine/under-way.js'
import type { NetworkRecord } from '../model/network.js'
import {
  currentProcess,
  findNetwork,
  getSandbox,
  listEndpointsOfNetwork,
  putNetwork
} from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import { dropNetwork } from './create.js'
import { isPredefined } from './predefined-names.js'

/** Removes a network that has no endpoints, from the kernel and from the store. */
export async function removeNetwork(engine: Engine, nameOrId: string): Promise<void> {
  await workOn(
    engine.store,
    (transaction) => {
      const network = findNetwork(transaction, nameOrId)
      refuseRemoval(transaction, network)
      const removing: NetworkRecord = { ...network, phase: 'removing', owner: currentProcess() }
      putNetwork(transaction, removing)
      return removing
    },
    (network) => dropNetwork(engine, driverNamed(engine, network.driver), network)
  )
}

function refuseRemoval(transaction: ReadTransaction, network: NetworkRecord): void {
  const { id, name, phase } = network
  if (isPredefined(network)) {
    throw new NetloomError('ERR_NETWORK_PREDEFINED', `the network ${name} is always there`)
  }
  if (phase !== 'ready' && !isAbandoned(network)) {
    throw new NetloomError(
      'ERR_NETWORK_NOT_FOUND',
      `the network ${name} is being ${phase === 'creating' ? 'made' : 'removed'}`
    )
  }
  const users = listEndpointsOfNetwork(transaction, id)
    .filter((endpoint) => endpoint.phase !== 'gone')
    .map(({ sandboxId }) => getSandbox(transaction, sandboxId)?.name ?? sandboxId)
  if (users.length === 0) return
  const names =
    users.length > 5 ? `${users.slice(0, 5).join(', ')} and ${users.length - 5} more` : users.join(', ')
  throw new NetloomError('ERR_NETWORK_IN_USE', `the network ${name} still has the sandboxes ${names}`)
}
