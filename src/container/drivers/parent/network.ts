import { NetloomError } from '../../../netlink/index.js'
import type { NetworkStack } from '../../../network-stack.js'
import type { Link, LinkSpec } from '../../../rtnetlink/link/index.js'
import type { NetworkRecord } from '../../model/network.js'
import type { Host } from '../driver.js'
import { deleteLink, findLink, hasCode } from '../find-link.js'
import { parentPlanOf, sharing } from './plan.js'

/** Makes the parent link of a network, where that is netloom's affair. */
export async function ensureParent({ stack, mark }: Host, network: NetworkRecord): Promise<void> {
  const { parent, vlan, dummy } = parentPlanOf(network)
  if (dummy === true) await ensureLink(stack, { kind: 'dummy', name: parent, alias: mark, up: true })
  else if (vlan === undefined) await findParent(stack, network)
  else
    await ensureLink(stack, {
      ...{ kind: 'vlan', name: parent, alias: mark, up: true },
      ...{ link: vlan.link, vlan: { id: vlan.id } }
    })
}

/** Deletes the parent link if netloom made it, and no other network leaves by it. */
export async function removeParent(
  { stack }: Host,
  network: NetworkRecord,
  others: readonly NetworkRecord[] = []
): Promise<void> {
  const { parent, vlan, dummy } = parentPlanOf(network)
  if ((dummy !== true && vlan === undefined) || sharing(parent, others).length > 0) return
  const link = await findLink(stack, parent)
  if (link?.kind === (dummy === true ? 'dummy' : 'vlan')) await deleteLink(stack, parent)
}

/** The parent link, which must be there. */
export async function findParent(stack: NetworkStack, network: NetworkRecord): Promise<Link> {
  const { parent } = parentPlanOf(network)
  const link = await findLink(stack, parent)
  if (link !== undefined) return link
  throw new NetloomError('ERR_LINK_NOT_FOUND', `the parent link ${parent} of the network is not there`)
}

async function ensureLink(stack: NetworkStack, spec: LinkSpec & { readonly name: string }): Promise<void> {
  try {
    await stack.links.add(spec)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    const link = await stack.links.get(spec.name)
    if (link.kind !== spec.kind)
      throw new NetloomError(
        'ERR_LINK_EXISTS',
        `a link is named ${spec.name} already, and is no ${spec.kind}`
      )
    if (!link.up) await stack.links.set(link.index, { up: true })
  }
}
