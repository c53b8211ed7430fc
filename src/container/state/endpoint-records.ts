import { NetloomError } from '../../netlink/index.js'
import type { EndpointRecord } from '../model/endpoint.js'
import { shortId } from './ids.js'
import { keys, lastPart } from './keys.js'
import { getNetwork } from './network-records.js'
import { getSandbox } from './sandbox-records.js'
import type { Key, ReadTransaction, WriteTransaction } from './store.js'

/** Adds an endpoint, or replaces what is known of it; its network and sandbox stay. */
export function putEndpoint(transaction: WriteTransaction, endpoint: EndpointRecord): void {
  const { id, networkId, sandboxId } = endpoint
  if (transaction.get(keys.sandboxEndpoint(sandboxId, id)) === undefined) {
    transaction.put(keys.networkEndpoint(networkId, id), true)
    transaction.put(keys.sandboxEndpoint(sandboxId, id), true)
  }
  transaction.put(keys.endpoint(id), endpoint)
}

export function getEndpoint(transaction: ReadTransaction, id: string): EndpointRecord | undefined {
  return transaction.get<EndpointRecord>(keys.endpoint(id))
}

/** The one that connects a sandbox to a network, and is not gone. Throws `ERR_ENDPOINT_NOT_FOUND`. */
export function findEndpoint(
  transaction: ReadTransaction,
  networkId: string,
  sandboxId: string
): EndpointRecord {
  for (const endpoint of listEndpointsOfSandbox(transaction, sandboxId)) {
    if (endpoint.networkId === networkId && endpoint.phase !== 'gone') return endpoint
  }
  const sandbox = getSandbox(transaction, sandboxId)?.name ?? shortId(sandboxId)
  const network = getNetwork(transaction, networkId)?.name ?? shortId(networkId)
  throw new NetloomError(
    'ERR_ENDPOINT_NOT_FOUND',
    `sandbox ${sandbox} is not connected to network ${network}`
  )
}

export function listEndpoints(transaction: ReadTransaction): EndpointRecord[] {
  return [...transaction.list<EndpointRecord>(keys.endpoints)].map(([, endpoint]) => endpoint)
}

/** Those that are gone too, as long as something is left of them. */
export function listEndpointsOfNetwork(transaction: ReadTransaction, networkId: string): EndpointRecord[] {
  return listIndexed(transaction, keys.networkEndpoints(networkId))
}

/** Those that are gone too, as long as something is left of them. */
export function listEndpointsOfSandbox(transaction: ReadTransaction, sandboxId: string): EndpointRecord[] {
  return listIndexed(transaction, keys.sandboxEndpoints(sandboxId))
}

/** False if it was not there. */
export function deleteEndpoint(transaction: WriteTransaction, id: string): boolean {
  const endpoint = getEndpoint(transaction, id)
  if (endpoint === undefined) return false
  transaction.delete(keys.networkEndpoint(endpoint.networkId, id))
  transaction.delete(keys.sandboxEndpoint(endpoint.sandboxId, id))
  return transaction.delete(keys.endpoint(id))
}

/** Who has an address or a port, in words: `'sandbox web'`. */
export function describeOwner(transaction: ReadTransaction, owner: string): string {
  const endpoint = getEndpoint(transaction, owner)
  if (endpoint === undefined) return /^[0-9a-f]{64}$/.test(owner) ? `endpoint ${shortId(owner)}` : owner
  const sandbox = getSandbox(transaction, endpoint.sandboxId)
  return `sandbox ${sandbox?.name ?? shortId(endpoint.sandboxId)}`
}

function listIndexed(transaction: ReadTransaction, index: Key): EndpointRecord[] {
  return [...transaction.list(index)].flatMap(([key]) => getEndpoint(transaction, lastPart(key)) ?? [])
}
