import type { Engine } from '../engine/engine.js'
import type { NetworkRecord } from '../model/network.js'
import { listEndpointsOfNetwork, listNetworks } from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import { isPredefined } from './predefined-names.js'

/** The names of the links of a host: a predefined network is there in the kernel if its bridge is. */
export async function linkNames({ host }: Engine): Promise<ReadonlySet<unknown>> {
  return new Set((await host.stack.links.list()).map(({ name }) => name))
}

/**
 * The networks that are to be there in the kernel: all but predefined ones that nobody has used yet. `links` are the names
 * of the links of the host.
 */
export function neededNetworks(transaction: ReadTransaction, links: ReadonlySet<unknown>): NetworkRecord[] {
  return listNetworks(transaction).filter((network) => {
    if (network.phase === 'removing') return false
    if (!isPredefined(network) || links.has(network.driverOptions['name'])) return true
    return listEndpointsOfNetwork(transaction, network.id).some(({ phase }) => phase !== 'gone')
  })
}
