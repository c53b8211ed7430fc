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

/** Refuses routes by gateways that are no neighbours on the network, or to families that it doesn't have. */
export function refuseUnreachable(routes: readonly NetworkRoute[], pools: readonly Pool[]): void {
  within('routes', () => {
    for (const [index, { destination, gateway }] of routes.entries()) {
      within(index, () => {
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
