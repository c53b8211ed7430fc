import { NetloomError } from '../../../netlink/index.js'
import type { NetworkRecord } from '../../model/network.js'
import { deviceRoutes, gatewayRoutes } from '../default-routes.js'
import { readSettings } from '../docker-options.js'
import type { NetworkDriver } from '../driver.js'
import { ensureStackedEndpoint, releaseStackedEndpoint } from '../parent/endpoint.js'
import type { StackedSpec } from '../parent/endpoint.js'
import { ensureParent, removeParent } from '../parent/network.js'
import { parentPlanOf, planParent, sharing } from '../parent/plan.js'
import type { ParentPlan } from '../parent/plan.js'
import type { IpvlanNetworkOptions } from './options.js'
import { ipvlanSettings } from './settings.js'

/** What the record of an ipvlan network says of it. */
interface IpvlanPlan extends ParentPlan {
  readonly mode: NonNullable<IpvlanNetworkOptions['mode']>
  readonly flag: NonNullable<IpvlanNetworkOptions['flag']>
}

const planOf = (network: NetworkRecord): IpvlanPlan => parentPlanOf(network) as IpvlanPlan

/**
 * Each sandbox has a link on a link of the host, with addresses of its own and the MAC address of the parent. In `l2`
 * its gateway is the router of that network; in `l3` and `l3s` the parent routes, and others need a route to it. The
 * host itself and its sandboxes don't reach each other, as with macvlan.
 */
export const ipvlanDriver: NetworkDriver = {
  name: 'ipvlan',
  capabilities: { addresses: true, gateway: true, ports: false, macAddresses: false },
  async plan(host, options, id, others) {
    const given = readSettings('ipvlan', ipvlanSettings, options)
    const { mode = 'l2', flag = 'bridge' } = given
    const plan = await planParent(host, 'ipvlan', given, id, others)
    for (const other of sharing(plan.parent, others)) {
      const theirs = planOf(other)
      if (theirs.mode === mode && theirs.flag === flag) continue
      const reason = `all networks on it have one mode, and ${other.name} has ${theirs.mode}, ${theirs.flag}`
      throw new NetloomError('ERR_LINK_IN_USE', `the parent link ${plan.parent} can't be shared: ${reason}`)
    }
    return { ...plan, mode, flag }
  },
  sharesSubnets: ({ dummy }) => dummy !== true,
  ensureNetwork: ensureParent,
  removeNetwork: removeParent,
  ensureEndpoint: (host, inside, plan) => ensureStackedEndpoint(host, inside, plan, spec),
  releaseEndpoint: (host, inside, plan) => releaseStackedEndpoint(host, inside, plan, spec),
  removeLinks: () => Promise.resolve(),
  defaultRoutes(plan) {
    const { mode, dummy } = planOf(plan.network)
    if (plan.network.internal || dummy === true) return []
    return mode === 'l2' ? gatewayRoutes(plan) : deviceRoutes(plan)
  }
}

const spec: StackedSpec = ({ network }, link) => {
  const { mode, flag } = planOf(network)
  return { kind: 'ipvlan', ...link, ipvlan: { mode, flags: flag === 'bridge' ? [] : [flag] } }
}
