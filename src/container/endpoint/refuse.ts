import { invalidValue, within } from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'
import type { DriverCapabilities } from '../drivers/driver.js'
import type { EndpointPhase, EndpointRecord } from '../model/endpoint.js'
import type { NetworkRecord } from '../model/network.js'
import type { SandboxRecord } from '../model/sandbox.js'
import { routePlaces } from '../network/routes.js'
import { getNetwork, getSandbox, listEndpointsOfNetwork } from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import type { CheckedOptions } from './options.js'

const endpointStates = {
  connecting: 'being connected to',
  connected: 'connected to',
  disconnecting: 'being disconnected from',
  gone: 'disconnected from'
} as const satisfies Record<EndpointPhase, string>

/** Refuses a network that the endpoints of a sandbox, or the sandbox itself, don't go with. */
export function refuseTogether(
  transaction: ReadTransaction,
  network: NetworkRecord,
  sandbox: SandboxRecord,
  others: readonly EndpointRecord[]
): void {
  const same = others.find(({ networkId }) => networkId === network.id)
  if (same !== undefined) {
    throw new NetloomError(
      'ERR_ENDPOINT_EXISTS',
      `the sandbox ${sandbox.name} is ${endpointStates[same.phase]} the network ${network.name}`
    )
  }
  if ((network.driver === 'host') !== (sandbox.hostNamespace === true)) {
    const reason =
      network.driver === 'host'
        ? `the sandbox ${sandbox.name} is not in the host's own namespace: make one with hostNamespace`
        : `the sandbox ${sandbox.name} is in the host's own namespace, and can't be connected to ${network.name}`
    throw new NetloomError('ERR_NETWORK_MODE', reason)
  }
  const connected = others.map(({ networkId }) => getNetwork(transaction, networkId))
  if (connected.length > 0 && [network, ...connected].some((each) => each?.driver === 'none')) {
    throw new NetloomError(
      'ERR_NETWORK_MODE',
      `the network none goes with no other, in the sandbox ${sandbox.name}`
    )
  }
  refuseRoutes(network, connected, sandbox)
}

/** Refuses a network by which a route would take the place of one by another network. */
function refuseRoutes(
  network: NetworkRecord,
  others: readonly (NetworkRecord | undefined)[],
  sandbox: SandboxRecord
): void {
  const own = routePlaces(network.pools, network.routes)
  for (const other of others) {
    // Two that lead nowhere in the same way are one.
    const shared =
      other &&
      [...routePlaces(other.pools, other.routes)].find(
        ([place, type]) => own.has(place) && (type === 'unicast' || own.get(place) !== type)
      )
    if (shared === undefined) continue
    const [destination] = shared[0].split(' ')
    const reason = `the sandbox ${sandbox.name} has a route to ${destination} by the network ${other!.name} already`
    throw new NetloomError(
      'ERR_ROUTE_EXISTS',
      `${reason}, and gets one by ${network.name} with the same metric`
    )
  }
}

/** Refuses options that the network, or its driver, has no use for. */
export function refuseOptions(
  network: NetworkRecord,
  capabilities: DriverCapabilities,
  options: CheckedOptions
): void {
  const { name, ipv4, ipv6 } = network
  const absent = (key: keyof CheckedOptions, given: boolean, reason: string): void => {
    if (given) within(key, () => invalidValue(options[key], `absent: ${reason}`))
  }
  absent('address', options.address !== undefined && !ipv4, `the network ${name} has no IPv4`)
  absent('address6', options.address6 !== undefined && !ipv6, `the network ${name} has no IPv6`)
  absent('ports', options.ports.length > 0 && !capabilities.ports, `the network ${name} publishes no ports`)
  absent('ports', options.ports.length > 0 && network.internal, `the network ${name} is internal`)
  const { macAddresses = true } = capabilities
  if (!(typeof macAddresses === 'boolean' ? macAddresses : macAddresses(network))) {
    const reason = `an interface on the network ${name} has that of its parent, or none`
    absent('macAddress', options.macAddress !== undefined, reason)
  }
  if (hasInterface(capabilities)) return
  const without = `the network ${name} makes no interface`
  absent('interfaceName', options.interfaceName !== undefined, without)
  absent('linkLocalAddresses', options.linkLocalAddresses.length > 0, without)
  absent('sysctls', Object.keys(options.sysctls).length > 0, without)
}

/** Refuses a MAC address that another endpoint of the network was given. */
export function refuseMacAddress(
  transaction: ReadTransaction,
  network: NetworkRecord,
  { macAddress }: CheckedOptions
): void {
  if (macAddress === undefined) return
  const other = listEndpointsOfNetwork(transaction, network.id).find(
    (endpoint) => endpoint.phase !== 'gone' && endpoint.macAddress === macAddress
  )
  if (other === undefined) return
  const owner = getSandbox(transaction, other.sandboxId)?.name ?? other.sandboxId
  throw new NetloomError(
    'ERR_ADDRESS_IN_USE',
    `the MAC address ${macAddress} is that of the sandbox ${owner}`
  )
}

/** Whether endpoints have an interface in their sandbox. */
export function hasInterface({ addresses, interfaces }: DriverCapabilities): boolean {
  return interfaces ?? addresses
}
