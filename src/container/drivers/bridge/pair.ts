import { NetloomError } from '../../../netlink/index.js'
import type { Outcome } from '../../../netlink/index.js'
import type { Batch } from '../../../batch.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import { hasCode } from '../../errors/has-code.js'
import type { EndpointRecord } from '../../model/endpoint.js'
import { commit } from '../commit.js'
import type { EndpointPlan, Host, Inside } from '../driver.js'
import { deleteLink, findLink } from '../find-link.js'
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

/** What the end on the host is called: it follows from the endpoint's id. */
export function hostLinkName({ id, hostInterfaceName }: EndpointRecord): string {
  return hostInterfaceName ?? `veth${id.slice(0, 11)}`
}

/**
 * Makes the pair, each end where it belongs, its outer end a port of the bridge and up. True if it was made just now;
 * otherwise it was there, and was mended.
 */
export async function ensurePair(wiring: Wiring): Promise<boolean> {
  const { host, inside, plan } = wiring
  if (await makePair(wiring)) return true
  const outer = await findLink(host.stack, hostLinkName(plan.endpoint))
  if (outer?.kind === 'veth') {
    const inner = await innerEnd(inside, outer)
    if (inner !== undefined) {
      await mendPair(wiring, outer, inner)
      return false
    }
    // Its other end is in a namespace that is gone, or going.
    await deleteLink(host.stack, outer.index)
    if (await makePair(wiring)) return true
  }
  const where = outer === undefined ? 'the sandbox' : 'the host'
  const name = outer === undefined ? innerName(plan) : outer.name
  throw new NetloomError('ERR_LINK_EXISTS', `${where} has a link named ${name} already`)
}

/** The other end of a pair, if it is in this sandbox. */
export async function innerEnd(inside: Inside, outer: Link): Promise<Link | undefined> {
  const inner = outer.link === undefined ? undefined : await findLink(inside.stack, outer.link)
  return inner !== undefined && areEnds(outer, inner) ? inner : undefined
}

/** Whether two links are the ends of one pair: each tells the index of the other. */
export function areEnds(outer: Link, inner: Link): boolean {
  return inner.kind === 'veth' && inner.link === outer.index && outer.link === inner.index
}

/** Makes the pair by one exchange; false if one of its names is taken. */
async function makePair(wiring: Wiring): Promise<boolean> {
  const { host, inside, plan, bridge, macAddress } = wiring
  const { mtu } = bridgePlanOf(plan.network)
  const name = hostLinkName(plan.endpoint)
  const batch = host.stack.batch()
  // The kernel takes a link back that doesn't become a port of its master: the bridge may be full.
  const peer = { name: innerName(plan), namespace: inside.namespace, macAddress, mtu }
  batch.links.add({ kind: 'veth', name, mtu, master: bridge.index, peer }, { readBack: false })
  completePort(batch, wiring)
  const [creation, ...rest] = (await batch.commit()).map(errorOf)
  if (creation === undefined) {
    const failure = rest.find((error) => error !== undefined)
    if (failure === undefined) return true
    await deleteLink(host.stack, name).catch(() => undefined)
    throw failure
  }
  if (hasCode(creation, 'EEXIST')) return false
  throw hasCode(creation, 'EXFULL') ? full(bridge) : creation
}

function errorOf(outcome: Outcome): Error | undefined {
  return outcome.status === 'failed' || outcome.status === 'unknown' ? outcome.error : undefined
}

/** Completes a pair that is there. */
async function mendPair(wiring: Wiring, outer: Link, inner: Link): Promise<void> {
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
