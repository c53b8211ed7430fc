import { NetloomError } from '../../../netlink/index.js'
import type { Batch } from '../../../batch.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import type { EndpointRecord } from '../../model/endpoint.js'
import { commit } from '../commit.js'
import type { EndpointPlan, Host, Inside } from '../driver.js'
import { deleteLink, findLink, hasCode } from '../find-link.js'
import { innerName } from '../inner-link.js'
import type { Bridge } from './find-bridge.js'
import { addHostNeighbors } from './neighbors.js'
import { bridgePlanOf } from './plan.js'
import type { PortSettings } from './port.js'

/** What a pair of ends is made of. */
export interface Wiring {
  readonly host: Host
  readonly inside: Inside
  readonly plan: EndpointPlan
  readonly bridge: Bridge
  readonly port: PortSettings
  /** Of the end inside. */
  readonly macAddress: string
}

/** Both ends of a cable between the bridge and a sandbox. */
export interface Pair {
  /** The index of the end inside. */
  readonly inner: number
  /** It was made just now; otherwise it was there, and was mended. */
  readonly made: boolean
}

/** What the end on the host is called: it follows from the endpoint's id. */
export function hostLinkName({ id, hostInterfaceName }: EndpointRecord): string {
  return hostInterfaceName ?? `veth${id.slice(0, 11)}`
}

/** Makes the pair, each end where it belongs, its outer end a port of the bridge and up. */
export async function ensurePair(wiring: Wiring): Promise<Pair> {
  const { host, inside, plan } = wiring
  const made = await makePair(wiring)
  if (made !== undefined) return made
  const outer = await findLink(host.stack, hostLinkName(plan.endpoint))
  if (outer?.kind === 'veth') {
    const inner = await innerEnd(inside, outer)
    if (inner !== undefined) return mendPair(wiring, outer, inner)
    // Its other end is in a namespace that is gone, or going.
    await deleteLink(host.stack, outer.index)
    const again = await makePair(wiring)
    if (again !== undefined) return again
  }
  const where = outer === undefined ? 'the sandbox' : 'the host'
  const name = outer === undefined ? innerName(plan) : outer.name
  throw new NetloomError('ERR_LINK_EXISTS', `${where} has a link named ${name} already`)
}

/** The other end of a pair, if it is in this sandbox: each end tells the index of the other. */
export async function innerEnd(inside: Inside, outer: Link): Promise<Link | undefined> {
  if (outer.link === undefined) return undefined
  const inner = await findLink(inside.stack, outer.link)
  return inner?.kind === 'veth' && inner.link === outer.index ? inner : undefined
}

/** Makes the pair by one exchange; `undefined` if one of its names is taken. */
async function makePair(wiring: Wiring): Promise<Pair | undefined> {
  const { host, inside, plan, bridge, macAddress } = wiring
  const { mtu } = bridgePlanOf(plan.network)
  const name = hostLinkName(plan.endpoint)
  const batch = host.stack.batch()
  // The kernel takes a link back that doesn't become a port of its master: the bridge may be full.
  batch.links.add({
    kind: 'veth',
    name,
    mtu,
    master: bridge.index,
    peer: { name: innerName(plan), namespace: inside.namespace, macAddress, mtu }
  })
  completePort(batch, wiring)
  const [creation, ...rest] = await batch.commit()
  if (creation?.status === 'applied') {
    const failed = rest.find(({ status }) => status === 'failed' || status === 'unknown')
    if (failed === undefined) return { inner: (creation.value as Link).link!, made: true }
    await deleteLink(host.stack, name).catch(() => undefined)
    throw (failed as { error: Error }).error
  }
  const { error } = creation as { error: Error }
  if (hasCode(error, 'EEXIST')) return undefined
  throw hasCode(error, 'EXFULL') ? full(bridge) : error
}

/** Completes a pair that is there. */
async function mendPair(wiring: Wiring, outer: Link, inner: Link): Promise<Pair> {
  const { host, inside, plan, bridge, macAddress } = wiring
  const { mtu } = bridgePlanOf(plan.network)
  const outside = host.stack.batch()
  if (outer.mtu !== mtu) outside.links.set(outer.index, { mtu })
  if (outer.master !== bridge.index) outside.links.set(outer.index, { master: bridge.index })
  completePort(outside, wiring)
  try {
    await commit(outside)
  } catch (error) {
    throw hasCode(error, 'EXFULL') ? full(bridge) : error
  }
  const within = inside.stack.batch()
  if (inner.name !== innerName(plan)) {
    within.links.set(inner.index, { up: false })
    within.links.set(inner.index, { name: innerName(plan) })
  }
  if (inner.mtu !== mtu) within.links.set(inner.index, { mtu })
  if (inner.macAddress !== macAddress) within.links.set(inner.index, { macAddress })
  await commit(within)
  return { inner: inner.index, made: false }
}

/** What a port needs beside its master. It is called by its name, which the kernel looks up: one exchange will do. */
function completePort(batch: Batch, { plan, bridge, port, macAddress }: Wiring): void {
  const name = hostLinkName(plan.endpoint)
  // A port of a bridge needs no address of its own.
  batch.links.set(name, { bridgePort: { ...port }, addressGenerationMode: 'none' })
  batch.links.set(name, { up: true })
  addHostNeighbors(batch, bridge.index, plan.endpoint, macAddress)
}

function full({ name }: Bridge): NetloomError {
  return new NetloomError('ERR_BRIDGE_FULL', `the bridge ${name} has 1,023 ports, and takes no more`)
}
