import { u8 } from '../../../codec/index.js'
import { named } from './named.js'

/** `IPPROTO_*`, linux/in.h, by the names of /etc/protocols that nft prints. */
export const inetProtocol = named(u8, {
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  ospf: 89,
  comp: 108,
  vrrp: 112,
  sctp: 132,
  udplite: 136
})
