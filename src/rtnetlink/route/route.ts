import { invalidType, invalidValue, requireObject, within } from '../../codec/index.js'
import type { InputOf, OutputOf, UnknownAttribute } from '../../codec/index.js'
import type { IndexOf, Message, NetlinkConnection } from '../../netlink/index.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import type { routeProtocol } from '../route-protocol.js'
import { AF_MPLS } from '../rtnetlink.js'
import type { RouteCacheInfo } from './cache-info.js'
import type { Encapsulation, EncapsulationSpec } from './encapsulation/index.js'
import type { RouteFamily } from './family.js'
import type { RouteMetrics, RouteMetricsSpec } from './metrics.js'
import { mplsRouteMessage } from './mpls-route.js'
import type { RouteNextHop, RouteNextHopInput } from './next-hops.js'
import type { Realms } from './realms.js'
import type { routeFlagNames, routePreference } from './schema.js'
import { routeMessage } from './schema.js'
import type { RouteMessageInput } from './schema.js'
import type { routeScope, routeType } from './scope.js'
import type { Via } from './via.js'

type RouteFlag = keyof typeof routeFlagNames | number

/** A route, as the kernel has it (ip-route(8), linux/rtnetlink.h). What it does not have is absent. */
export interface Route {
  readonly family: RouteFamily
  /** `'unicast'`, `'local'`, `'blackhole'` and so on: what becomes of the packet. */
  readonly type: OutputOf<typeof routeType>
  /** A prefix; `'0.0.0.0/0'` or `'::/0'` for the default route, always. Of an MPLS route, the label. */
  readonly destination: string
  /** IPv6: the prefix that the packet's source must be in. In an answer to a look-up: the source. */
  readonly source?: string
  /** The type of service that a packet must have; absent when any will do. */
  readonly tos?: number
  readonly table: number
  /** Who made it: `'kernel'`, `'boot'`, `'static'`, `'bgp'` and so on. */
  readonly protocol: OutputOf<typeof routeProtocol>
  /** How far away the destination is. IPv6 has only `'global'`. */
  readonly scope: OutputOf<typeof routeScope>
  readonly flags: readonly RouteFlag[]
  /** The next router, of the route's own family. */
  readonly gateway?: string
  /** The next router, of another family. */
  readonly via?: Via
  /** The index of the link that packets leave by. */
  readonly link?: number
  /** The metric: of several routes to a destination the lowest wins. */
  readonly priority?: number
  /** The source address of packets that this host sends by it. */
  readonly preferredSource?: string
  /** Several hops, among which packets are spread by weight. */
  readonly nextHops?: readonly RouteNextHop[]
  /** The next-hop object that it uses; the kernel then tells that object's gateway or hops too. */
  readonly nextHopId?: number
  readonly metrics?: Readonly<RouteMetrics>
  /** IPv6 (RFC 4191). */
  readonly preference?: OutputOf<typeof routePreference>
  /** Seconds until it goes; IPv6. */
  readonly expires?: number
  readonly realms?: Realms
  readonly encap?: Encapsulation
  /** MPLS: the labels that take the place of the destination. */
  readonly newDestination?: readonly number[]
  /** MPLS: whether the TTL of the label is copied into the packet. */
  readonly ttlPropagate?: boolean
  /** In an answer to a look-up: the index of the link that the packet came in by. */
  readonly inputLink?: number
  readonly cacheInfo?: RouteCacheInfo
  /** In an answer to a look-up. */
  readonly mark?: number
  /** In an answer to a look-up. */
  readonly uid?: number
  /** Attributes that netloom does not know. */
  readonly unknown?: readonly UnknownAttribute[]
}

/** A hop of a multipath route to add. */
export interface RouteNextHopSpec extends Omit<RouteNextHopInput, 'link' | 'encap'> {
  /** The next router, of the route's own family. */
  readonly gateway?: string | undefined
  /** The next router, of another family. */
  readonly via?: Via | undefined
  /** The link to leave by; needed where the gateway alone does not tell. */
  readonly link?: LinkRef | undefined
  /** 1 to 256, 1 by default: its share of the packets. */
  readonly weight?: number | undefined
  readonly encap?: EncapsulationSpec | undefined
}

/**
 * A route to add, replace, change or delete. What is absent is filled in as iproute2 does; a deletion instead
 * matches any value of what is absent. A `Route` as it was read will do too: what only the kernel can say is
 * left out.
 */
export interface RouteSpec {
  /** `'10.0.0.0/24'`, `'fd00::/64'`, an address alone, or `'default'`. Bits past the prefix are refused. */
  readonly destination: string
  /** That of the destination, or with `'default'` of the gateway, else `'inet'`. `'mpls'` must be given. */
  readonly family?: RouteFamily | undefined
  /** `'unicast'` by default. */
  readonly type?: InputOf<typeof routeType> | undefined
  /** IPv6: the prefix that the packet's source must be in. Any by default. */
  readonly source?: string | undefined
  /** The type of service that a packet must have; any by default. */
  readonly tos?: number | undefined
  /**
   * A number, or a name from rt_tables; `'main'` by default, and `'local'` for the types local, broadcast,
   * anycast and nat.
   */
  readonly table?: number | string | undefined
  /** `'boot'` by default. */
  readonly protocol?: InputOf<typeof routeProtocol> | undefined
  /**
   * IPv4: `'link'` by default for a unicast route without a gateway and for broadcast, multicast and anycast;
   * `'host'` for local and nat; otherwise `'global'`.
   */
  readonly scope?: InputOf<typeof routeScope> | undefined
  /** `['onlink']`: the gateway is on the link, whatever the addresses say. */
  readonly flags?: readonly RouteFlag[] | undefined
  /** The next router, of the route's own family. */
  readonly gateway?: string | undefined
  /** The next router, of another family: IPv4 over IPv6 (Linux 5.2), or for MPLS. */
  readonly via?: Via | undefined
  /** The link to leave by. */
  readonly link?: LinkRef | undefined
  /** The metric: 0 by default for IPv4; the kernel makes it 1024 for IPv6. */
  readonly priority?: number | undefined
  /** An address of this host, for packets that it sends. */
  readonly preferredSource?: string | undefined
  /** Several hops, in place of `gateway`, `via` and `link`. */
  readonly nextHops?: readonly RouteNextHopSpec[] | undefined
  /** A next-hop object, in place of `gateway`, `via`, `link`, `nextHops` and `encap`. */
  readonly nextHopId?: number | undefined
  readonly metrics?: Readonly<RouteMetricsSpec> | undefined
  /** IPv6 (RFC 4191); `'medium'` by default. */
  readonly preference?: InputOf<typeof routePreference> | undefined
  /** Seconds until it goes; IPv6. For ever by default. */
  readonly expires?: number | undefined
  readonly realms?: Realms | undefined
  /** What to put around the packets. Links in it are named by index. */
  readonly encap?: EncapsulationSpec | undefined
  /** MPLS: the labels that take the place of the destination; without them it is popped. */
  readonly newDestination?: readonly number[] | undefined
  /** MPLS: whether the TTL of the label is copied into the packet. */
  readonly ttlPropagate?: boolean | undefined
  readonly inputLink?: LinkRef | undefined
  /** Attributes to send as they are. */
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

/** A route on its way to the kernel: the links to look up, and what goes on the wire once they are known. */
export interface PreparedRoute {
  readonly needs: readonly string[]
  input(indexOf: IndexOf): RouteMessageInput
}

/**
 * Refuses combinations that can't be right, and finds the links that a route names; `undefined` where it goes
 * on the wire as it is.
 */
export function prepareRoute(spec: RouteSpec, connection: NetlinkConnection): PreparedRoute | undefined {
  requireObject(spec, routeMessage.expected)
  refuseContradictions(spec)
  const { link, inputLink, nextHops } = spec
  const simple = typeof link === 'number' || link === undefined
  if (simple && inputLink === undefined && nextHops === undefined) {
    if (link !== undefined) checkLinkRef(link, connection, 'link')
    return undefined
  }
  const needs: string[] = []
  const reference = (ref: LinkRef | undefined, field: string): string | number | undefined => {
    if (ref === undefined) return undefined
    const target = checkLinkRef(ref, connection, field)
    if (typeof target === 'string') needs.push(target)
    return target
  }
  const output = reference(link, 'link')
  const input = reference(inputLink, 'inputLink')
  const hops = within('nextHops', () => hopReferences(nextHops, reference))
  return {
    needs,
    input(indexOf) {
      const index = (target: string | number | undefined): number | undefined =>
        typeof target === 'string' ? indexOf(target) : target
      return {
        ...spec,
        link: index(output),
        inputLink: index(input),
        nextHops: nextHops?.map((hop, i) => ({ ...hop, link: index(hops[i]) }))
      }
    }
  }
}

function hopReferences(
  hops: readonly RouteNextHopSpec[] | undefined,
  reference: (ref: LinkRef | undefined, field: string) => string | number | undefined
): (string | number | undefined)[] {
  if (hops === undefined) return []
  if (!Array.isArray(hops)) invalidType(hops, 'an array of next hops')
  return hops.map((hop: RouteNextHopSpec, i) =>
    within(i, () => {
      requireObject(hop, 'a next hop: { gateway?, link?, weight? }')
      return reference(hop.link, 'link')
    })
  )
}

/** What says where packets go, of which a route has one. */
const targets = ['gateway', 'via', 'nextHops'] as const

function refuseContradictions(spec: RouteSpec): void {
  let first: string | undefined
  for (const key of targets) {
    if (spec[key] === undefined) continue
    if (first !== undefined) {
      within(key, () => invalidValue(spec[key], `absent: the route has ${first} already`))
    }
    first = key
  }
}

/** Reads a route out of its message. */
export function readRoute(message: Message): Route {
  const { bytes, offset, length } = message
  if (bytes[offset] === AF_MPLS) return mplsRouteMessage.read(bytes, offset, length)
  return routeMessage.read(bytes, offset, length)
}
