import {
  attribute,
  enumeration,
  invalidType,
  invalidValue,
  ipv4,
  ipv6,
  linkLayerAddress,
  readLinkLayerAddress,
  u16,
  within
} from '../../codec/index.js'
import type { Field, Type } from '../../codec/index.js'

/** A gateway of another family than the route. */
export interface Via {
  /** `'link'` is a link-layer address, for MPLS. */
  readonly family: 'inet' | 'inet6' | 'link'
  readonly address: string
}

const AF_INET = 2
const AF_INET6 = 10
const AF_PACKET = 17

const family = enumeration(u16, { inet: AF_INET, inet6: AF_INET6, link: AF_PACKET })
const expected = 'a gateway of another family: { family, address }'

/** `RTA_VIA`, `struct rtvia`, linux/rtnetlink.h. */
export const via: Type<Via> = {
  expected,
  size: 0,
  minimum: 2,
  write(writer, value) {
    if (typeof value !== 'object' || value === null) invalidType(value, expected)
    within('family', () => family.write(writer, value.family))
    within('address', () => addressType(value.family).write(writer, value.address))
  },
  read(bytes, offset, length) {
    const at = offset + 2
    const left = length - 2
    switch (u16.read(bytes, offset, 2)) {
      case AF_INET:
        if (left >= 4) return { family: 'inet', address: ipv4.read(bytes, at, 4) }
        break
      case AF_INET6:
        if (left >= 16) return { family: 'inet6', address: ipv6.read(bytes, at, 16) }
        break
    }
    return { family: 'link', address: readLinkLayerAddress(bytes, at, left) }
  }
}

function addressType(name: string): Type<string> {
  switch (name) {
    case 'inet':
      return ipv4
    case 'inet6':
      return ipv6
    case 'link':
      return linkLayerAddress
    default:
      return invalidValue(name, family.expected)
  }
}

const attributeOfVia = attribute(18, via)

/** `RTA_VIA` of a route of IP, whose own family has `gateway` for it; of MPLS, of any family. */
export const routeVia: Field<Via, Via> = {
  ...attributeOfVia,
  write(writer, value, base, source) {
    refuseOwnFamily(value, writer.bytes[base]!)
    attributeOfVia.write!(writer, value, base, source)
  }
}

/** Refuses a gateway of the family, by its number, of the route itself. */
export function refuseOwnFamily(value: Via, family: number): void {
  const given = (value as Partial<Via> | null)?.family
  if ((given === 'inet' && family === AF_INET) || (given === 'inet6' && family === AF_INET6)) {
    within('family', () => invalidValue(given, 'another than that of the route, which has gateway for it'))
  }
}
