import type { Neighbor } from '../../rtnetlink/neighbor/index.js'
import { printable } from '../../topology/render/text.js'
import type { Paint } from '../paint.js'
import type { LinkNames } from './link-names.js'

/** Flags in the order of `ip neigh`. */
const flagOrder = ['router', 'proxy', 'managed', 'extern_learn', 'offload', 'extern_valid']

/** A neighbour as `ip neigh show` prints it. */
export function neighborText(neighbor: Neighbor, names: LinkNames, paint: Paint): string {
  const { family, destination, link, macAddress, flags, state, protocol } = neighbor
  const set = new Set<unknown>(flags)
  const words = [
    paint(family, destination),
    ...(link === 0 ? [] : [`dev ${paint('name', printable(names.name(link)))}`]),
    ...(macAddress === undefined ? [] : [`lladdr ${paint('mac', macAddress)}`]),
    ...flagOrder.filter((flag) => set.has(flag)),
    ...(state === 'none' ? [] : [String(state).toUpperCase()]),
    ...(protocol === undefined || protocol === 'unspec' ? [] : [`proto ${protocol}`])
  ]
  return words.join(' ')
}
