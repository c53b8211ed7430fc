import type { Route, RouteNextHop } from '../../rtnetlink/route/index.js'
import { printable } from '../../topology/render/text.js'
import type { Paint } from '../paint.js'
import type { LinkNames } from './link-names.js'
import { metricsText } from './metrics.js'
import { tableText } from './table-name.js'

/** The table of what goes without saying. */
const main = 254

/** Flags in the order of `ip route`. */
const flagOrder = [
  'dead',
  'onlink',
  'pervasive',
  'offload',
  'trap',
  'notify',
  'linkdown',
  'unresolved',
  'rt_offload',
  'rt_trap'
]

/** A route as `ip route show table all` prints it; with several hops, each on a line of its own. */
export function routeText(route: Route, names: LinkNames, paint: Paint): string {
  const { type, family, table, protocol, scope, preferredSource, priority, realms, metrics } = route
  const words = [
    ...(type === 'unicast' ? [] : [String(type)]),
    destinationText(route, paint),
    ...(route.source === undefined ? [] : [`from ${route.source}`]),
    ...(route.nextHopId === undefined ? [] : [`nhid ${route.nextHopId}`]),
    ...(route.newDestination === undefined ? [] : [`as to ${route.newDestination.join('/')}`]),
    ...(route.encap === undefined ? [] : [`encap ${route.encap.type}`]),
    ...(route.tos === undefined ? [] : [`tos 0x${route.tos.toString(16).padStart(2, '0')}`]),
    ...hopWords(route, family, names, paint),
    ...(table === main || family === 'mpls' ? [] : [`table ${printable(tableText(table))}`]),
    ...(protocol === 'boot' ? [] : [`proto ${protocol}`]),
    ...(scope === 'global' ? [] : [`scope ${scope}`]),
    ...(preferredSource === undefined ? [] : [`src ${addressText(preferredSource, family, paint)}`]),
    ...(priority === undefined ? [] : [`metric ${priority}`]),
    ...flagWords(route.flags),
    ...(realms === undefined
      ? []
      : [realms.from === undefined ? `realm ${realms.to}` : `realms ${realms.from}/${realms.to}`]),
    ...(route.expires === undefined ? [] : [`expires ${Math.round(route.expires)}sec`]),
    ...(metrics === undefined ? [] : metricsText(metrics)),
    ...(route.preference === undefined ? [] : [`pref ${route.preference}`])
  ]
  const hops = (route.nextHops ?? []).map((hop) => `\n\tnexthop ${hopText(hop, family, names, paint)}`)
  return words.join(' ') + hops.join('')
}

function destinationText({ destination, family }: Route, paint: Paint): string {
  if (destination === '0.0.0.0/0' || destination === '::/0') return 'default'
  const whole = family === 'inet' ? '/32' : '/128'
  const text =
    family !== 'mpls' && destination.endsWith(whole) ? destination.slice(0, -whole.length) : destination
  return addressText(text, family, paint)
}

function addressText(address: string, family: Route['family'], paint: Paint): string {
  return paint(family === 'inet6' ? 'inet6' : 'inet', address)
}

/** Where packets go: `via 10.0.0.1 dev eth0`. */
function hopWords(
  { gateway, via, link }: Pick<Route, 'gateway' | 'via' | 'link'>,
  family: Route['family'],
  names: LinkNames,
  paint: Paint
): string[] {
  return [
    ...(gateway === undefined ? [] : [`via ${addressText(gateway, family, paint)}`]),
    ...(via === undefined ? [] : [`via ${via.family} ${via.address}`]),
    ...(link === undefined ? [] : [`dev ${paint('name', printable(names.name(link)))}`])
  ]
}

function hopText(hop: RouteNextHop, family: Route['family'], names: LinkNames, paint: Paint): string {
  return [
    ...(hop.encap === undefined ? [] : [`encap ${hop.encap.type}`]),
    ...hopWords(hop, family, names, paint),
    `weight ${hop.weight ?? 1}`,
    ...flagWords(hop.flags ?? [])
  ].join(' ')
}

function flagWords(flags: readonly unknown[]): string[] {
  const set = new Set(flags)
  return flagOrder.filter((flag) => set.has(flag))
}
