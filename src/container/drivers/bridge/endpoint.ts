import { invalidValue, within } from '../../../codec/index.js'
import type { EndpointRecord } from '../../model/endpoint.js'
import type { EndpointFacts, EndpointPlan, Host, Inside } from '../driver.js'
import { deleteLink, findLink } from '../find-link.js'
import { innerName, moveAside, setUpInside } from '../inner-link.js'
import { join } from '../../errors/join.js'
import { macAddressOf } from '../mac-address.js'
import { announce } from './announce.js'
import { findBridge } from './find-bridge.js'
import { publishedPorts } from './firewall-network.js'
import { neighborTable } from './neighbor-table.js'
import { removeHostNeighbors } from './neighbors.js'
import { areEnds, ensurePair, hostLinkName, innerEnd } from './pair.js'
import { bridgePlanOf } from './plan.js'
import { bridgeNetfilter, portSettings } from './port.js'

/** Connects a sandbox to the bridge. */
export async function ensureBridgeEndpoint(
  host: Host,
  inside: Inside,
  plan: EndpointPlan,
  whenUp?: (interfaceIndex: number) => Promise<unknown>
): Promise<EndpointFacts> {
  const { network, endpoint } = plan
  checkPorts(plan)
  const { name, existing } = bridgePlanOf(network)
  const [bridge, netfilter] = await Promise.all([
    findBridge(host.stack, name),
    bridgeNetfilter(host.namespace)
  ])
  const port = portSettings(network, bridge, netfilter)
  const macAddress = endpoint.macAddress ?? macAddressOf(endpoint.id)
  const wiring = { host, inside, plan, bridge, port, macAddress }
  let made: boolean | undefined
  try {
    made = await ensurePair(wiring)
    const ports = publishedPorts(plan)
    const inner = setUpInside(inside, plan, { acceptAdvertisements: existing, quiet: true })
    await join([inner, ports.length === 0 ? undefined : host.firewall.publish(ports)])
    const { index } = await inner
    await join([announce(wiring, index), whenUp?.(index), neighborTable(host.namespace).add(endpoint)])
    return { macAddress, hostInterfaceName: hostLinkName(endpoint), interfaceIndex: index }
  } catch (error) {
    // The caller gets the first error, whatever becomes of this.
    if (made === true) await Promise.allSettled([withdraw(host, plan), deletePair(host, plan)])
    if (made !== false) await removeNeighbors(host, plan).catch(() => undefined)
    throw error
  }
}

/** Disconnects a sandbox: its link is deleted later, but out of the way. */
export async function releaseBridgeEndpoint(
  host: Host,
  inside: Inside | undefined,
  plan: EndpointPlan
): Promise<void> {
  neighborTable(host.namespace).remove(plan.endpoint)
  await join([withdraw(host, plan), removeNeighbors(host, plan), inside && release(host, inside, plan)])
}

/** Deletes links that were released, many at a time. */
export async function removeBridgeLinks(host: Host, endpoints: readonly EndpointRecord[]): Promise<void> {
  const { failures } = await host.stack.links.deleteMany(endpoints.map(hostLinkName), { ifMissing: 'skip' })
  if (failures[0] !== undefined) throw failures[0].error
}

/** A link of that name inside may be another one's by now: both ends tell whether it is the one. */
async function release(host: Host, inside: Inside, plan: EndpointPlan): Promise<void> {
  const [outer, named] = await Promise.all([
    findLink(host.stack, hostLinkName(plan.endpoint)),
    findLink(inside.stack, innerName(plan))
  ])
  if (outer === undefined) return
  const inner = named !== undefined && areEnds(outer, named) ? named : await innerEnd(inside, outer)
  if (inner !== undefined) await moveAside(inside, plan, inner.index)
}

async function withdraw(host: Host, plan: EndpointPlan): Promise<void> {
  const ports = publishedPorts(plan)
  if (ports.length > 0) await host.firewall.withdraw(ports)
}

function removeNeighbors({ stack }: Host, { network, endpoint }: EndpointPlan): Promise<void> {
  return removeHostNeighbors(stack, bridgePlanOf(network).name, endpoint)
}

function deletePair({ stack }: Host, { endpoint }: EndpointPlan): Promise<void> {
  return deleteLink(stack, hostLinkName(endpoint))
}

/** Refuses ports that can't lead to the container. */
function checkPorts({ network, endpoint }: EndpointPlan): void {
  endpoint.ports.forEach(({ hostAddress }, i) => {
    const refuse = (expected: string): never =>
      within('ports', () => within(i, () => within('hostAddress', () => invalidValue(hostAddress, expected))))
    if (network.internal) refuse('absent: an internal network publishes no ports')
    if (hostAddress === '0.0.0.0' || hostAddress === '::') return
    const family = hostAddress.includes(':') ? 'address6' : 'address'
    if (endpoint[family] === undefined)
      refuse(`an ${family === 'address' ? 'IPv6' : 'IPv4'} address, since the container has no other`)
  })
}
