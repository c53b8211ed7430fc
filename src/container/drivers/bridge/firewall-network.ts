import { familyOf } from '../../../codec/index.js'
import type { FirewallNetwork, PublishedPort } from '../../firewall/index.js'
import type { NetworkRecord } from '../../model/network.js'
import type { EndpointPlan } from '../driver.js'
import { poolOf } from '../pool-of.js'
import { bridgePlanOf } from './plan.js'

/** What the firewall has to know of a bridge network. */
export function firewallNetwork(network: NetworkRecord): FirewallNetwork {
  const { name, interContainer, masquerade, outboundAddress, outboundAddress6 } = bridgePlanOf(network)
  return {
    id: network.id,
    bridge: name,
    subnets: network.pools.map(({ subnet }) => subnet),
    internal: network.internal,
    interContainer,
    masquerade,
    outboundAddress,
    outboundAddress6
  }
}

/**
 * The ports that an endpoint publishes. A port at an address of a family that the endpoint has none of leads nowhere,
 * and is left out; so are all of an internal network.
 */
export function publishedPorts({ network, endpoint }: EndpointPlan): PublishedPort[] {
  if (network.internal) return []
  const networkId = network.id
  return endpoint.ports.flatMap(({ protocol, hostAddress, hostPort, containerPort }) => {
    const containerAddress = familyOf(hostAddress) === 'inet' ? endpoint.address : endpoint.address6
    if (containerAddress === undefined) return []
    const bridgeAddress = poolOf(network.pools, containerAddress)?.gateway
    return { networkId, protocol, hostAddress, hostPort, containerAddress, containerPort, bridgeAddress }
  })
}
