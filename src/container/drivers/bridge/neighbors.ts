import type { Batch } from '../../../batch.js'
import type { NetworkStack } from '../../../network-stack.js'
import type { EndpointRecord } from '../../model/endpoint.js'
import { commit } from '../commit.js'

/*
 * The kernel has one neighbour table for all namespaces, of 1,024 entries by default; permanent ones don't count. So
 * the host has a permanent entry for each container, and each container one for the gateway.
 */

/** The host's entries for an endpoint. */
export function addHostNeighbors(
  batch: Batch,
  bridge: number,
  endpoint: EndpointRecord,
  macAddress: string
): void {
  for (const destination of pooledAddresses(endpoint))
    batch.neighbors.replace({ link: bridge, destination, macAddress })
}

export async function removeHostNeighbors(
  stack: NetworkStack,
  bridge: string,
  endpoint: EndpointRecord
): Promise<void> {
  const batch = stack.batch()
  for (const destination of pooledAddresses(endpoint)) batch.neighbors.delete({ link: bridge, destination })
  await commit(batch, 'ENOENT', 'ENODEV')
}

function pooledAddresses({ address, address6 }: EndpointRecord): string[] {
  return [address, address6].filter((given) => given !== undefined)
}
