import { invalidValue, within } from '../../../codec/index.js'
import type { EndpointRecord } from '../../model/endpoint.js'
import type { EndpointPlan, Host, Inside } from '../driver.js'
import { deleteLink, findLink } from '../find-link.js'
import { moveAside, setUpInside } from '../inner-link.js'
import { join } from '../join.js'
import { macAddressOf } from '../mac-address.js'
import { announce } from './announce.js'
import { findBridge } from './find-bridge.js'
import { publishedPorts } from './firewall-network.js'
import { neighborTable } from './neighbor-table.js'
import { removeHostNeighbors } from './neighbors.js'
import { ensurePair, hostLinkName, innerEnd } from './pair.js'
import type { Pair } from './pair.js'
import { bridgePlanOf } from './plan.js'
import { portSettings } from './port.js'

/** Connects a sandbox to the bridge. */
export async function ensureBridgeEndpoint(
  host: Host,
  inside: Inside,
  plan: EndpointPlan
): Promise<{ readonly macAddress: string; readonly hostInterfaceName: string }> {
  const { network, endpoint } = plan
  checkPorts(plan)
  const { name, existing } = bridgePlanOf(network)
  const bridge = await findBridge(host.stack, name)
  const port = await portSettings(host.namespace, network, bridge)
  const macAddress = endpoint.macAddress ?? macAddressOf(endpoint.id)
  const wiring = { host, inside, plan, bridge, port, macAddress }
  let pair: Pair | undefined
  try {
    pair = await ensurePair(wiring)
    const ports = publishedPorts(plan)
    await join([
      setUpInside(inside, plan, pair.inner, existing),
      ports.length === 0 ? undefined : host.firewall.publish(ports)
    ])
    await announce(wiring, pair.inner)
    await neighborTable(host.namespace).add(endpoint)
  } catch (error) {
    await undo(host, plan, pair)
    throw error
  }
  return { macAddress, hostInterfaceName: hostLinkName(endpoint) }
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

async function release(host: Host, inside: Inside, plan: EndpointPlan): Promise<void> {
  const outer = await findLink(host.stack, hostLinkName(plan.endpoint))
  const inner = outer && (await innerEnd(inside, outer))
  if (inner !== undefined) await moveAside(inside, plan, inner.index)
}

async function withdraw(host: Host, plan: EndpointPlan): Promise<void> {
  const ports = publishedPorts(plan)
  if (ports.length > 0) await host.firewall.withdraw(ports)
}

function removeNeighbors({ stack }: Host, { network, endpoint }: EndpointPlan): Promise<void> {
  return removeHostNeighbors(stack, bridgePlanOf(network).name, endpoint)
}

/** Takes back what was made of a connection; the caller gets the first error, whatever becomes of this. */
async function undo(host: Host, plan: EndpointPlan, pair: Pair | undefined): Promise<void> {
  if (pair?.made === false) return
  neighborTable(host.namespace).remove(plan.endpoint)
  await Promise.allSettled([
    removeNeighbors(host, plan),
    ...(pair === undefined ? [] : [withdraw(host, plan), deleteLink(host.stack, hostLinkName(plan.endpoint))])
  ])
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
