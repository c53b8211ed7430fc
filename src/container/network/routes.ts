import {
  familyOf,
  invalidType,
  invalidValue,
  refuseOtherKeys,
  requireObject,
  within
} from '../../codec/index.js'
import { checkInteger } from '../../namespace/options.js'
import type { NetworkDriver } from '../drivers/driver.js'
import { contains, formatSubnet, parseSubnet } from '../ipam/subnet.js'
import { formatAddress, parseAddress } from '../model/ip-address.js'
import type { NetworkOptions, NetworkRoute, Pool } from '../model/network.js'

const types: readonly unknown[] = [
  'unicast',
  'blackhole',
  'unreachable',
  'prohibit'
] satisfies NetworkRoute['type'][]

/** Refuses routes that no network could have. Gives them in canonical text. */
export function checkRoutes(
  routes: NetworkOptions['routes'],
  { name, capabilities }: NetworkDriver
): NetworkRoute[] {
  if (routes === undefined) return []
  return within('routes', () => {
    if (!Array.isArray(routes)) invalidType(routes, 'an array such as [{ destination: "10.89.0.0/24" }]')
    if (routes.length > 0 && !capabilities.addresses) {
      invalidValue(routes, `absent: a network of ${name} has no addresses`)
    }
    return routes.map((route: NetworkRoute, index) => within(index, () => checkRoute(route)))
  })
}

function checkRoute(route: NetworkRoute): NetworkRoute {
  requireObject(route, 'a route such as { destination: "10.89.0.0/24", gateway: "10.88.0.2" }')
  refuseOtherKeys(route, ['destination', 'gateway', 'type', 'priority'], 'route')
  const { gateway, type = 'unicast', priority } = route
  const subnet = within('destination', () => {
    const parsed = parseSubnet(route.destination)
    if (parsed.length === 0)
      invalidValue(route.destination, 'other than the default route: a network has that by itself')
    return parsed
  })
  if (!types.includes(type)) within('type', () => invalidValue(type, `one of ${types.join(', ')}`))
  checkInteger(priority, 'priority', 0, 0xffffffff)
  const destination = formatSubnet(subnet)
  if (gateway === undefined) return { destination, type, priority }
  return within('gateway', () => {
    if (type !== 'unicast') invalidValue(gateway, `absent: the type is ${type}`)
    const address = parseAddress(gateway)
    if (address.family !== subnet.family) invalidValue(gateway, `an address of the family of ${destination}`)
    return { destination, gateway: formatAddress(address), type, priority }
  })
}

/** Of a route that says nothing of it: `IP6_RT_PRIO_USER`, net/ipv6/route.c. IPv4 takes 0. */
const usualMetric6 = 1024

/** Of the route to a link's own IPv6 subnet: `IP6_RT_PRIO_ADDRCONF`, linux/ipv6_route.h. */
const subnetMetric6 = 256

/** What a namespace has one route of: a destination, with a metric. */
export function placeOf({ destination, priority = 0 }: NetworkRoute): string {
  const metric = priority === 0 && familyOf(destination) === 'inet6' ? usualMetric6 : priority
  return `${destination} ${metric}`
}

type RouteType = NonNullable<NetworkRoute['type']>

/**
 * The places of the routes that a sandbox has by a network, with their types: of those to its subnets, and of those that
 * it gives besides.
 */
export function routePlaces(
  pools: readonly Pool[],
  routes: readonly NetworkRoute[] = []
): Map<string, RouteType> {
  const own: NetworkRoute[] = pools.map(({ family, subnet }) => ({
    destination: subnet,
    priority: family === 'inet6' ? subnetMetric6 : 0
  }))
  return new Map([...own, ...routes].map((route) => [placeOf(route), route.type ?? 'unicast']))
}

/**
 * Refuses routes by gateways that are no neighbours on the network, or to families that it doesn't have, and those that
 * would take the place of others: of the route to the network itself, for one.
 */
export function refuseUnreachable(routes: readonly NetworkRoute[], pools: readonly Pool[]): void {
  const places = routePlaces(pools)
  within('routes', () => {
    for (const [index, route] of routes.entries()) {
      const { destination, gateway } = route
      within(index, () => {
        if (places.has(placeOf(route))) {
          within('destination', () =>
            invalidValue(
              destination,
              'other than a subnet of the network, and than those of its other routes'
            )
          )
        }
        places.set(placeOf(route), route.type ?? 'unicast')
        if (!pools.some(({ family }) => family === familyOf(destination))) {
          within('destination', () => invalidValue(destination, 'of a family that the network has'))
        }
        if (
          gateway === undefined ||
          pools.some(({ subnet }) => contains(parseSubnet(subnet), parseAddress(gateway)))
        ) {
          return
        }
        within('gateway', () => invalidValue(gateway, 'an address of the network'))
      })
    }
  })
}
