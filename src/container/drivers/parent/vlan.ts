import { createHash } from 'node:crypto'
import { NetloomError } from '../../../netlink/index.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import { hasCode } from '../../errors/has-code.js'
import type { NetworkRecord } from '../../model/network.js'
import type { Host } from '../driver.js'
import { deleteLink, findLink } from '../find-link.js'
import { isOwnParent, taken } from './own-link.js'
import { parentPlanOf } from './plan.js'

/** The VLAN that a network leaves by, and that netloom makes. */
export type Vlan = NonNullable<ReturnType<typeof parentPlanOf>['vlan']>

/**
 * Makes the VLAN of a network, or completes it. The kernel takes no alias with a new link. So that there is never a VLAN
 * of the name without the mark, it is made under another name, and gets both in one request.
 */
export async function ensureVlan(host: Host, network: NetworkRecord, vlan: Vlan): Promise<void> {
  const { stack } = host
  const { parent: name } = parentPlanOf(network)
  const there = await findLink(stack, name)
  if (there !== undefined) return adopt(host, network, there)
  const made = await makeUnnamed(host, network, vlan)
  if (made === undefined) return
  try {
    await stack.links.set(made.index, { name, alias: host.mark, up: true })
  } catch (error) {
    const now = await findLink(stack, name)
    // Another network that leaves by the same VLAN has named it meanwhile.
    if (now !== undefined && isOwnParent(host, network, now)) return
    // The caller gets the first error, whatever becomes of this.
    await deleteLink(stack, made.index).catch(() => undefined)
    throw now === undefined ? error : taken(name)
  }
}

/** Deletes the VLAN, also one that has no name yet; not one that is somebody else's. */
export async function removeVlan(host: Host, network: NetworkRecord): Promise<void> {
  const { stack } = host
  const [named, unnamed] = await Promise.all([
    findLink(stack, parentPlanOf(network).parent),
    findLink(stack, firstName(host, network))
  ])
  for (const link of [isOwnParent(host, network, named) ? named : undefined, unnamed])
    if (link !== undefined) await deleteLink(stack, link.index)
}

async function adopt(host: Host, network: NetworkRecord, link: Link): Promise<void> {
  if (!isOwnParent(host, network, link)) throw taken(parentPlanOf(network).parent)
  if (!link.up) await host.stack.links.set(link.index, { up: true })
}

/** The VLAN before it has its name; `undefined` if it has that by now. Of one link there is a VLAN once. */
async function makeUnnamed(host: Host, network: NetworkRecord, vlan: Vlan): Promise<Link | undefined> {
  const { stack } = host
  const { parent } = parentPlanOf(network)
  const name = firstName(host, network)
  try {
    return await stack.links.add({ kind: 'vlan', name, link: vlan.link, vlan: { id: vlan.id } })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    const unnamed = await findLink(stack, name)
    if (unnamed !== undefined) return unnamed
    const named = await findLink(stack, parent)
    if (isOwnParent(host, network, named)) return undefined
    if (named !== undefined) throw taken(parent)
    const reason = `${vlan.link} has a VLAN ${vlan.id} already, by another name than ${parent}`
    throw new NetloomError('ERR_LINK_EXISTS', reason, { cause: error })
  }
}

/** What the VLAN is called until it is complete: the same for all networks that leave by it. */
function firstName({ mark }: Host, network: NetworkRecord): string {
  const digest = createHash('sha256')
    .update(`${mark} ${parentPlanOf(network).parent}`)
    .digest('hex')
  return `vl-${digest.slice(0, 12)}`
}
