import { gatewayRoutes } from '../default-routes.js'
import type { NetworkDriver } from '../driver.js'
import { ensureBridgeEndpoint, releaseBridgeEndpoint, removeBridgeLinks } from './endpoint.js'
import { firewallNetwork, publishedPorts } from './firewall-network.js'
import { ensureBridgeNetwork, removeBridgeNetwork } from './network.js'
import { planBridge } from './plan.js'

/** A bridge of the host, to which each sandbox has a veth pair; addresses are translated on the way out. */
export const bridgeDriver: NetworkDriver = {
  name: 'bridge',
  capabilities: { addresses: true, gateway: true, ports: true },
  plan: async (host, options, id, others) => ({ ...(await planBridge(host, options, id, others)) }),
  sharesSubnets: ({ existing, name }) => (existing === true ? [name as string] : false),
  ensureNetwork: ensureBridgeNetwork,
  removeNetwork: removeBridgeNetwork,
  ensureEndpoint: ensureBridgeEndpoint,
  releaseEndpoint: releaseBridgeEndpoint,
  removeLinks: removeBridgeLinks,
  defaultRoutes: (plan) => (plan.network.internal ? [] : gatewayRoutes(plan)),
  firewallNetwork,
  publishedPorts
}
