import { dataTypes } from '../../datatype/types.js'
import { requireTransport } from '../dependency.js'
import { bitsOf, headerField } from './header.js'
import type { Header } from './header.js'

const transport = (name: string, protocol: number): Header => ({
  name,
  base: 'transport',
  require: (builder) => requireTransport(builder, protocol)
})

const anyHeader: Header = { name: 'th', base: 'transport' }

/** The ports of whatever transport protocol the packet has: match `meta.l4proto` before. */
export const th = {
  sport: headerField(anyHeader, 'sport', { offset: 0, length: 16 }, dataTypes.inet_service),
  dport: headerField(anyHeader, 'dport', { offset: 16, length: 16 }, dataTypes.inet_service)
} as const

const sctpHeader = transport('sctp', 132)

/** The SCTP common header (RFC 9260, 3.1). */
export const sctp = {
  sport: headerField(sctpHeader, 'sport', { offset: 0, length: 16 }, dataTypes.inet_service),
  dport: headerField(sctpHeader, 'dport', { offset: 16, length: 16 }, dataTypes.inet_service),
  vtag: headerField(sctpHeader, 'vtag', { offset: 32, length: 32 }, bitsOf(32)),
  checksum: headerField(sctpHeader, 'checksum', { offset: 64, length: 32 }, bitsOf(32))
} as const

const dccpHeader = transport('dccp', 33)

/** The DCCP header (RFC 4340, 5.1). */
export const dccp = {
  sport: headerField(dccpHeader, 'sport', { offset: 0, length: 16 }, dataTypes.inet_service),
  dport: headerField(dccpHeader, 'dport', { offset: 16, length: 16 }, dataTypes.inet_service),
  type: headerField(dccpHeader, 'type', { offset: 67, length: 4 }, dataTypes.dccp_pkttype)
} as const

const ahHeader = transport('ah', 51)

/** The IP authentication header (RFC 4302, 2). */
export const ah = {
  hdrlength: headerField(ahHeader, 'hdrlength', { offset: 8, length: 8 }, bitsOf(8)),
  reserved: headerField(ahHeader, 'reserved', { offset: 16, length: 16 }, bitsOf(16)),
  spi: headerField(ahHeader, 'spi', { offset: 32, length: 32 }, bitsOf(32)),
  sequence: headerField(ahHeader, 'sequence', { offset: 64, length: 32 }, bitsOf(32))
} as const

const espHeader = transport('esp', 50)

/** The encapsulating security payload (RFC 4303, 2). */
export const esp = {
  spi: headerField(espHeader, 'spi', { offset: 0, length: 32 }, bitsOf(32)),
  sequence: headerField(espHeader, 'sequence', { offset: 32, length: 32 }, bitsOf(32))
} as const

const compHeader = transport('comp', 108)

/** IP payload compression (RFC 3173, 3). */
export const comp = {
  nexthdr: headerField(compHeader, 'nexthdr', { offset: 0, length: 8 }, dataTypes.inet_proto),
  flags: headerField(compHeader, 'flags', { offset: 8, length: 8 }, bitsOf(8)),
  cpi: headerField(compHeader, 'cpi', { offset: 16, length: 16 }, bitsOf(16))
} as const
