import type { NextHop } from '../../rtnetlink/nexthop/index.js'
import { printable } from '../../topology/render/text.js'
import type { Paint } from '../paint.js'
import type { LinkNames } from './link-names.js'

/** A next-hop object as `ip nexthop show` prints it. */
export function nextHopText(hop: NextHop, names: LinkNames, paint: Paint): string {
  const members = hop.group?.map(({ id, weight = 1 }) => (weight === 1 ? `${id}` : `${id},${weight}`))
  const words = [
    `id ${hop.id}`,
    ...(members === undefined ? [] : [`group ${members.join('/')}`]),
    ...(hop.groupType === undefined || hop.groupType === 'mpath' ? [] : [`type ${hop.groupType}`]),
    ...(hop.encap === undefined ? [] : [`encap ${hop.encap.type}`]),
    ...(hop.gateway === undefined ? [] : [`via ${paint(hop.family ?? 'inet', hop.gateway)}`]),
    ...(hop.link === undefined ? [] : [`dev ${paint('name', printable(names.name(hop.link)))}`]),
    ...(hop.scope === 'global' ? [] : [`scope ${hop.scope}`]),
    ...(hop.blackhole === true ? ['blackhole'] : []),
    ...(hop.protocol === 'unspec' ? [] : [`proto ${hop.protocol}`]),
    ...hop.flags.map(String),
    ...(hop.fdb === true ? ['fdb'] : [])
  ]
  return words.join(' ')
}
