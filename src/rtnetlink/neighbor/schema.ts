import {
  compile,
  attribute,
  centiseconds,
  enumeration,
  familyAddress,
  header,
  linkLayerAddress,
  present,
  readOnly,
  record,
  required,
  struct,
  u16,
  u32,
  u8
} from '../../codec/index.js'
import type { InputOf } from '../../codec/index.js'
import { routeProtocol } from '../route-protocol.js'
import { family } from '../rtnetlink.js'
import { neighborFlagsField } from './flags.js'

/** Message types, linux/rtnetlink.h. */
export const RTM_NEWNEIGH = 28
export const RTM_DELNEIGH = 29
export const RTM_GETNEIGH = 30

/** `NDA_IFINDEX` and `NDA_MASTER`: in a dump request, the link and the bridge or VRF to list. */
export const NDA_IFINDEX = 8
export const NDA_MASTER = 9

/** `NUD_*`, linux/neighbour.h, as `ip neigh` prints them. */
export const neighborState = enumeration(u16, {
  none: 0x00,
  incomplete: 0x01,
  reachable: 0x02,
  stale: 0x04,
  delay: 0x08,
  probe: 0x10,
  failed: 0x20,
  noarp: 0x40,
  permanent: 0x80
})

/** `RTN_*`, linux/rtnetlink.h: what kind of address a neighbour has. */
export const neighborType = enumeration(u8, {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5
})

/** `struct nda_cacheinfo`, linux/neighbour.h: seconds since an event. */
export const cacheInfo = struct(16, {
  confirmed: header(0, centiseconds),
  used: header(4, centiseconds),
  updated: header(8, centiseconds),
  references: header(12, u32)
})

/** `struct ndmsg` and `NDA_*`, linux/neighbour.h: an entry of the ARP or NDISC cache, or of the proxies. */
export const neighborMessage = compile(
  record(
    {
      family: header(0, family),
      link: header(4, u32.within({ max: 0x7fffffff })),
      state: header(8, neighborState),
      flags: neighborFlagsField,
      type: readOnly(header(11, neighborType, { absent: 'unspec' })),
      destination: present(required(familyAddress(1, { familyOffset: 0 }))),
      macAddress: attribute(2, linkLayerAddress),
      cacheInfo: readOnly(attribute(3, cacheInfo)),
      probes: readOnly(attribute(4, u32)),
      protocol: attribute(12, routeProtocol)
    },
    { headerSize: 12, what: 'a neighbour' }
  )
)

export type NeighborMessageInput = InputOf<typeof neighborMessage>
