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
  u16,
  u32,
  u64,
  u8
} from '../../../codec/index.js'
import type { Field, InputOf, OutputOf, Type } from '../../../codec/index.js'
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

/** `'pvid'`: what comes in untagged belongs to it. `'untagged'`: it goes out without a tag. */
export type BridgeVlanFlag = OutputOf<typeof vlanFlags>[number]

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

/** `RTM_SETLINK` and `RTM_DELLINK`, by which the kernel tells mapping from unmapping. */
const map = 19
const unmap = 17

const tunnelId = u32.within({ max: 0xffffff })

/** `BRIDGE_VLANDB_TINFO_*`; the command is the number of a message type. */
const tunnelInfo = record({ id: attribute(1, tunnelId), command: attribute(2, u32) })

/** A tunnel id to map to; `null` unmaps. */
const tunnel: Type<number, number | null> = {
  expected: `${tunnelId.expected}, or null`,
  size: 0,
  minimum: 8,
  nested: true,
  write(writer, id) {
    if (id !== null) {
      const start = writer.beginAttribute(1)
      tunnelId.write(writer, id)
      writer.endAttribute(start)
    }
    tunnelInfo.write(writer, { command: id === null ? unmap : map })
  },
  read: (bytes, offset, length) => tunnelInfo.read(bytes, offset, length).id ?? 0
}

/** `BRIDGE_VLANDB_ENTRY_INFO`: `struct bridge_vlan_info`, which holds the flags and the id. */
const ENTRY_INFO = 1

const id: Field<number, number> & { readonly present: true; readonly required: true } = {
  types: [ENTRY_INFO],
  present: true,
  required: true,
  write(writer, value, _base, source) {
    const start = writer.beginAttribute(ENTRY_INFO)
    writer.u16(vlanFlags.maskOf((source['flags'] ?? []) as readonly BridgeVlanFlag[]))
    vlanId.write(writer, value)
    writer.endAttribute(start)
  },
  readAttribute(target, key, bytes, offset, length) {
    if (length < 4) return false
    target[key] = u16.read(bytes, offset + 2, 2)
    return true
  }
}

/** Written with the id, but judged here; must be declared before it. */
const flagsOfId: Field<BridgeVlanFlag[], readonly BridgeVlanFlag[]> & { readonly present: true } = {
  types: [ENTRY_INFO],
  present: true,
  write(_writer, value) {
    vlanFlags.maskOf(value)
  },
  readAttribute(target, key, bytes, offset, length) {
    if (length < 4) return false
    target[key] = vlanFlags.namesOf(u16.read(bytes, offset, 2) & 0x06)
    return true
  }
}

/** `BRIDGE_VLANDB_ENTRY_*`, linux/if_bridge.h. */
export const vlanEntry = record(
  {
    flags: flagsOfId,
    vlan: id,
    vlanEnd: attribute(2, vlanId),
    state: attribute(3, vlanState),
    tunnelId: attribute(4, tunnel),
    statistics: readOnly(attribute(5, statistics)),
    multicastRouter: attribute(6, u8.within({ max: 2 })),
    multicastGroups: readOnly(attribute(7, u32)),
    multicastMaxGroups: attribute(8, u32),
    neighborSuppress: attribute(9, bool8)
  },
  { what: 'a VLAN' }
)

/** `BRIDGE_VLANDB_ENTRY` */
export const VLANDB_ENTRY = 1

/** `struct br_vlan_msg`, linux/if_bridge.h, with the VLANs of one port or bridge. */
export const vlanMessage = record(
  {
    family: header(0, family, { default: () => 'bridge' as const, hidden: true }),
    link: present(header(4, u32.within({ min: 1, max: 0x7fffffff }))),
    entries: repeated(VLANDB_ENTRY, vlanEntry)
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

export type VlanEntryInput = InputOf<typeof vlanEntry>
