import { setTimeout as delay } from 'node:timers/promises'
import type { NetworkStack } from '../../../network-stack.js'
import { commit } from '../commit.js'
import type { EndpointPlan } from '../driver.js'
import { announceChanges } from '../inner-link.js'
import { join } from '../../errors/join.js'
import { poolOf } from '../pool-of.js'
import { hostLinkName } from './pair.js'
import type { Wiring } from './pair.js'
import { bridgePlanOf } from './plan.js'

/** How often it is looked: some times in a row, since it mostly takes no millisecond, and then after 1, 2, 4 … ms. */
const attempts = 16
const atOnce = 6

/**
 * Tells everybody on the bridge the MAC address of a container (gratuitous ARP, unsolicited neighbour advertisement),
 * since another one may have had its addresses before. The kernel could do that when the link goes up (`arp_notify`,
 * `ndisc_notify`), but then the bridge doesn't forward yet, and on a large bridge every word takes a millisecond: so it
 * is said once, when the bridge forwards, by setting the MAC address to what it is.
 */
export async function announce(wiring: Wiring, inner: number): Promise<void> {
  const { inside, plan, bridge, macAddress } = wiring
  await join([announceChanges(inside, plan), untilForwarding(wiring, inner)])
  const batch = inside.stack.batch()
  // This forgets the neighbours too: they come after it.
  batch.links.set(inner, { macAddress })
  for (const destination of gatewaysOf(plan))
    batch.neighbors.replace({ link: inner, destination, macAddress: bridge.macAddress! })
  await commit(batch)
}

/**
 * The gateways that have a permanent entry in the neighbour table of the container. A bridge that is not netloom's may
 * change its MAC address with its ports.
 */
function gatewaysOf({ network, endpoint }: EndpointPlan): string[] {
  if (bridgePlanOf(network).existing) return []
  return [endpoint.address, endpoint.address6].flatMap((address) => {
    const gateway = address === undefined ? undefined : poolOf(network.pools, address)?.gateway
    return gateway ?? []
  })
}

/**
 * The kernel notices after a moment that both ends are up, and then that the bridge has a port (net/core/link_watch.c):
 * before that it drops what is sent, and has no IPv6 on the link. With a spanning tree protocol the port listens first,
 * for half a minute: nobody waits for that.
 */
async function untilForwarding({ host, inside, plan, bridge }: Wiring, inner: number): Promise<void> {
  const port = hostLinkName(plan.endpoint)
  const isUp = async (stack: NetworkStack, link: number): Promise<boolean> =>
    (await stack.links.get(link)).operationalState === 'up'
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt >= atOnce) await delay(2 ** (attempt - atOnce))
    const [{ bridgePort }, innerUp, bridgeUp] = await Promise.all([
      host.stack.links.get(port),
      isUp(inside.stack, inner),
      bridge.operationalState === 'up' || isUp(host.stack, bridge.index)
    ])
    const state = bridgePort?.state
    if (innerUp && (state === 'forwarding' ? bridgeUp : state !== 'disabled')) return
  }
}
