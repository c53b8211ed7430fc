import { dataTypes } from '../../datatype/types.js'
import type { RuleBuilder } from '../../rule/builder.js'
import { requireNetwork, requireTransport } from '../dependency.js'
import { bitsOf, headerField } from './header.js'
import type { Header } from './header.js'

const settlesType = (builder: RuleBuilder): void => {
  builder.known.icmpType = true
}

const icmpHeader: Header = {
  name: 'icmp',
  base: 'transport',
  require(builder) {
    requireNetwork(builder, 'ip')
    requireTransport(builder, 1)
  },
  checksum: { offset: 2 }
}

/** The ICMP header (RFC 792). What but some types have is read without looking at the type: match it before. */
export const icmp = {
  type: headerField(icmpHeader, 'type', { offset: 0, length: 8, settles: settlesType }, dataTypes.icmp_type),
  code: headerField(icmpHeader, 'code', { offset: 8, length: 8 }, dataTypes.icmp_code),
  checksum: headerField(icmpHeader, 'checksum', { offset: 16, length: 16 }, bitsOf(16)),
  id: headerField(icmpHeader, 'id', { offset: 32, length: 16 }, bitsOf(16)),
  sequence: headerField(icmpHeader, 'sequence', { offset: 48, length: 16 }, bitsOf(16)),
  gateway: headerField(icmpHeader, 'gateway', { offset: 32, length: 32 }, bitsOf(32)),
  mtu: headerField(icmpHeader, 'mtu', { offset: 48, length: 16 }, bitsOf(16))
} as const

const icmpv6Header: Header = {
  name: 'icmpv6',
  base: 'transport',
  require(builder) {
    requireNetwork(builder, 'ip6')
    requireTransport(builder, 58)
  },
  checksum: { offset: 2 }
}

/** The ICMPv6 header (RFC 4443, 2.1). What but some types have is read without looking at the type. */
export const icmpv6 = {
  type: headerField(
    icmpv6Header,
    'type',
    { offset: 0, length: 8, settles: settlesType },
    dataTypes.icmpv6_type
  ),
  code: headerField(icmpv6Header, 'code', { offset: 8, length: 8 }, dataTypes.icmpv6_code),
  checksum: headerField(icmpv6Header, 'checksum', { offset: 16, length: 16 }, bitsOf(16)),
  parameterProblem: headerField(icmpv6Header, 'parameter-problem', { offset: 32, length: 32 }, bitsOf(32)),
  mtu: headerField(icmpv6Header, 'mtu', { offset: 32, length: 32 }, bitsOf(32)),
  id: headerField(icmpv6Header, 'id', { offset: 32, length: 16 }, bitsOf(16)),
  sequence: headerField(icmpv6Header, 'sequence', { offset: 48, length: 16 }, bitsOf(16)),
  maxDelay: headerField(icmpv6Header, 'max-delay', { offset: 32, length: 16 }, bitsOf(16))
} as const

const igmpHeader: Header = {
  name: 'igmp',
  base: 'transport',
  require(builder) {
    requireNetwork(builder, 'ip')
    requireTransport(builder, 2)
  },
  checksum: { offset: 2 }
}

/** The IGMP header (RFC 2236, 2). */
export const igmp = {
  type: headerField(igmpHeader, 'type', { offset: 0, length: 8 }, dataTypes.igmp_type),
  mrt: headerField(igmpHeader, 'mrt', { offset: 8, length: 8 }, bitsOf(8)),
  checksum: headerField(igmpHeader, 'checksum', { offset: 16, length: 16 }, bitsOf(16)),
  group: headerField(igmpHeader, 'group', { offset: 32, length: 32 }, dataTypes.ipv4_addr)
} as const
