import {
  attribute,
  bool8,
  enumeration,
  flags,
  header,
  present,
  readOnly,
  record,
  repeated,
  required,
  struct,
  u16,
  u32,
  u64,
  u8
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { family } from '../../rtnetlink.js'

/** Message types, linux/rtnetlink.h (Linux 5.6). */
export const RTM_NEWVLAN = 112
export const RTM_DELVLAN = 113
export const RTM_GETVLAN = 114

/** `BRIDGE_VLAN_INFO_ONLY_OPTS`: change the options of a VLAN that is there. */
export const ONLY_OPTIONS = 0x40

export const vlanId = u16.within({ min: 1, max: 4094 })

/** `BRIDGE_VLAN_INFO_*`, linux/if_bridge.h. */
export const vlanFlags = flags(u16, { pvid: 0x02, untagged: 0x04 })

/** `BR_STATE_*`, linux/if_bridge.h: a VLAN's state in the spanning tree, as `bridge vlan` prints it. */
export const vlanState = enumeration(u8, {
  disabled: 0,
  listening: 1,
  learning: 2,
  forwarding: 3,
  blocking: 4
})

/** `BRIDGE_VLANDB_STATS_*` */
const statistics = record({
  receivedBytes: attribute(1, u64),
  receivedPackets: attribute(2, u64),
  transmittedBytes: attribute(3, u64),
  transmittedPackets: attribute(4, u64)
})

/** `BRIDGE_VLANDB_TINFO_*`; the command is the number of a message type. */
const tunnel = record({ id: attribute(1, u32.within({ max: 0xffffff })), command: attribute(2, u32) })

/** `BRIDGE_VLANDB_ENTRY_*`, linux/if_bridge.h. */
const entry = record(
  {
    info: required(attribute(1, struct(4, { flags: header(0, u16), vlan: header(2, vlanId) }))),
    vlanEnd: attribute(2, vlanId),
    state: attribute(3, vlanState),
    tunnel: attribute(4, tunnel),
    statistics: readOnly(attribute(5, statistics)),
    multicastRouter: attribute(6, u8.within({ max: 2 })),
    multicastGroups: readOnly(attribute(7, u32)),
    multicastMaxGroups: attribute(8, u32),
    neighborSuppress: attribute(9, bool8)
  },
  { what: 'a VLAN' }
)

/** `struct br_vlan_msg`, linux/if_bridge.h, with the VLANs of one port or bridge. */
export const vlanMessage = record(
  {
    family: header(0, family, { default: () => 'bridge' as const, hidden: true }),
    link: present(header(4, u32.within({ min: 1, max: 0x7fffffff }))),
    entries: repeated(1, entry)
  },
  { headerSize: 8, what: 'the VLANs of a port' }
)

/** `BRIDGE_VLANDB_DUMP_*`: what a request for VLANs says. */
export const vlanRequest = record(
  {
    family: header(0, family, { default: () => 'bridge' as const, hidden: true }),
    link: header(4, u32),
    flags: attribute(1, flags(u32, { statistics: 0x01 }))
  },
  { headerSize: 8 }
)

export type VlanEntry = OutputOf<typeof entry>
export type VlanEntryInput = InputOf<typeof entry>
