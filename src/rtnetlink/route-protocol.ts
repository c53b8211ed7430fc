import { enumeration, u8 } from '../codec/index.js'

/** `RTPROT_*`, linux/rtnetlink.h: who made a route, a rule or a neighbour, by the names of iproute2's rt_protos. */
export const routeProtocol = enumeration(u8, {
  unspec: 0,
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  mrouted: 17,
  keepalived: 18,
  babel: 42,
  ovn: 84,
  openr: 99,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192
})
