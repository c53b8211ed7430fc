import {
  attribute,
  be16,
  be32,
  be64,
  bytes,
  flags,
  ipv4,
  ipv6,
  record,
  repeated,
  u32,
  u8
} from '../../../codec/index.js'

/** `TUNNEL_*`, linux/if_tunnel.h, as iproute2 names those that it sets. */
const tunnelFlags = flags(be16, {
  csum: 0x01,
  routing: 0x02,
  key: 0x04,
  seq: 0x08,
  strict: 0x10,
  rec: 0x20,
  version: 0x40,
  no_key: 0x80,
  dont_fragment: 0x100,
  oam: 0x200,
  crit_opt: 0x400,
  geneve_opt: 0x800,
  vxlan_opt: 0x1000,
  nocache: 0x2000,
  erspan_opt: 0x4000,
  gtp_opt: 0x8000
})

/**
 * `LWTUNNEL_IP_OPTS_*`, linux/lwtunnel.h: metadata for the tunnel device.
 *
 * Not on a kernel like 6.18.44: its fortified copy takes such options for a buffer overflow and stops in the
 * middle, holding the routing lock for ever (`ip_tun_parse_opts`; `ip route` does the same to it).
 */
const tunnelOptions = record({
  geneve: repeated(
    1,
    record({ class: attribute(1, be16), type: attribute(2, u8), data: attribute(3, bytes(4, 124)) })
  ),
  vxlan: attribute(2, record({ groupPolicy: attribute(1, u32) })),
  erspan: attribute(
    3,
    record({
      version: attribute(1, u8),
      index: attribute(2, be32),
      direction: attribute(3, u8),
      hardwareId: attribute(4, u8)
    })
  )
})

/** `LWTUNNEL_IP_*`, linux/lwtunnel.h: what a tunnel device in external mode shall put around the packet. */
export const ipEncapsulation = record({
  /** The tunnel key, such as a VXLAN network identifier. */
  id: attribute(1, be64),
  destination: attribute(2, ipv4),
  source: attribute(3, ipv4),
  ttl: attribute(4, u8),
  tos: attribute(5, u8),
  flags: attribute(6, tunnelFlags),
  options: attribute(8, tunnelOptions)
})

/** `LWTUNNEL_IP6_*`, linux/lwtunnel.h. */
export const ip6Encapsulation = record({
  /** The tunnel key, such as a VXLAN network identifier. */
  id: attribute(1, be64),
  destination: attribute(2, ipv6),
  source: attribute(3, ipv6),
  hopLimit: attribute(4, u8),
  trafficClass: attribute(5, u8),
  flags: attribute(6, tunnelFlags),
  options: attribute(8, tunnelOptions)
})
