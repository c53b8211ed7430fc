import { be16, u16, u32, u8 } from '../../../codec/index.js'
import { bits, named } from './named.js'

/** `NFPROTO_*`, linux/netfilter.h */
export const nfproto = named(u8, { ipv4: 2, ipv6: 10 })

/** `ETH_P_*`, linux/if_ether.h */
export const etherType = named(be16, {
  ip: 0x0800,
  arp: 0x0806,
  '8021q': 0x8100,
  vlan: 0x8100,
  ip6: 0x86dd,
  '8021ad': 0x88a8
})

/** `ARPHRD_*`, linux/if_arp.h */
export const arpHardware = named(u16, {
  ether: 1,
  ppp: 512,
  ipip: 768,
  ipip6: 769,
  loopback: 772,
  ipgre: 778
})

/** `ARPOP_*`, linux/if_arp.h */
export const arpOperation = named(be16, {
  request: 1,
  reply: 2,
  rrequest: 3,
  rreply: 4,
  inrequest: 8,
  inreply: 9,
  nak: 10
})

/** `ICMP_*`, linux/icmp.h */
export const icmpType = named(u8, {
  'echo-reply': 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18
})

/** `ICMP_*_UNREACH` and others, linux/icmp.h, as nft names them. */
export const icmpCode = named(u8, {
  'net-unreachable': 0,
  'host-unreachable': 1,
  'prot-unreachable': 2,
  'port-unreachable': 3,
  'frag-needed': 4,
  'net-prohibited': 9,
  'host-prohibited': 10,
  'admin-prohibited': 13
})

/** `ICMPV6_*`, linux/icmpv6.h */
export const icmpv6Type = named(u8, {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
  'nd-redirect': 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143
})

/** `ICMPV6_*`, linux/icmpv6.h, as nft names them. */
export const icmpv6Code = named(u8, {
  'no-route': 0,
  'admin-prohibited': 1,
  'addr-unreachable': 3,
  'port-unreachable': 4,
  'policy-fail': 5,
  'reject-route': 6
})

/** `NFT_REJECT_ICMPX_*`, linux/netfilter/nf_tables.h */
export const icmpxCode = named(u8, {
  'no-route': 0,
  'port-unreachable': 1,
  'host-unreachable': 2,
  'admin-prohibited': 3
})

/** `IGMP_*`, linux/igmp.h */
export const igmpType = named(u8, {
  'membership-query': 0x11,
  'membership-report-v1': 0x12,
  'membership-report-v2': 0x16,
  'leave-group': 0x17,
  'membership-report-v3': 0x22
})

/** RFC 4340, 5.1 */
export const dccpType = named(u8, {
  request: 0,
  response: 1,
  data: 2,
  ack: 3,
  dataack: 4,
  closereq: 5,
  close: 6,
  reset: 7,
  sync: 8,
  syncack: 9
})

/** RFC 6275, 6.1 */
export const mobilityType = named(u8, {
  'binding-refresh-request': 0,
  'home-test-init': 1,
  'careof-test-init': 2,
  'home-test': 3,
  'careof-test': 4,
  'binding-update': 5,
  'binding-acknowledgement': 6,
  'binding-error': 7
})

/** RFC 9293, 3.1 */
export const tcpFlag = bits(u8, { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 })

/** `NF_CT_STATE_*`, linux/netfilter/nf_conntrack_common.h */
export const ctState = bits(u32, { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 })

/** `IPS_*`, linux/netfilter/nf_conntrack_common.h */
export const ctStatus = bits(u32, {
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512
})

/** `IPCT_*`, linux/netfilter/nf_conntrack_common.h */
export const ctEvent = bits(u32, {
  new: 1,
  related: 2,
  destroy: 4,
  reply: 8,
  assured: 16,
  protoinfo: 32,
  helper: 64,
  mark: 128,
  seqadj: 256,
  secmark: 512,
  label: 1024
})

/** `IP_CT_DIR_*`, linux/netfilter/nf_conntrack_tuple_common.h */
export const ctDirection = named(u8, { original: 0, reply: 1 })

/** `PACKET_*`, linux/if_packet.h */
export const packetType = named(u8, { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 })

/** `RTN_*`, linux/rtnetlink.h */
export const fibAddressType = named(u32, {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8
})

/** RFC 2474, 2597, 3246, 5865: the code points that nft names. */
export const dscp = named(u8.within({ max: 63 }), {
  cs0: 0,
  cs1: 8,
  cs2: 16,
  cs3: 24,
  cs4: 32,
  cs5: 40,
  cs6: 48,
  cs7: 56,
  df: 0,
  be: 0,
  lephb: 1,
  af11: 10,
  af12: 12,
  af13: 14,
  af21: 18,
  af22: 20,
  af23: 22,
  af31: 26,
  af32: 28,
  af33: 30,
  af41: 34,
  af42: 36,
  af43: 38,
  va: 44,
  ef: 46
})

/** RFC 3168, 5 */
export const ecn = named(u8.within({ max: 3 }), { 'not-ect': 0, ect1: 1, ect0: 2, ce: 3 })

/** Days of the week, as nft prints them. */
export const weekday = named(u8.within({ max: 6 }), {
  Sunday: 0,
  Monday: 1,
  Tuesday: 2,
  Wednesday: 3,
  Thursday: 4,
  Friday: 5,
  Saturday: 6
})
