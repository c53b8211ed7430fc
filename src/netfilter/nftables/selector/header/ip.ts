import { dataTypes } from '../../datatype/types.js'
import { requireNetwork } from '../dependency.js'
import { bitsOf, headerField } from './header.js'
import type { Header } from './header.js'

const header: Header = {
  name: 'ip',
  base: 'network',
  require: (builder) => requireNetwork(builder, 'ip'),
  checksum: { offset: 10 }
}

/** The IPv4 header (RFC 791, 3.1). In tables of several protocols, only IPv4 packets match. */
export const ip = {
  version: headerField(header, 'version', { offset: 0, length: 4 }, bitsOf(4)),
  hdrlength: headerField(header, 'hdrlength', { offset: 4, length: 4 }, bitsOf(4)),
  dscp: headerField(header, 'dscp', { offset: 8, length: 6 }, dataTypes.dscp),
  ecn: headerField(header, 'ecn', { offset: 14, length: 2 }, dataTypes.ecn),
  length: headerField(header, 'length', { offset: 16, length: 16 }, bitsOf(16)),
  id: headerField(header, 'id', { offset: 32, length: 16 }, bitsOf(16)),
  fragOff: headerField(header, 'frag-off', { offset: 48, length: 16 }, bitsOf(16)),
  ttl: headerField(header, 'ttl', { offset: 64, length: 8 }, bitsOf(8)),
  protocol: headerField(
    header,
    'protocol',
    { offset: 72, length: 8, settles: (builder, value) => (builder.known.transport = value[0]!) },
    dataTypes.inet_proto
  ),
  checksum: headerField(header, 'checksum', { offset: 80, length: 16 }, bitsOf(16)),
  saddr: headerField(header, 'saddr', { offset: 96, length: 32, pseudoHeader: true }, dataTypes.ipv4_addr),
  daddr: headerField(header, 'daddr', { offset: 128, length: 32, pseudoHeader: true }, dataTypes.ipv4_addr)
} as const
