import { invalidRange, invalidValue, within } from '../../../codec/index.js'
import { NetloomError } from '../../../netlink/index.js'
import type { NetworkRecord } from '../../model/network.js'
import type { Host } from '../driver.js'
import { findLink } from '../find-link.js'

/** The link that the links of a network leave by, as its record has it. */
export interface ParentPlan {
  readonly parent: string
  /** The parent is a VLAN of `link`, which netloom makes, and deletes with the last network on it. */
  readonly vlan?: { readonly link: string; readonly id: number }
  /** The parent is a dummy link of the network's own: nothing leaves by it. */
  readonly dummy?: true
  /** Bytes; that of the parent when absent. */
  readonly mtu?: number
}

/** What `planParent` made of the options. */
export function parentPlanOf(network: NetworkRecord): ParentPlan {
  return network.driverOptions as unknown as ParentPlan
}

export async function planParent(
  host: Host,
  driver: string,
  given: { readonly parent?: string | undefined; readonly mtu?: number | undefined },
  id: string,
  others: readonly NetworkRecord[]
): Promise<ParentPlan> {
  const { parent, mtu } = given
  const own = mtu === undefined ? {} : { mtu }
  if (parent === undefined) return { parent: `dm-${id.slice(0, 12)}`, dummy: true, ...own }
  const vlan = await vlanToMake(host, parent, others)
  const base = await findLink(host.stack, vlan?.link ?? parent)
  if (base === undefined)
    throw new NetloomError(
      'ERR_LINK_NOT_FOUND',
      `the network is to leave by ${parent}, but there is no such link`
    )
  within(driver, () => {
    if (base.flags.includes('loopback')) within('parent', () => invalidValue(parent, 'no loopback link'))
    if (mtu !== undefined && mtu > base.mtu)
      within('mtu', () => invalidRange(mtu, `at most that of ${base.name}, which is ${base.mtu}`))
  })
  return { parent, ...(vlan === undefined ? {} : { vlan }), ...own }
}

/** The networks of the same driver that leave by the same link. */
export function sharing(parent: string, others: readonly NetworkRecord[]): NetworkRecord[] {
  return others.filter((other) => parentPlanOf(other).parent === parent)
}

/** The VLAN that the parent's name asks for, unless it is there and not netloom's. */
async function vlanToMake(
  { stack }: Host,
  parent: string,
  others: readonly NetworkRecord[]
): Promise<ParentPlan['vlan']> {
  const [other] = sharing(parent, others)
  if (other !== undefined) return parentPlanOf(other).vlan
  if ((await findLink(stack, parent)) !== undefined) return undefined
  const [, link, digits] = /^(.+)\.([1-9][0-9]{0,3})$/.exec(parent) ?? []
  const id = Number(digits)
  return link === undefined || id > 4094 ? undefined : { link, id }
}
