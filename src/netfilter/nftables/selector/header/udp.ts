import { dataTypes } from '../../datatype/types.js'
import { requireTransport } from '../dependency.js'
import { bitsOf, headerField } from './header.js'
import type { Header } from './header.js'

const udpHeader: Header = {
  name: 'udp',
  base: 'transport',
  require: (builder) => requireTransport(builder, 17),
  checksum: { offset: 6 }
}

/** The UDP header (RFC 768). Only UDP packets match. */
export const udp = {
  sport: headerField(udpHeader, 'sport', { offset: 0, length: 16 }, dataTypes.inet_service),
  dport: headerField(udpHeader, 'dport', { offset: 16, length: 16 }, dataTypes.inet_service),
  length: headerField(udpHeader, 'length', { offset: 32, length: 16 }, bitsOf(16)),
  checksum: headerField(udpHeader, 'checksum', { offset: 48, length: 16 }, bitsOf(16))
} as const

const udpliteHeader: Header = {
  name: 'udplite',
  base: 'transport',
  require: (builder) => requireTransport(builder, 136),
  checksum: { offset: 6 }
}

/** The UDP-Lite header (RFC 3828, 3.1). */
export const udplite = {
  sport: headerField(udpliteHeader, 'sport', { offset: 0, length: 16 }, dataTypes.inet_service),
  dport: headerField(udpliteHeader, 'dport', { offset: 16, length: 16 }, dataTypes.inet_service),
  csumcov: headerField(udpliteHeader, 'csumcov', { offset: 32, length: 16 }, bitsOf(16)),
  checksum: headerField(udpliteHeader, 'checksum', { offset: 48, length: 16 }, bitsOf(16))
} as const
