import { parsePrefix } from '../../codec/index.js'
import type { EndpointRecord } from '../model/endpoint.js'
import type { NetworkRecord, Pool } from '../model/network.js'
import { parseAddress } from '../model/ip-address.js'
import { contains, parseSubnet } from '../ipam/subnet.js'
import type { PortBinding } from '../ports/index.js'

/** A sandbox's connection to a network, as it was when it was read. */
export interface Endpoint {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly networkId: string
  readonly networkName: string
  readonly sandboxId: string
  /** With the prefix length of its subnet: `'10.88.0.2/16'`. */
  readonly address?: string | undefined
  readonly address6?: string | undefined
  readonly linkLocalAddresses: readonly string[]
  /** By which the sandbox leaves the network, if it leaves by this one. None where the network is internal. */
  readonly gateway?: string | undefined
  readonly gateway6?: string | undefined
  readonly macAddress?: string | undefined
  /** Its name in the sandbox. */
  readonly interfaceName?: string | undefined
  /** The name of its end on the host, where there is one. */
  readonly hostInterfaceName?: string | undefined
  readonly aliases: readonly string[]
  /** What it publishes; a port of the host at both families is there twice. */
  readonly ports: readonly PortBinding[]
  readonly gatewayPriority: number
}

/** What users see of an endpoint. */
export function describeEndpoint(network: NetworkRecord, record: EndpointRecord): Endpoint {
  const pool = poolOf(network, record.address)
  const pool6 = poolOf(network, record.address6)
  return {
    ...{ id: record.id, networkId: network.id, networkName: network.name, sandboxId: record.sandboxId },
    address: withLength(record.address, pool),
    address6: withLength(record.address6, pool6),
    linkLocalAddresses: record.linkLocalAddresses,
    gateway: network.internal ? undefined : pool?.gateway,
    gateway6: network.internal ? undefined : pool6?.gateway,
    macAddress: record.macAddress,
    interfaceName: record.interfaceName,
    hostInterfaceName: record.hostInterfaceName,
    aliases: record.aliases,
    ports: record.ports,
    gatewayPriority: record.gatewayPriority
  }
}

function poolOf({ pools }: NetworkRecord, address: string | undefined): Pool | undefined {
  if (address === undefined) return undefined
  const parsed = parseAddress(address)
  return pools.find(({ subnet }) => contains(parseSubnet(subnet), parsed))
}

function withLength(address: string | undefined, pool: Pool | undefined): string | undefined {
  if (address === undefined || pool === undefined) return address
  return `${address}/${parsePrefix(pool.subnet).length}`
}
