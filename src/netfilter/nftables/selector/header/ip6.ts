import { dataTypes } from '../../datatype/types.js'
import { requireNetwork } from '../dependency.js'
import { bitsOf, headerField } from './header.js'
import type { Header } from './header.js'

const header: Header = {
  name: 'ip6',
  base: 'network',
  require: (builder) => requireNetwork(builder, 'ip6')
}

/** The IPv6 header (RFC 8200, 3). In tables of several protocols, only IPv6 packets match. */
export const ip6 = {
  version: headerField(header, 'version', { offset: 0, length: 4 }, bitsOf(4)),
  dscp: headerField(header, 'dscp', { offset: 4, length: 6 }, dataTypes.dscp),
  ecn: headerField(header, 'ecn', { offset: 10, length: 2 }, dataTypes.ecn),
  flowlabel: headerField(header, 'flowlabel', { offset: 12, length: 20 }, bitsOf(20)),
  length: headerField(header, 'length', { offset: 32, length: 16 }, bitsOf(16)),
  nexthdr: headerField(
    header,
    'nexthdr',
    { offset: 48, length: 8, settles: (builder, value) => (builder.known.transport = value[0]!) },
    dataTypes.inet_proto
  ),
  hoplimit: headerField(header, 'hoplimit', { offset: 56, length: 8 }, bitsOf(8)),
  saddr: headerField(header, 'saddr', { offset: 64, length: 128, pseudoHeader: true }, dataTypes.ipv6_addr),
  daddr: headerField(header, 'daddr', { offset: 192, length: 128, pseudoHeader: true }, dataTypes.ipv6_addr)
} as const
