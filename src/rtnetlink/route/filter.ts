import {
  InvalidType,
  Writer,
  familyOf,
  invalidType,
  invalidValue,
  ip,
  parsePrefix,
  u32,
  u8,
  within
} from '../../codec/index.js'
import type { NumberType } from '../../codec/index.js'
import type { DumpRequest, NetlinkConnection } from '../../netlink/index.js'
import { checkFilter, filterValue } from '../filter.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { routeProtocol } from '../route-protocol.js'
import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../rtnetlink.js'
import { tableNumber } from '../table-names.js'
import type { RouteFamily } from './family.js'
import { readRoute } from './route.js'
import type { Route } from './route.js'
import { RTM_GETROUTE, RTM_NEWROUTE, dumpMessage, routeFlagNames, usualTable } from './schema.js'
import { routeScope, routeType } from './scope.js'

/**
 * Which routes to list. What is absent does not restrict, except `table`. Family, table, type, protocol and
 * link are filtered by the kernel, which then reads no others; the rest is filtered here.
 */
export interface RouteFilter {
  /** IPv4 and IPv6 when absent; MPLS routes only with `'mpls'`. */
  readonly family?: RouteFamily | undefined
  /**
   * A number, a name from rt_tables, or `'all'`. By default the one that `add` would use: `'main'`, as with
   * `ip route`, and `'local'` for the types local, broadcast, anycast and nat.
   */
  readonly table?: number | string | undefined
  readonly type?: Route['type'] | undefined
  readonly protocol?: Route['protocol'] | undefined
  readonly scope?: Route['scope'] | undefined
  /** Routes that leave by this link, with any of their hops. */
  readonly link?: LinkRef | undefined
  /** Exactly this prefix; `'default'` is that of either family. */
  readonly destination?: string | undefined
  readonly source?: string | undefined
  /** Routes with this gateway, of any of their hops and of either family. */
  readonly gateway?: string | undefined
  readonly preferredSource?: string | undefined
  readonly priority?: number | undefined
  /** 0 is the routes for any type of service. */
  readonly tos?: number | undefined
  readonly nextHopId?: number | undefined
  /** The exceptions that the kernel has learnt, such as path MTUs, in place of routes. Default false. */
  readonly cached?: boolean | undefined
}

const keys: readonly (keyof RouteFilter)[] = [
  'family',
  'table',
  'type',
  'protocol',
  'scope',
  'link',
  'destination',
  'source',
  'gateway',
  'preferredSource',
  'priority',
  'tos',
  'nextHopId',
  'cached'
]

const families: Readonly<Record<RouteFamily, number>> = { inet: AF_INET, inet6: AF_INET6, mpls: AF_MPLS }

/** The request for the routes that a filter lets through. */
export function routeDump(
  connection: NetlinkConnection,
  filter: RouteFilter = {},
  method = 'routes.list'
): DumpRequest<Route> {
  checkFilter(filter, keys)
  const { family, type, protocol, cached = false } = filter
  const table = filter.table ?? within('type', () => usualTable(type))
  if (family !== undefined && !Object.hasOwn(families, family)) {
    within('family', () => invalidValue(family, 'one of "inet", "inet6", "mpls"'))
  }
  if (typeof cached !== 'boolean') throw new InvalidType(cached, 'true or false').within('cached')
  const target = filter.link === undefined ? undefined : checkLinkRef(filter.link, connection, 'link')
  const familyNumber = family === undefined ? AF_UNSPEC : families[family]
  const request = {
    family: familyNumber,
    table: table === 'all' ? undefined : within('table', () => tableNumber(table)),
    type: type === undefined ? undefined : within('type', () => routeType.numberOf(type)),
    protocol: protocol === undefined ? undefined : within('protocol', () => routeProtocol.numberOf(protocol)),
    flags: cached ? routeFlagNames.cloned : 0
  }
  const matches = matcher(filter)
  // Checked now, so that a bad number is refused before a link is looked up.
  dumpMessage.write(new Writer(64), request)
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETROUTE',
    type: RTM_GETROUTE,
    schema: dumpMessage,
    // A table comes to be with its first route.
    emptyOn: ['ENOENT'],
    needs: typeof target === 'string' ? [target] : undefined,
    write(writer, indexOf) {
      dumpMessage.write(writer, { ...request, link: typeof target === 'string' ? indexOf(target) : target })
    },
    read(message) {
      if (message.type !== RTM_NEWROUTE) return undefined
      // A dump of every family has MPLS routes and multicast forwarding entries in it too.
      const number = message.bytes[message.offset]!
      if (familyNumber === AF_UNSPEC ? number !== AF_INET && number !== AF_INET6 : number !== familyNumber) {
        return undefined
      }
      const route = readRoute(message)
      return matches === undefined || matches(route) ? route : undefined
    }
  }
}

type Test = (route: Route) => boolean

/** What the kernel can't filter by; `undefined` if there is nothing of it. */
function matcher(filter: RouteFilter): Test | undefined {
  const tests: Test[] = []
  const scope = filterValue(routeScope, filter.scope, 'scope')
  if (scope !== undefined) tests.push((route) => route.scope === scope)
  // The kernel takes 0 for any.
  const type = filterValue(routeType, filter.type, 'type')
  if (type === 0) tests.push((route) => route.type === type)
  const protocol = filterValue(routeProtocol, filter.protocol, 'protocol')
  if (protocol === 'unspec') tests.push((route) => route.protocol === protocol)
  if (filter.destination !== undefined) {
    const wanted = within('destination', () => destinations(filter.destination!, filter.family))
    tests.push((route) => wanted.includes(route.destination))
  }
  if (filter.source !== undefined) {
    const wanted = within('source', () => canonicalPrefix(filter.source!))
    tests.push((route) => route.source === wanted)
  }
  if (filter.preferredSource !== undefined) {
    const wanted = within('preferredSource', () => canonicalAddress(filter.preferredSource!))
    tests.push((route) => route.preferredSource === wanted)
  }
  if (filter.gateway !== undefined) {
    const wanted = within('gateway', () => canonicalAddress(filter.gateway!))
    tests.push(
      (route) => hasGateway(route, wanted) || route.nextHops?.some((hop) => hasGateway(hop, wanted)) === true
    )
  }
  for (const [key, type] of numbers) {
    const wanted = filter[key]
    if (wanted === undefined) continue
    within(key, () => type.write(new Writer(8), wanted))
    tests.push((route) => (route[key] ?? 0) === wanted)
  }
  if (tests.length === 0) return undefined
  return (route) => tests.every((test) => test(route))
}

const numbers: readonly (readonly ['priority' | 'tos' | 'nextHopId', NumberType])[] = [
  ['priority', u32],
  ['tos', u8],
  ['nextHopId', u32]
]

function hasGateway(hop: Pick<Route, 'gateway' | 'via'>, wanted: string): boolean {
  return hop.gateway === wanted || hop.via?.address === wanted
}

function destinations(text: string, family: RouteFamily | undefined): readonly string[] {
  if (text === 'default') return ['0.0.0.0/0', '::/0']
  return [family === 'mpls' ? text : canonicalPrefix(text)]
}

function canonicalPrefix(text: string): string {
  const { address, length } = parsePrefix(text)
  return `${canonicalAddress(address)}/${length}`
}

/** An address as reading gives it. */
function canonicalAddress(text: string): string {
  if (typeof text !== 'string') invalidType(text, ip.expected)
  const writer = new Writer(16)
  ip.write(writer, text)
  return ip.read(writer.bytes, 0, familyOf(text) === 'inet' ? 4 : 16)
}
