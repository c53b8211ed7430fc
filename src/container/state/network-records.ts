import type { NetworkRecord } from '../model/network.js'
import { keys } from './keys.js'
import { NamedRecords } from './named-records.js'
import type { ReadTransaction, WriteTransaction } from './store.js'

const networks = new NamedRecords<NetworkRecord>({
  what: 'network',
  prefix: keys.networks,
  key: keys.network,
  nameKey: keys.networkName,
  exists: 'ERR_NETWORK_EXISTS',
  notFound: 'ERR_NETWORK_NOT_FOUND'
})

/** Adds a network, or replaces what is known of it; its name stays. Throws `ERR_NETWORK_EXISTS` if another has its name. */
export function putNetwork(transaction: WriteTransaction, network: NetworkRecord): void {
  networks.put(transaction, network)
}

export function getNetwork(transaction: ReadTransaction, id: string): NetworkRecord | undefined {
  return networks.get(transaction, id)
}

/**
 * By name, or by the beginning of its id, of at least 3 digits; a name goes first. Throws `ERR_NETWORK_NOT_FOUND` or
 * `ERR_AMBIGUOUS_ID`.
 */
export function findNetwork(transaction: ReadTransaction, nameOrId: string): NetworkRecord {
  return networks.find(transaction, nameOrId)
}

export function listNetworks(transaction: ReadTransaction): NetworkRecord[] {
  return networks.list(transaction)
}

/** False if it was not there. */
export function deleteNetwork(transaction: WriteTransaction, id: string): boolean {
  return networks.delete(transaction, id)
}
