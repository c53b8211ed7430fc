import {
  InvalidType,
  Writer,
  familyOf,
  invalidRange,
  invalidType,
  invalidValue,
  ip,
  isInterfaceName,
  parsePrefix,
  refuseOtherKeys,
  requireObject,
  within
} from '../../codec/index.js'
import type { PortProtocol } from '../ports/port.js'
import type { FirewallNetwork, PublishedPort } from './firewall.js'

type Family = 'inet' | 'inet6'

const networkKeys = [
  ...['id', 'bridge', 'subnets', 'internal', 'interContainer', 'masquerade'],
  ...['outboundAddress', 'outboundAddress6']
]
const portKeys = [
  ...['networkId', 'protocol', 'hostAddress', 'hostPort'],
  ...['containerAddress', 'containerPort', 'bridgeAddress']
]

/** The protocols whose ports are published. */
export const portProtocols: readonly PortProtocol[] = ['tcp', 'udp', 'sctp']

/** Refuses a network that can't be right; gives it with its addresses in canonical text. */
export function checkedNetwork(network: FirewallNetwork): FirewallNetwork {
  requireObject(network, 'a network: an object')
  refuseOtherKeys(network, networkKeys, 'network')
  const { id, bridge, subnets, outboundAddress, outboundAddress6 } = network
  within('id', () => checkId(id))
  within('bridge', () => checkBridge(bridge))
  for (const key of ['internal', 'interContainer', 'masquerade'] as const) {
    within(key, () => {
      if (typeof network[key] !== 'boolean') invalidType(network[key], 'true or false')
    })
  }
  return {
    ...network,
    subnets: listOf('subnets', subnets, prefixOf),
    ...optionalAddress('outboundAddress', outboundAddress, 'inet'),
    ...optionalAddress('outboundAddress6', outboundAddress6, 'inet6')
  }
}

/** Refuses networks that can't be right, with the path of the field. */
export function checkedNetworks(networks: readonly FirewallNetwork[]): FirewallNetwork[] {
  return listOf('networks', networks, checkedNetwork)
}

/** Refuses ports that can't be right, with the path of the field; gives them with addresses in canonical text. */
export function checkedPorts(ports: readonly PublishedPort[]): PublishedPort[] {
  return listOf('ports', ports, checkedPort)
}

function listOf<T>(key: string, list: readonly T[], check: (item: T) => T): T[] {
  return within(key, () => {
    if (!Array.isArray(list)) invalidType(list, `an array of ${key}`)
    return (list as readonly T[]).map((item, index) => within(index, () => check(item)))
  })
}

function checkedPort(port: PublishedPort): PublishedPort {
  requireObject(port, 'a published port: an object')
  refuseOtherKeys(port, portKeys, 'published port')
  const { networkId, protocol, hostPort, containerPort } = port
  within('networkId', () => checkId(networkId))
  within('protocol', () => {
    if (!portProtocols.includes(protocol)) invalidValue(protocol, `one of ${portProtocols.join(', ')}`)
  })
  within('hostPort', () => checkPort(hostPort))
  within('containerPort', () => checkPort(containerPort))
  const hostAddress = within('hostAddress', () => addressOf(port.hostAddress))
  const family = familyOf(hostAddress)
  const containerAddress = within('containerAddress', () => addressOf(port.containerAddress, family))
  return {
    ...port,
    hostAddress,
    containerAddress,
    ...optionalAddress('bridgeAddress', port.bridgeAddress, family)
  }
}

function checkId(id: unknown): void {
  const expected = '64 hexadecimal digits in lower case'
  if (typeof id !== 'string') invalidType(id, expected)
  if (!/^[0-9a-f]{64}$/.test(id)) invalidValue(id, expected)
}

function checkBridge(bridge: unknown): void {
  const expected = 'the name of a link: 1 to 15 bytes without spaces, "/" and ":"'
  if (typeof bridge !== 'string') invalidType(bridge, expected)
  // nft takes a "*" at the end for any name that begins so.
  if (!isInterfaceName(bridge) || bridge.includes('*')) invalidValue(bridge, expected)
}

function checkPort(port: unknown): void {
  const expected = 'a port from 1 to 65535'
  if (typeof port !== 'number') invalidType(port, expected)
  if (!Number.isInteger(port) || port < 1 || port > 0xffff) invalidRange(port, expected)
}

function optionalAddress<K extends string>(
  key: K,
  address: string | undefined,
  family: Family
): { readonly [P in K]?: string } {
  if (address === undefined) return {}
  return { [key]: within(key, () => addressOf(address, family)) } as { readonly [P in K]?: string }
}

/** The text of an address as it is read from the kernel, whatever form it was given in. */
function addressOf(address: string, family?: Family): string {
  const writer = new Writer(16)
  ip.write(writer, address)
  if (family !== undefined && familyOf(address) !== family) {
    throw new InvalidType(address, `an address of the family ${family}`, 'ERR_INVALID_ARG_VALUE')
  }
  return ip.read(writer.bytes, 0, writer.position)
}

function prefixOf(subnet: string): string {
  const { address, length } = parsePrefix(subnet)
  const writer = new Writer(16)
  ip.write(writer, address)
  for (let bit = length; bit < writer.position * 8; bit++) {
    if ((writer.bytes[bit >>> 3]! & (0x80 >>> (bit & 7))) !== 0)
      invalidValue(subnet, 'a subnet without host bits')
  }
  return `${ip.read(writer.bytes, 0, writer.position)}/${length}`
}
