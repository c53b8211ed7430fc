import { dataTypes } from '../../datatype/types.js'
import { requireTransport } from '../dependency.js'
import { bitsOf, headerField } from './header.js'
import type { Header } from './header.js'

const header: Header = {
  name: 'tcp',
  base: 'transport',
  require: (builder) => requireTransport(builder, 6),
  checksum: { offset: 16 }
}

/** The TCP header (RFC 9293, 3.1). Only TCP packets match. */
export const tcp = {
  sport: headerField(header, 'sport', { offset: 0, length: 16 }, dataTypes.inet_service),
  dport: headerField(header, 'dport', { offset: 16, length: 16 }, dataTypes.inet_service),
  sequence: headerField(header, 'sequence', { offset: 32, length: 32 }, bitsOf(32)),
  ackseq: headerField(header, 'ackseq', { offset: 64, length: 32 }, bitsOf(32)),
  doff: headerField(header, 'doff', { offset: 96, length: 4 }, bitsOf(4)),
  reserved: headerField(header, 'reserved', { offset: 100, length: 4 }, bitsOf(4)),
  flags: headerField(header, 'flags', { offset: 104, length: 8 }, dataTypes.tcp_flag),
  window: headerField(header, 'window', { offset: 112, length: 16 }, bitsOf(16)),
  checksum: headerField(header, 'checksum', { offset: 128, length: 16 }, bitsOf(16)),
  urgptr: headerField(header, 'urgptr', { offset: 144, length: 16 }, bitsOf(16))
} as const
