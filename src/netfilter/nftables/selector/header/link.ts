import { dataTypes } from '../../datatype/types.js'
import type { RuleBuilder } from '../../rule/builder.js'
import { requireEther, requireNetwork, requireVlan } from '../dependency.js'
import { bitsOf, headerField } from './header.js'
import type { Header } from './header.js'

const etherHeader: Header = { name: 'ether', base: 'link', require: requireEther }

/** Notes which network header follows. */
export function settlesEtherType(builder: RuleBuilder, value: Uint8Array): void {
  const number = (value[0]! << 8) | value[1]!
  builder.known.network =
    number === 0x0800 ? 'ip' : number === 0x86dd ? 'ip6' : number === 0x0806 ? 'arp' : 'other'
}

/** The Ethernet header (IEEE 802.3). */
export const ether = {
  daddr: headerField(etherHeader, 'daddr', { offset: 0, length: 48 }, dataTypes.ether_addr),
  saddr: headerField(etherHeader, 'saddr', { offset: 48, length: 48 }, dataTypes.ether_addr),
  type: headerField(
    etherHeader,
    'type',
    { offset: 96, length: 16, settles: settlesEtherType },
    dataTypes.ether_type
  )
} as const

const vlanHeader: Header = { name: 'vlan', base: 'link', require: requireVlan }

/** The tag of a VLAN (IEEE 802.1Q). */
export const vlan = {
  pcp: headerField(vlanHeader, 'pcp', { offset: 112, length: 3 }, bitsOf(3)),
  dei: headerField(vlanHeader, 'dei', { offset: 115, length: 1 }, bitsOf(1)),
  id: headerField(vlanHeader, 'id', { offset: 116, length: 12 }, bitsOf(12)),
  type: headerField(
    vlanHeader,
    'type',
    { offset: 128, length: 16, settles: settlesEtherType },
    dataTypes.ether_type
  )
} as const

const arpHeader: Header = {
  name: 'arp',
  base: 'network',
  require: (builder) => requireNetwork(builder, 'arp')
}

/** ARP for IPv4 over Ethernet (RFC 826). */
export const arp = {
  htype: headerField(arpHeader, 'htype', { offset: 0, length: 16 }, bitsOf(16)),
  ptype: headerField(arpHeader, 'ptype', { offset: 16, length: 16 }, dataTypes.ether_type),
  hlen: headerField(arpHeader, 'hlen', { offset: 32, length: 8 }, bitsOf(8)),
  plen: headerField(arpHeader, 'plen', { offset: 40, length: 8 }, bitsOf(8)),
  operation: headerField(arpHeader, 'operation', { offset: 48, length: 16 }, dataTypes.arp_op),
  saddrEther: headerField(arpHeader, 'saddr ether', { offset: 64, length: 48 }, dataTypes.ether_addr),
  saddrIp: headerField(arpHeader, 'saddr ip', { offset: 112, length: 32 }, dataTypes.ipv4_addr),
  daddrEther: headerField(arpHeader, 'daddr ether', { offset: 144, length: 48 }, dataTypes.ether_addr),
  daddrIp: headerField(arpHeader, 'daddr ip', { offset: 192, length: 32 }, dataTypes.ipv4_addr)
} as const
