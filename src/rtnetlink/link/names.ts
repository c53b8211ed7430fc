/** The words for numbers that links carry, as iproute2 and sysfs print them. */
import { enumeration, flags, u16, u32, u8 } from '../../codec/index.js'

/** `IFF_*`, linux/if.h. `running` is what `ip` turns round into NO-CARRIER. */
export const linkFlags = flags(u32, {
  up: 0x1,
  broadcast: 0x2,
  debug: 0x4,
  loopback: 0x8,
  pointopoint: 0x10,
  notrailers: 0x20,
  running: 0x40,
  noarp: 0x80,
  promisc: 0x100,
  allmulti: 0x200,
  master: 0x400,
  slave: 0x800,
  multicast: 0x1000,
  portsel: 0x2000,
  automedia: 0x4000,
  dynamic: 0x8000,
  lower_up: 0x10000,
  dormant: 0x20000,
  echo: 0x40000
})

/** `ARPHRD_*`, linux/if_arp.h, as `ip` prints them after `link/`. */
export const linkType = enumeration(u16, {
  netrom: 0,
  ether: 1,
  eether: 2,
  ax25: 3,
  pronet: 4,
  chaos: 5,
  'ieee802.2': 6,
  arcnet: 7,
  atalk: 8,
  dlci: 15,
  atm: 19,
  metricom: 23,
  ieee1394: 24,
  eui64: 27,
  infiniband: 32,
  slip: 256,
  cslip: 257,
  slip6: 258,
  cslip6: 259,
  rsrvd: 260,
  adapt: 264,
  rose: 270,
  x25: 271,
  hwx25: 272,
  can: 280,
  mctp: 290,
  ppp: 512,
  hdlc: 513,
  lapb: 516,
  ddcmp: 517,
  rawhdlc: 518,
  rawip: 519,
  ipip: 768,
  tunnel6: 769,
  frad: 770,
  skip: 771,
  loopback: 772,
  ltalk: 773,
  fddi: 774,
  bif: 775,
  sit: 776,
  'ip/ddp': 777,
  gre: 778,
  pimreg: 779,
  hippi: 780,
  ash: 781,
  econet: 782,
  irda: 783,
  fcpp: 784,
  fcal: 785,
  fcpl: 786,
  fcfb0: 787,
  tr: 800,
  'ieee802.11': 801,
  'ieee802.11/prism': 802,
  'ieee802.11/radiotap': 803,
  'ieee802.15.4': 804,
  'ieee802.15.4/monitor': 805,
  phonet: 820,
  phonet_pipe: 821,
  caif: 822,
  gre6: 823,
  netlink: 824,
  '6lowpan': 825,
  vsockmon: 826,
  none: 0xfffe,
  void: 0xffff
})

/** `IF_OPER_*`, linux/if.h (RFC 2863), in the words of `/sys/class/net/NAME/operstate`. */
export const operationalState = enumeration(u8, {
  unknown: 0,
  notpresent: 1,
  down: 2,
  lowerlayerdown: 3,
  testing: 4,
  dormant: 5,
  up: 6
})

/** `IF_LINK_MODE_*`, linux/if.h. */
export const linkMode = enumeration(u8, { default: 0, dormant: 1, testing: 2 })

/** `IN6_ADDR_GEN_MODE_*`, linux/if_link.h. */
export const addressGenerationMode = enumeration(u8, { eui64: 0, none: 1, stable_secret: 2, random: 3 })

/** Groups of links: 0 is `default`; further names are the affair of /etc/iproute2/group. */
export const linkGroup = enumeration(u32, { default: 0 })

/** `XDP_ATTACHED_*`, linux/if_link.h. */
export const xdpMode = enumeration(u8, { none: 0, driver: 1, generic: 2, offload: 3, multi: 4 })
