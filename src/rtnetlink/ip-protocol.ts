import { enumeration, u8 } from '../codec/index.js'

/** `IPPROTO_*`, linux/in.h, by the names of /etc/protocols. */
export const ipProtocol = enumeration(u8, {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  egp: 8,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  eigrp: 88,
  ospf: 89,
  ipip: 94,
  encap: 98,
  pim: 103,
  ipcomp: 108,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
  'mpls-in-ip': 137
})
