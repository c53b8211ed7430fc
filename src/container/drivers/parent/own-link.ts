import { NetloomError } from '../../../netlink/index.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import type { NetworkRecord } from '../../model/network.js'
import type { Host } from '../driver.js'
import { macAddressOf } from '../mac-address.js'
import { parentPlanOf } from './plan.js'

/**
 * Whether a link is the parent that netloom made for a network, and not one that somebody else has given its name: a
 * dummy link has from the beginning the MAC address that follows from the network's id, and a VLAN, whose MAC address is
 * that of its link, gets its name together with the mark.
 */
export function isOwnParent({ mark }: Host, network: NetworkRecord, link: Link | undefined): boolean {
  return parentPlanOf(network).dummy === true
    ? link?.kind === 'dummy' && link.macAddress === macAddressOf(network.id)
    : link?.kind === 'vlan' && link.alias === mark
}

/** The error for a link that has the name of a parent to be made. */
export function taken(name: string): NetloomError {
  return new NetloomError('ERR_LINK_EXISTS', `somebody else has made a link named ${name}`)
}
