import {
  attribute,
  be16,
  compile,
  enumeration,
  familyAddress,
  flags,
  header,
  prefix,
  present,
  record,
  required,
  u32,
  u8
} from '../../codec/index.js'
import type { Field, FlagsType, InputOf, OutputOf, Source } from '../../codec/index.js'
import { ipProtocol } from '../ip-protocol.js'
import { routeProtocol } from '../route-protocol.js'
import { cacheInfo, expires } from './cache-info.js'
import { encapsulation } from './encapsulation/index.js'
import { routeFamily } from './family.js'
import { routeMetrics } from './metrics.js'
import { nextHops } from './next-hops.js'
import { realms } from './realms.js'
import { routeScope, routeType, scopeField, typeNumber, usualScope } from './scope.js'
import { RT_TABLE_LOCAL, RT_TABLE_MAIN, tableField } from './table.js'
import { routeVia } from './via.js'

/** Message types, linux/rtnetlink.h. */
export const RTM_NEWROUTE = 24
export const RTM_DELROUTE = 25
export const RTM_GETROUTE = 26

/** Bytes of `struct rtmsg`, linux/rtnetlink.h. */
export const routeHeaderSize = 12

/** `ICMPV6_ROUTER_PREF_*`, linux/icmpv6.h (RFC 4191). */
export const routePreference = enumeration(u8, { medium: 0, high: 1, low: 3 })

/** `RTNH_F_*` and `RTM_F_*`, linux/rtnetlink.h, as `ip route` prints them. */
export const routeFlagNames = {
  dead: 0x01,
  pervasive: 0x02,
  onlink: 0x04,
  offload: 0x08,
  linkdown: 0x10,
  unresolved: 0x20,
  trap: 0x40,
  notify: 0x100,
  cloned: 0x200,
  equalize: 0x400,
  prefix: 0x800,
  lookup_table: 0x1000,
  fib_match: 0x2000,
  rt_offload: 0x4000,
  rt_trap: 0x8000,
  rt_offload_failed: 0x20000000
} as const

/** The flags that a user sets. The rest is status, and left out when a route that was read is written. */
const settableFlags = routeFlagNames.onlink | routeFlagNames.pervasive | routeFlagNames.notify

export const allRouteFlags = flags(u32, routeFlagNames)

const routeFlags: FlagsType<keyof typeof routeFlagNames> = {
  ...allRouteFlags,
  write: (writer, value) => writer.u32(allRouteFlags.maskOf(value) & settableFlags)
}

/** Read in the answer to a look-up; dropped when such an answer is written back. */
function answered<Out>(field: Field<Out, Out>): Field<Out, Out> {
  return { ...field, write: () => undefined }
}

/** Local and broadcast routes belong into the table of their own, as with iproute2. */
export function usualTable(type: unknown): number {
  switch (typeNumber(type)) {
    case routeType.names.local:
    case routeType.names.broadcast:
    case routeType.names.nat:
    case routeType.names.anycast:
      return RT_TABLE_LOCAL
    default:
      return RT_TABLE_MAIN
  }
}

const destination = prefix({ attribute: 1, lengthOffset: 1, familyOffset: 0, default: true })

/** `struct rtmsg` and `RTA_*`, linux/rtnetlink.h. */
export const routeFields = {
  family: routeFamily,
  type: header(7, routeType, { default: () => 'unicast' as const }),
  destination: present(required(destination)),
  source: prefix({ attribute: 2, lengthOffset: 2, familyOffset: 0, zero: 'absent' }),
  tos: header(3, u8, { absent: 0 }),
  table: tableField((source: Source) => usualTable(source['type'])),
  protocol: header(5, routeProtocol, { default: () => 'boot' as const }),
  scope: scopeField(usualScope),
  flags: header(8, routeFlags),
  gateway: familyAddress(5, { familyOffset: 0 }),
  via: routeVia,
  link: attribute(4, u32),
  priority: attribute(6, u32),
  preferredSource: familyAddress(7, { familyOffset: 0 }),
  nextHops,
  nextHopId: attribute(30, u32.within({ min: 1 })),
  metrics: attribute(8, routeMetrics),
  preference: attribute(20, routePreference),
  expires,
  realms: attribute(11, realms),
  encap: encapsulation(21, 22),
  inputLink: attribute(3, u32),
  cacheInfo,
  mark: answered(attribute(16, u32)),
  uid: answered(attribute(25, u32))
} as const

/** A route, with iproute2's defaults where something is not given. */
export const routeMessage = compile(
  record(routeFields, { headerSize: routeHeaderSize, what: 'a route: an object with its destination' })
)

/** What a route to delete must match: what is not given matches anything. */
export const routeSelector = compile(
  record(
    {
      ...routeFields,
      type: header(7, routeType),
      protocol: header(5, routeProtocol),
      scope: scopeField(() => routeScope.names.nowhere)
    },
    { headerSize: routeHeaderSize, what: 'a route: an object with its destination' }
  )
)

/** What is looked up. */
export const lookupMessage = record(
  {
    family: routeFamily,
    destination: required(destination),
    source: prefix({ attribute: 2, lengthOffset: 2, familyOffset: 0, zero: 'absent' }),
    tos: header(3, u8),
    flags: header(8, u32),
    inputLink: attribute(3, u32),
    link: attribute(4, u32),
    mark: attribute(16, u32),
    uid: attribute(25, u32),
    ipProtocol: attribute(27, ipProtocol),
    sourcePort: attribute(28, be16),
    destinationPort: attribute(29, be16)
  },
  { headerSize: routeHeaderSize, what: 'options of a look-up' }
)

/** What a dump is filtered by in the kernel. */
export const dumpMessage = record(
  {
    family: header(0, u8),
    table: tableField(() => undefined),
    protocol: header(5, u8),
    type: header(7, u8),
    flags: header(8, u32),
    link: attribute(4, u32)
  },
  { headerSize: routeHeaderSize }
)

export type RouteMessage = OutputOf<typeof routeMessage>
export type RouteMessageInput = InputOf<typeof routeMessage>
