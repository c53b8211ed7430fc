import { NetloomError } from '../../../netlink/index.js'
import { gatewayRoutes } from '../default-routes.js'
import { readSettings } from '../docker-options.js'
import type { NetworkDriver } from '../driver.js'
import { macAddressOf } from '../mac-address.js'
import { ensureStackedEndpoint, releaseStackedEndpoint } from '../parent/endpoint.js'
import type { StackedSpec } from '../parent/endpoint.js'
import { ensureParent, removeParent } from '../parent/network.js'
import { parentPlanOf, planParent, sharing } from '../parent/plan.js'
import type { ParentPlan } from '../parent/plan.js'
import type { NetworkRecord } from '../../model/network.js'
import type { MacvlanNetworkOptions } from './options.js'
import { macvlanSettings } from './settings.js'

/** What the record of a macvlan network says of it. */
interface MacvlanPlan extends ParentPlan {
  readonly mode: NonNullable<MacvlanNetworkOptions['mode']>
}

const planOf = (network: NetworkRecord): MacvlanPlan => parentPlanOf(network) as MacvlanPlan

/**
 * Each sandbox has a link with a MAC address of its own on a link of the host, and is a machine of that network: its
 * gateway is the router there. The kernel passes nothing between such a link and its parent, so that the host itself
 * and its sandboxes don't reach each other.
 */
export const macvlanDriver: NetworkDriver = {
  name: 'macvlan',
  capabilities: {
    ...{ addresses: true, gateway: true, ports: false },
    macAddresses: (network) => !takesOver(network)
  },
  async plan(host, options, id, others) {
    const given = readSettings('macvlan', macvlanSettings, options)
    const { mode = 'bridge' } = given
    const plan = await planParent(host, 'macvlan', given, id, others)
    for (const other of sharing(plan.parent, others)) {
      if (mode !== 'passthru' && planOf(other).mode !== 'passthru') continue
      const reason = `the network ${other.name} leaves by it, and with passthru there can be one alone`
      throw new NetloomError('ERR_LINK_IN_USE', `the parent link ${plan.parent} can't be shared: ${reason}`)
    }
    return { ...plan, mode }
  },
  sharesSubnets: ({ dummy }) => dummy !== true,
  ensureNetwork: ensureParent,
  removeNetwork: removeParent,
  ensureEndpoint: (host, inside, plan) => ensureStackedEndpoint(host, inside, plan, spec),
  releaseEndpoint: (host, inside, plan) => releaseStackedEndpoint(host, inside, plan, spec),
  removeLinks: () => Promise.resolve(),
  defaultRoutes: (plan) =>
    plan.network.internal || planOf(plan.network).dummy === true ? [] : gatewayRoutes(plan)
}

/** With passthru a link has the MAC address of its parent: another would be the parent's as well. */
const takesOver = (network: NetworkRecord): boolean => planOf(network).mode === 'passthru'

const spec: StackedSpec = ({ network, endpoint }, link) => {
  const { mode } = planOf(network)
  const macAddress = takesOver(network) ? undefined : (endpoint.macAddress ?? macAddressOf(endpoint.id))
  return { kind: 'macvlan', ...link, macAddress, macvlan: { mode } }
}
