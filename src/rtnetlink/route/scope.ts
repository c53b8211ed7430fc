import { enumeration, u8 } from '../../codec/index.js'
import type { EnumerationType, Field, InputOf, OutputOf, Source } from '../../codec/index.js'
import { AF_INET } from '../rtnetlink.js'

/** `RT_SCOPE_*`, linux/rtnetlink.h: how far away the destination is. */
export const routeScope = enumeration(u8, { global: 0, site: 200, link: 253, host: 254, nowhere: 255 })

/** `RTN_*`, linux/rtnetlink.h: what becomes of a packet, as iproute2 names it. */
export const routeType = enumeration(u8, {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
  xresolve: 11
})

type Scope = OutputOf<typeof routeScope>

const familyOffset = 0
const scopeOffset = 6
const typeOffset = 7

/** The number of a route's type. */
export function typeNumber(given: unknown): number {
  const type = given as InputOf<typeof routeType> | undefined
  return type === undefined ? routeType.names.unicast : routeType.numberOf(type)
}

/** The scope of a route; without one it is what `fallback` says of an IPv4 route. */
export function scopeField(
  fallback: (type: number, source: Source) => number
): Field<Scope, Scope> & { readonly present: true } {
  const names: EnumerationType<keyof typeof routeScope.names> = routeScope
  const field: Field<Scope, Scope> = {
    types: [],
    always: true,
    headerEnd: scopeOffset + 1,
    write(writer, value: Scope | undefined, base, source) {
      const { bytes } = writer
      if (value !== undefined) bytes[base + scopeOffset] = names.numberOf(value)
      // Only IPv4 knows scopes; elsewhere everything is global, which is 0.
      else if (bytes[base + familyOffset] === AF_INET) {
        bytes[base + scopeOffset] = fallback(bytes[base + typeOffset]!, source)
      }
    },
    readHeader(target, key, bytes, base) {
      target[key] = names.nameOf(bytes[base + scopeOffset]!)
    }
  }
  return field as Field<Scope, Scope> & { readonly present: true }
}

/** The scope that iproute2 gives a route (`ip-route(8)`, SCOPE). */
export function usualScope(type: number, source: Source): number {
  const { names } = routeType
  switch (type) {
    case names.local:
    case names.nat:
      return routeScope.names.host
    case names.broadcast:
    case names.multicast:
    case names.anycast:
      return routeScope.names.link
    case names.unicast:
      return source['gateway'] === undefined &&
        source['via'] === undefined &&
        source['nextHops'] === undefined &&
        source['nextHopId'] === undefined
        ? routeScope.names.link
        : routeScope.names.global
    default:
      return routeScope.names.global
  }
}
