import { be16, bool8, fixedText, ipv4, ipv6, mac, u16, u32, u64 } from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'
import { classId } from './class-id.js'
import { dataType, numeric } from './datatype.js'
import { inetProtocol } from './inet-protocol.js'
import { interfaceNameType } from './interface-name.js'
import { ctLabel } from './label.js'
import * as symbols from './symbols.js'
import { date, relativeTime, timeOfDay } from './time.js'

const host = { byteOrder: 'host' } as const
const hostNumber = { byteOrder: 'host', intervals: 'number' } as const
const network = { byteOrder: 'network' } as const
const bitmask = { byteOrder: 'host', bitmask: true } as const

const wide: Type<number, number | bigint> = u64

/**
 * The data types that a set can be declared with, by the names of nft (nftables, datatype.c). The numbers are
 * those of `enum datatypes`; they tell nft how to print a key.
 */
export const dataTypes = {
  nf_proto: dataType('nf_proto', 2, symbols.nfproto, host),
  ipv4_addr: dataType('ipv4_addr', 7, ipv4, { byteOrder: 'network', intervals: 'address' }),
  ipv6_addr: dataType('ipv6_addr', 8, ipv6, { byteOrder: 'network', intervals: 'address' }),
  ether_addr: dataType('ether_addr', 9, mac, network),
  ether_type: dataType('ether_type', 10, symbols.etherType, network),
  arp_op: dataType('arp_op', 11, symbols.arpOperation, network),
  inet_proto: dataType('inet_proto', 12, inetProtocol, { byteOrder: 'network', intervals: 'number' }),
  inet_service: dataType('inet_service', 13, numeric(be16), { byteOrder: 'network', intervals: 'number' }),
  icmp_type: dataType('icmp_type', 14, symbols.icmpType, network),
  tcp_flag: dataType('tcp_flag', 15, symbols.tcpFlag, bitmask),
  dccp_pkttype: dataType('dccp_pkttype', 16, symbols.dccpType, network),
  mh_type: dataType('mh_type', 17, symbols.mobilityType, network),
  time: dataType('time', 18, relativeTime, host),
  mark: dataType('mark', 19, numeric(u32), hostNumber),
  iface_index: dataType('iface_index', 20, u32, host),
  iface_type: dataType('iface_type', 21, symbols.arpHardware, host),
  realm: dataType('realm', 22, numeric(u32), hostNumber),
  classid: dataType('classid', 23, classId, host),
  uid: dataType('uid', 24, numeric(u32), hostNumber),
  gid: dataType('gid', 25, numeric(u32), hostNumber),
  ct_state: dataType('ct_state', 26, symbols.ctState, bitmask),
  ct_dir: dataType('ct_dir', 27, symbols.ctDirection, host),
  ct_status: dataType('ct_status', 28, symbols.ctStatus, bitmask),
  icmpv6_type: dataType('icmpv6_type', 29, symbols.icmpv6Type, network),
  ct_label: dataType('ct_label', 30, ctLabel, bitmask),
  pkt_type: dataType('pkt_type', 31, symbols.packetType, host),
  icmp_code: dataType('icmp_code', 32, symbols.icmpCode, network),
  icmpv6_code: dataType('icmpv6_code', 33, symbols.icmpv6Code, network),
  icmpx_code: dataType('icmpx_code', 34, symbols.icmpxCode, network),
  devgroup: dataType('devgroup', 35, numeric(u32), hostNumber),
  dscp: dataType('dscp', 36, symbols.dscp, network),
  ecn: dataType('ecn', 37, symbols.ecn, network),
  fib_addrtype: dataType('fib_addrtype', 38, symbols.fibAddressType, host),
  boolean: dataType('boolean', 39, bool8, host),
  ct_event: dataType('ct_event', 40, symbols.ctEvent, bitmask),
  ifname: dataType('ifname', 41, interfaceNameType, host),
  igmp_type: dataType('igmp_type', 42, symbols.igmpType, network),
  time_date: dataType('time_date', 43, date, host),
  hour: dataType('hour', 44, timeOfDay, host),
  day: dataType('day', 45, symbols.weekday, host),
  cgroupsv2: dataType('cgroupsv2', 46, wide, host)
} as const

/** Types that keys and data have by number only, inside rules. */
export const ruleTypes = {
  text: dataType('string', 5, fixedText(16), host),
  u16: dataType('integer', 4, numeric(u16), hostNumber),
  u32: dataType('integer', 4, numeric(u32), hostNumber),
  u64: dataType('integer', 4, wide, hostNumber)
} as const

/** The name of a data type, as nft has it. */
export type DataTypeName = keyof typeof dataTypes

/** What a value of a data type may be when writing. */
export type ValueOf<N extends DataTypeName> =
  (typeof dataTypes)[N] extends Type<unknown, infer In> ? In : never
