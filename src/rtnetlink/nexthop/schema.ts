import {
  attribute,
  centiseconds,
  centiseconds64,
  enumeration,
  flags,
  header,
  ip,
  packed,
  presence,
  readOnly,
  record,
  u16,
  u32,
  u8
} from '../../codec/index.js'
import type { FlagsType, InputOf, OutputOf } from '../../codec/index.js'
import { encapsulation } from '../route/index.js'
import { routeProtocol } from '../route-protocol.js'
import { groupMember } from './group.js'

/** Message types, linux/rtnetlink.h. */
export const RTM_NEWNEXTHOP = 104
export const RTM_DELNEXTHOP = 105
export const RTM_GETNEXTHOP = 106

/** `struct nhmsg`, linux/nexthop.h. */
const headerSize = 8

/** `RT_SCOPE_*`, linux/rtnetlink.h. */
const scope = enumeration(u8, { global: 0, site: 200, link: 253, host: 254, nowhere: 255 })

/** `RTNH_F_*`, linux/rtnetlink.h, as `ip nexthop` prints them. */
const allFlags = flags(u32, {
  dead: 0x01,
  pervasive: 0x02,
  onlink: 0x04,
  offload: 0x08,
  linkdown: 0x10,
  unresolved: 0x20,
  trap: 0x40
})

/** Only `onlink` is a user's to set; the rest is status, left out when a next hop that was read is written. */
const nextHopFlags: FlagsType<keyof typeof allFlags.names> = {
  ...allFlags,
  write: (writer, value) => writer.u32(allFlags.maskOf(value) & allFlags.names.onlink)
}

/** `NEXTHOP_GRP_TYPE_*`, linux/nexthop.h, as iproute2 names them. */
export const groupType = enumeration(u16, { mpath: 0, resilient: 1 })

/** `NHA_RES_GROUP_*`, linux/nexthop.h. */
const resilient = record({
  /** How many buckets flows are hashed into. */
  buckets: attribute(1, u16),
  /** Seconds without traffic after which a bucket may move to another hop. */
  idleTimer: attribute(2, centiseconds),
  /** Seconds of imbalance after which buckets move even under traffic; 0 is never. */
  unbalancedTimer: attribute(3, centiseconds),
  /** Seconds since the group is out of balance. */
  unbalancedTime: readOnly(attribute(4, centiseconds64))
})

/** `struct nhmsg` and `NHA_*`, linux/nexthop.h: a next-hop object as it lies on the wire. */
export const nextHopMessage = record(
  {
    family: header(0, u8),
    scope: readOnly(header(1, scope)),
    protocol: header(2, routeProtocol),
    flags: header(4, nextHopFlags),
    id: attribute(1, u32),
    group: attribute(2, packed(groupMember)),
    groupType: attribute(3, groupType),
    blackhole: attribute(4, presence),
    link: attribute(5, u32),
    gateway: attribute(6, ip),
    encap: encapsulation(7, 8),
    groups: attribute(9, presence),
    master: attribute(10, u32),
    fdb: attribute(11, presence),
    resilient: attribute(12, resilient)
  },
  { headerSize, what: 'a next hop: an object' }
)

export type NextHopMessage = OutputOf<typeof nextHopMessage>
export type NextHopMessageInput = InputOf<typeof nextHopMessage>
export type ResilientGroup = OutputOf<typeof resilient>
export type ResilientGroupSpec = InputOf<typeof resilient>
