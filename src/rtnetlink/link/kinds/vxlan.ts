import {
  InvalidType,
  attribute,
  be16,
  be32,
  bool8,
  bytes,
  enumeration,
  familyOf,
  header,
  ip,
  invalidValue,
  presence,
  present,
  required,
  struct,
  u32,
  u8
} from '../../../codec/index.js'
import type { Field } from '../../../codec/index.js'
import { defineKind } from '../kind.js'
import { linkReference } from '../reference.js'

/** `VXLAN_DF_*`, linux/if_link.h */
const df = enumeration(u8, { unset: 0, set: 1, inherit: 2 })

/** `VXLAN_LABEL_*` */
const labelPolicy = enumeration(u32, { fixed: 0, inherit: 1 })

/** `struct ifla_vxlan_port_range` */
const portRange = struct(
  4,
  { low: present(required(header(0, be16))), high: present(required(header(2, be16))) },
  { what: '{ low, high }' }
)

const isMulticast = (address: string): boolean =>
  familyOf(address) === 'inet6' ? /^ff/i.test(address) : /^2(2[4-9]|3[0-9])\./.test(address)

/** An address that has one attribute for each family. `accepts` tells apart what shares them. */
function addressOf(
  ipv4Number: number,
  ipv6Number: number,
  accepts: (address: string) => boolean,
  expected: string
): Field<string, string> {
  return {
    types: [ipv4Number, ipv6Number],
    write(writer, value) {
      const family = typeof value === 'string' ? familyOf(value) : 'inet'
      const start = writer.beginAttribute(family === 'inet' ? ipv4Number : ipv6Number)
      ip.write(writer, value)
      writer.endAttribute(start)
      if (!accepts(value)) invalidValue(value, expected)
    },
    readAttribute(target, key, source, offset, length) {
      if (length < 4) return false
      const address = ip.read(source, offset, length)
      if (accepts(address)) target[key] = address
      return true
    }
  }
}

/** Ethernet over UDP (`IFLA_VXLAN_*`, linux/if_link.h; vxlan in ip-link(8); RFC 7348). */
export const vxlan = defineKind({
  name: 'vxlan',
  check({ group, remote, local }) {
    if (group !== undefined && remote !== undefined) {
      throw new InvalidType(remote, 'absent where group is given', 'ERR_INVALID_ARG_VALUE').within('remote')
    }
    const other = group ?? remote
    if (typeof other === 'string' && typeof local === 'string' && familyOf(other) !== familyOf(local)) {
      throw new InvalidType(local, `of the same family as ${other}`, 'ERR_INVALID_ARG_VALUE').within('local')
    }
  },
  data: {
    /** The VNI, 0 to 2^24 − 1. */
    id: present(required(attribute(1, u32.within({ max: 0xffffff })))),
    /** The multicast group that stands for all other ends; needs `link`. */
    group: addressOf(2, 16, isMulticast, 'a multicast address; for a unicast one there is remote'),
    /** The other end. */
    remote: addressOf(
      2,
      16,
      (address) => !isMulticast(address),
      'a unicast address; for a multicast one there is group'
    ),
    /** The source address of what is sent. */
    local: addressOf(4, 17, (address) => !isMulticast(address), 'a unicast address'),
    /** The link by which the packets leave. */
    link: linkReference(3),
    /** 0 takes the route's. */
    ttl: attribute(5, u8),
    /** The packet's own. */
    ttlInherit: attribute(28, presence),
    /** 1 takes the packet's own. */
    tos: attribute(6, u8),
    /** Learns addresses from what comes in. On by default. */
    learning: attribute(7, bool8),
    /** Seconds for which an address is kept; 300 by default. */
    ageingTime: attribute(8, u32),
    /** The most addresses that are kept; 0 for any number. */
    limit: attribute(9, u32),
    /** The source ports; `{ low: 0, high: 0 }` for those of any UDP socket. */
    portRange: attribute(10, portRange),
    /** Answers ARP and neighbour discovery. */
    proxy: attribute(11, bool8),
    /** Sends routed traffic straight to the other end's host. */
    routeShortCircuit: attribute(12, bool8),
    /** Tells of destinations that are not in the table. */
    l2Miss: attribute(13, bool8),
    l3Miss: attribute(14, bool8),
    /** The UDP port; 8472 by default, as the kernel has it. IANA's is 4789. */
    port: attribute(15, be16),
    udpChecksum: attribute(18, bool8),
    udpZeroChecksum6Transmit: attribute(19, bool8),
    udpZeroChecksum6Receive: attribute(20, bool8),
    remoteChecksumTransmit: attribute(21, bool8),
    remoteChecksumReceive: attribute(22, bool8),
    /** Group-based policy extension. */
    gbp: attribute(23, presence),
    remoteChecksumNoPartial: attribute(24, presence),
    /** Takes id and ends from each packet's metadata instead (`external`). */
    collectMetadata: attribute(25, bool8),
    /** IPv6 flow label. */
    flowLabel: attribute(26, be32.within({ max: 0xfffff })),
    /** Generic protocol extension. */
    gpe: attribute(27, presence),
    /** The don't-fragment bit. */
    df: attribute(29, df),
    /** With `collectMetadata`: takes only the ids that were entered (Linux 5.18). */
    vniFilter: attribute(30, bool8),
    /** Packets to an address of this host skip the network (Linux 6.5). On by default. */
    localBypass: attribute(31, bool8),
    /** Linux 6.7 */
    flowLabelPolicy: attribute(32, labelPolicy),
    /** Which reserved bits of the header may be set, 8 bytes (Linux 6.14). */
    reservedBits: attribute(33, bytes(8, 8)),
    /** Routes what it sends to multicast groups (Linux 6.16). */
    multicastRoute: attribute(34, bool8)
  }
})
