import type { Family } from '../model/ip-address.js'
import type { PortProtocol } from '../ports/port.js'
import type { Key, WriteTransaction } from './store.js'

/**
 * Where everything lies in a store. What ends with `/` is the beginning of several keys. Ids are of 64 hexadecimal
 * digits, addresses canonical.
 */
export const keys = {
  version: 'meta/version',
  /** The number of the last commit. */
  sequence: 'meta/sequence',
  /** The number of the last commit that a power failure would leave. */
  saved: 'meta/saved',
  /** By what the objects of this store are known in the kernel, in part. */
  instance: 'meta/instance',
  /** The boot after which the kernel was last made to agree. */
  boot: 'meta/boot',
  /** The kernel parameters of the host that were changed, with the values that they had. */
  earlierValues: 'meta/earlier-values',
  role: (role: string): Key => `role/${role}`,

  networks: 'network/',
  network: (id: string): Key => `network/${id}`,
  networkName: (name: string): Key => `network-name/${name}`,

  sandboxes: 'sandbox/',
  sandbox: (id: string): Key => `sandbox/${id}`,
  sandboxName: (name: string): Key => `sandbox-name/${name}`,

  endpoints: 'endpoint/',
  endpoint: (id: string): Key => `endpoint/${id}`,
  networkEndpoints: (networkId: string): Key => `network-endpoint/${networkId}/`,
  networkEndpoint: (networkId: string, id: string): Key => `network-endpoint/${networkId}/${id}`,
  sandboxEndpoints: (sandboxId: string): Key => `sandbox-endpoint/${sandboxId}/`,
  sandboxEndpoint: (sandboxId: string, id: string): Key => `sandbox-endpoint/${sandboxId}/${id}`,

  /** The prefix of 48 bits that IPv6 subnets are taken from. */
  uniqueLocalPrefix: 'address-pool/unique-local',
  /** The owners of addresses. */
  addresses: (networkId: string): Key => `address/${networkId}/`,
  address: (networkId: string, address: string): Key => `address/${networkId}/${address}`,
  /** The addresses of owners, one of each family. */
  addressOwners: (networkId: string): Key => `address-owner/${networkId}/`,
  addressOwner: (networkId: string, owner: string, family: Family): Key =>
    `address-owner/${networkId}/${owner}/${family}`,
  /** The address that was given out last, by subnet. */
  addressCursors: (networkId: string): Key => `address-cursor/${networkId}/`,
  addressCursor: (networkId: string, subnet: string): Key =>
    `address-cursor/${networkId}/${subnet.replace('/', '-')}`,
  /** The `NumberSet` of addresses, by family. */
  addressSets: (networkId: string): Key => `address-set/${networkId}/`,
  addressSet: (networkId: string, family: Family): Key => `address-set/${networkId}/${family}/`,

  /** The owners of ports of the host. */
  ports: 'port/',
  portsOfNumber: (protocol: PortProtocol, port: number): Key => `port/${protocol}/${port}/`,
  port: (protocol: PortProtocol, port: number, hostAddress: string): Key =>
    `port/${protocol}/${port}/${hostAddress}`,
  /** The `NumberSet` of ports that are bound to an address, or to any address of a family. */
  portSet: (protocol: PortProtocol, where: string): Key => `port-set/${protocol}/${where}/`,
  /** The port that was chosen last. */
  portCursor: (protocol: PortProtocol): Key => `port-cursor/${protocol}`
} as const

/** The last part of a key. */
export function lastPart(key: Key): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/** Deletes all that lies under a prefix. */
export function deleteAll(transaction: WriteTransaction, prefix: string): void {
  for (const [key] of transaction.list(prefix)) transaction.delete(key)
}
