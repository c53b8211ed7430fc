import type { NetworkStack } from '../../network-stack.js'
import type { UsedSubnet } from './address-manager.js'
import { formatSubnet, overlaps, parseSubnet, subnetOf } from './subnet.js'

export interface HostSubnetsOptions {
  /** Names of links whose addresses and routes don't count: an existing bridge that is to become a network's. */
  readonly except?: readonly string[] | undefined
}

/** Link-local and multicast addresses: each link has them, and no network takes them. */
const ofEachLink = ['169.254.0.0/16', '224.0.0.0/4', 'fe80::/10', 'ff00::/8'].map(parseSubnet)

/** VPNs put these in the place of a default route, to go before it. */
const longestDefault = 1

/** Types of routes whose destinations somebody uses; addresses tell the others. */
const routeTypes = new Set<string | number>(['unicast', 'local', 'blackhole', 'unreachable', 'prohibit'])

/**
 * The subnets that are in use on a host: those of its addresses, and the destinations of its routes, of all tables.
 * Default routes are left out, and link-local and multicast addresses.
 */
export async function hostSubnets(
  stack: NetworkStack,
  { except = [] }: HostSubnetsOptions = {}
): Promise<UsedSubnet[]> {
  const [links, addresses, routes] = await Promise.all([
    stack.links.list(),
    stack.addresses.list(),
    stack.routes.list({ table: 'all' })
  ])
  const names = new Map(links.map(({ index, name }) => [index, name]))
  const found = new Map<string, UsedSubnet>()
  const add = (prefix: string, link: number | undefined, otherwise: string): void => {
    const name = link === undefined ? undefined : names.get(link)
    if (name !== undefined && except.includes(name)) return
    const subnet = subnetOf(prefix)
    if (subnet.length <= longestDefault || ofEachLink.some((other) => overlaps(other, subnet))) return
    const text = formatSubnet(subnet)
    if (!found.has(text))
      found.set(text, { subnet: text, by: name === undefined ? otherwise : `link ${name}` })
  }
  for (const { link, address, peer } of addresses) add(peer ?? address, link, 'an address of the host')
  for (const { type, destination, link } of routes) {
    if (routeTypes.has(type)) add(destination, link, 'a route of the host')
  }
  return [...found.values()]
}
