import type { EndpointRecord } from '../model/endpoint.js'
import type { NetworkRecord } from '../model/network.js'
import { getNetwork, listEndpointsOfSandbox } from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'

/** An endpoint and its network. */
export interface PlacedEndpoint {
  readonly network: NetworkRecord
  readonly endpoint: EndpointRecord
}

/**
 * The endpoints of a sandbox that are connected, or are just being: the one with the highest gateway priority first,
 * equal ones by the names of their networks. In this order the default route is chosen, and names are looked up.
 */
export function endpointsInOrder(transaction: ReadTransaction, sandboxId: string): PlacedEndpoint[] {
  return listEndpointsOfSandbox(transaction, sandboxId)
    .filter(({ phase }) => phase === 'connected' || phase === 'connecting')
    .flatMap((endpoint) => {
      const network = getNetwork(transaction, endpoint.networkId)
      return network === undefined ? [] : { network, endpoint }
    })
    .sort(
      (a, b) =>
        b.endpoint.gatewayPriority - a.endpoint.gatewayPriority || (a.network.name < b.network.name ? -1 : 1)
    )
}
