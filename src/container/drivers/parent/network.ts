import { NetloomError } from '../../../netlink/index.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import type { NetworkRecord } from '../../model/network.js'
import type { Host } from '../driver.js'
import { deleteLink, findLink } from '../find-link.js'
import { ensureDummy } from './dummy.js'
import { isOwnParent, taken } from './own-link.js'
import { parentPlanOf, sharing } from './plan.js'
import { ensureVlan, removeVlan } from './vlan.js'

/** Makes the parent link of a network, where that is netloom's affair. */
export async function ensureParent(host: Host, network: NetworkRecord): Promise<void> {
  const { vlan, dummy } = parentPlanOf(network)
  if (dummy === true) await ensureDummy(host, network)
  else if (vlan !== undefined) await ensureVlan(host, network, vlan)
  else await findParent(host, network)
}

/** Deletes the parent link if netloom made it, and no other network leaves by it. */
export async function removeParent(
  host: Host,
  network: NetworkRecord,
  others: readonly NetworkRecord[] = []
): Promise<void> {
  const { parent, vlan, dummy } = parentPlanOf(network)
  if (sharing(parent, others).length > 0) return
  if (vlan !== undefined) await removeVlan(host, network)
  if (dummy !== true) return
  const link = await findLink(host.stack, parent)
  if (link !== undefined && isOwnParent(host, network, link)) await deleteLink(host.stack, link.index)
}

/** The parent link, which must be there, and be netloom's if it is to make it. */
export async function findParent(host: Host, network: NetworkRecord): Promise<Link> {
  const { parent, vlan, dummy } = parentPlanOf(network)
  const link = await findLink(host.stack, parent)
  if (link === undefined)
    throw new NetloomError('ERR_LINK_NOT_FOUND', `the parent link ${parent} of the network is not there`)
  if ((dummy === true || vlan !== undefined) && !isOwnParent(host, network, link)) throw taken(parent)
  return link
}
