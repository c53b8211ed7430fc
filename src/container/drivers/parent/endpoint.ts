import { NetloomError } from '../../../netlink/index.js'
import type { BatchLinkSpec, Link, NamespaceTarget } from '../../../rtnetlink/link/index.js'
import { hasCode } from '../../errors/has-code.js'
import type { EndpointFacts, EndpointPlan, Host, Inside } from '../driver.js'
import { deleteLink, findLink } from '../find-link.js'
import { innerAddresses, innerName, setUpInside } from '../inner-link.js'
import { findParent } from './network.js'
import { parentPlanOf } from './plan.js'

/** What links of every kind have that sit on a parent. */
export interface StackedLink {
  readonly name: string
  /** The index of the parent. */
  readonly link: number
  readonly namespace: NamespaceTarget
  readonly mtu: number | undefined
}

/** Makes a link out of what all have, and what its kind adds. */
export type StackedSpec = (plan: EndpointPlan, link: StackedLink) => BatchLinkSpec

/** Makes a link on the parent, in the namespace of the sandbox and under its name there. */
export async function ensureStackedEndpoint(
  host: Host,
  inside: Inside,
  plan: EndpointPlan,
  specOf: StackedSpec
): Promise<EndpointFacts> {
  const parent = await findParent(host, plan.network)
  const spec = stackedSpec(inside, plan, parent, specOf)
  const { failures } = await host.stack.links.addMany([spec])
  const [failure] = failures
  if (failure !== undefined) {
    if (!hasCode(failure.error, 'EEXIST')) throw refusal(failure.error, parent, spec)
    const inner = await inside.stack.links.get(spec.name!)
    if (!matches(inner, spec))
      throw new NetloomError('ERR_LINK_EXISTS', `the sandbox has a link named ${inner.name} already`)
  }
  try {
    const { macAddress } = await setUpInside(inside, plan, { acceptAdvertisements: true })
    return { macAddress }
  } catch (error) {
    // The caller gets the first error, whatever becomes of this.
    if (failure === undefined) await deleteLink(inside.stack, spec.name!).catch(() => undefined)
    throw error
  }
}

/** Deletes the link. It is inside alone, and nobody could find it later. */
export async function releaseStackedEndpoint(
  host: Host,
  inside: Inside | undefined,
  plan: EndpointPlan,
  specOf: StackedSpec
): Promise<void> {
  if (inside === undefined) return
  const parent = await findLink(host.stack, parentPlanOf(plan.network).parent)
  if (parent === undefined) return
  const inner = await innerLink(inside, plan, stackedSpec(inside, plan, parent, specOf))
  if (inner !== undefined) await deleteLink(inside.stack, inner.index)
}

/** The link of an endpoint, also where a process inside has renamed it: then its addresses tell which it is. */
async function innerLink(
  { stack }: Inside,
  plan: EndpointPlan,
  spec: BatchLinkSpec
): Promise<Link | undefined> {
  const named = await findLink(stack, innerName(plan))
  if (named !== undefined && matches(named, spec)) return named
  const others = (await stack.links.list()).filter((link) => matches(link, spec))
  if (others.length === 0 || spec.macAddress !== undefined) return others[0]
  const own = new Set(innerAddresses(plan).map(({ address }) => address))
  const holders = (await stack.addresses.list()).filter(({ address }) => own.has(address))
  return others.find(({ index }) => holders.some(({ link }) => link === index))
}

function stackedSpec(inside: Inside, plan: EndpointPlan, parent: Link, specOf: StackedSpec): BatchLinkSpec {
  const { mtu } = parentPlanOf(plan.network)
  return specOf(plan, { name: innerName(plan), link: parent.index, namespace: inside.namespace, mtu })
}

/** Whether a link is the one that was to be made. */
function matches(link: Link, { kind, link: parent, macAddress }: BatchLinkSpec): boolean {
  if (link.kind !== kind || link.link !== parent) return false
  return macAddress === undefined || link.macAddress === macAddress
}

/** The kernel says little of why a parent takes no further link (`macvlan_common_newlink`, `ipvlan_link_new`). */
function refusal(error: Error, { name }: Link, { kind }: BatchLinkSpec): Error {
  if (!hasCode(error, 'EBUSY', 'EINVAL')) return error
  const reasons = 'it may be a port of a bridge, have links of another kind, or one in mode passthru'
  return new NetloomError('ERR_LINK_IN_USE', `${name} takes no further ${kind} link: ${reasons}`, {
    cause: error
  })
}
