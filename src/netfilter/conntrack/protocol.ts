import { enumeration, u8 } from '../../codec/index.js'
import type { InputOf, OutputOf } from '../../codec/index.js'

/** `IPPROTO_*`, linux/in.h, by the names that conntrack(8) prints, and a few that it numbers. */
export const conntrackProtocol = enumeration(u8, {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
  udplite: 136
})

/** A protocol of layer 4: its name, or its number where it has none here. */
export type ConntrackProtocol = OutputOf<typeof conntrackProtocol>
export type ConntrackProtocolSpec = InputOf<typeof conntrackProtocol>

/** Protocols whose connections are told apart by two ports; of GRE they are the keys. */
const withPorts: readonly ConntrackProtocol[] = ['tcp', 'udp', 'dccp', 'gre', 'sctp', 'udplite']

/** Whether a protocol has ports. A kernel may be built without, or have dropped, all but TCP and UDP. */
export const hasPorts = (protocol: ConntrackProtocol): boolean => withPorts.includes(protocol)

/** Whether every kernel tells connections of a protocol apart by ports. */
export const needsPorts = (protocol: ConntrackProtocol): boolean => protocol === 'tcp' || protocol === 'udp'
