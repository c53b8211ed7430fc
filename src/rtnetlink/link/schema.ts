import {
  alternativeName,
  attribute,
  bool8,
  bytes,
  compile,
  header,
  i32,
  interfaceName,
  linkLayerAddress,
  present,
  readOnly,
  record,
  repeated,
  text,
  u16,
  u32,
  u8,
  writeOnly
} from '../../codec/index.js'
import type { InputOf, OutputOf, StructInput, StructOutput } from '../../codec/index.js'
import { fixed } from './fixed.js'
import { invertedLinkFlag, linkFlag, settableFlag, settableInvertedFlag } from './flag.js'
import { ignored } from './ignored.js'
import { linkInfo } from './link-info.js'
import {
  addressGenerationMode,
  linkFlags,
  linkGroup,
  linkMode,
  linkType,
  operationalState,
  xdpMode
} from './names.js'
import { linkReference } from './reference.js'
import { linkStatistics } from './statistics.js'
import { variableUint } from './variable-uint.js'

/** Message types, linux/rtnetlink.h. */
export const RTM_NEWLINK = 16
export const RTM_DELLINK = 17
export const RTM_GETLINK = 18
export const RTM_NEWLINKPROP = 108
export const RTM_DELLINKPROP = 109

/**
 * `RTEXT_FILTER_SKIP_STATS`, linux/rtnetlink.h: the kernel leaves out the many counters of IPv6 (a link's own
 * come all the same), which halves a message.
 */
export const filterMask = 8

/** `IFLA_XDP_*`, linux/if_link.h */
const xdp = record({
  mode: attribute(2, xdpMode),
  flags: attribute(3, u32),
  programId: attribute(4, u32),
  driverProgramId: attribute(5, u32),
  genericProgramId: attribute(6, u32),
  offloadProgramId: attribute(7, u32)
})

/** `IFLA_PROTO_DOWN_REASON_*`, linux/if_link.h */
const protocolDownReason = record({ mask: attribute(1, u32), value: attribute(2, u32) })

/** `DEVLINK_ATTR_*` and `DPLL_A_PIN_*`: where in those families the link is found. */
const devlinkPort = record({
  bus: attribute(1, text(255)),
  device: attribute(2, text(255)),
  port: attribute(3, u32)
})
const dpllPin = record({ id: attribute(1, u32) })

/** What every link has, of whatever kind, in the order in which it is written. */
export const linkFields = {
  /** Positive; chosen by the kernel when absent. One that is taken is refused. */
  index: fixed(present(header(4, i32.within({ min: 1 })))),
  /** At most 15 bytes. `%d` becomes the first free number; without a name it is the kind with a number. */
  name: present(attribute(3, interfaceName)),
  /** The hardware's sort: `'ether'`, `'loopback'`, `'none'`. */
  linkType: readOnly(present(header(2, linkType))),
  /** As `ip` prints them, in lower case. What can be set has properties of its own. */
  flags: readOnly(present(header(8, linkFlags))),
  up: linkFlag(0x1),
  /** Off: the flag `noarp`. */
  arp: invertedLinkFlag(0x80),
  multicast: linkFlag(0x1000),
  /** Asked for by the user; what the kernel itself asks for is in `allMulticastCount`. */
  allMulticast: linkFlag(0x200),
  /** Asked for by the user; what the kernel itself asks for is in `promiscuity`. */
  promiscuous: linkFlag(0x100),
  dynamic: settableFlag(0x8000),
  debug: settableFlag(0x4),
  trailers: settableInvertedFlag(0x20),
  /** Of any length that links have: six bytes for Ethernet. */
  macAddress: attribute(1, linkLayerAddress),
  /** The MAC address of a broadcast; of a point-to-point tunnel, the other end. */
  broadcast: attribute(2, linkLayerAddress),
  /** What the hardware came with; a link made in software has none. */
  permanentMacAddress: readOnly(attribute(54, linkLayerAddress)),
  mtu: present(attribute(4, u32)),
  minMtu: readOnly(attribute(50, u32)),
  /** Absent: no limit. */
  maxMtu: readOnly(attribute(51, u32)),
  /** What it sits on, or leaves by: of a stacked link, its parent; of a paired one, the other end. */
  link: fixed(linkReference(5)),
  /** The namespace that `link` lies in, by its id in this one; absent: the same. */
  linkNamespaceId: fixed(attribute(37, i32)),
  /** The bridge, bond or VRF that it is a port of; `null` for none. */
  master: linkReference(10, { clear: 0 }),
  /** The kind of its root queueing discipline. */
  qdisc: readOnly(attribute(6, text(15))),
  /** Packets that may wait to be sent. */
  transmitQueueLength: attribute(13, u32),
  transmitQueues: fixed(attribute(31, u32.within({ min: 1, max: 4096 }))),
  receiveQueues: fixed(attribute(32, u32.within({ min: 1, max: 4096 }))),
  /** As sysfs has it (RFC 2863). A user may set it to `'up'`, `'testing'` or `'dormant'`, for a supplicant. */
  operationalState: attribute(16, operationalState),
  linkMode: attribute(17, linkMode),
  /** Whether there is a signal. Can be set where the driver allows it (dummy). */
  carrier: attribute(33, bool8),
  carrierChanges: readOnly(attribute(35, u32)),
  carrierUpCount: readOnly(attribute(47, u32)),
  carrierDownCount: readOnly(attribute(48, u32)),
  /** A program's note that the link must be down: the kernel then refuses to set it up. */
  protocolDown: attribute(39, bool8),
  /** Reasons for `protocolDown`, a bit each; those in `mask` are changed. */
  protocolDownReason: attribute(55, protocolDownReason),
  /** Links that want promiscuous mode, and the user if `promiscuous`. */
  promiscuity: readOnly(attribute(30, u32)),
  /** Linux 6.0 */
  allMulticastCount: readOnly(attribute(61, u32)),
  /** At most 255 bytes, of any form; `null` for none. */
  alias: attribute(20, text(255), { clear: '' }),
  /** A number, or `'default'`, which is 0; `null` is the same. */
  group: attribute(27, linkGroup, { clear: 0 }),
  /** The largest packet that segmentation offload is given. */
  gsoMaxSize: attribute(41, u32),
  gsoMaxSegments: attribute(40, u32),
  /** The largest packet that receive offload puts together (Linux 5.19). */
  groMaxSize: attribute(58, u32),
  /** Linux 6.3 */
  gsoIpv4MaxSize: attribute(63, u32),
  /** Linux 6.3 */
  groIpv4MaxSize: attribute(64, u32),
  /** What the hardware can do (Linux 6.0). */
  tsoMaxSize: readOnly(attribute(59, u32)),
  tsoMaxSegments: readOnly(attribute(60, u32)),
  /** Nanoseconds for which the hardware can hold a packet back (Linux 6.13). */
  pacingOffloadHorizon: readOnly(attribute(66, variableUint)),
  /** The link can't leave its namespace (Linux 6.15). */
  namespaceImmutable: readOnly(attribute(67, bool8)),
  /** Bytes that the link wants before a packet. */
  headroom: readOnly(attribute(68, u16)),
  tailroom: readOnly(attribute(69, u16)),
  /** The hardware that it belongs to, as sysfs names it, and its bus. */
  parentDevice: readOnly(attribute(56, text(255))),
  parentBus: readOnly(attribute(57, text(255))),
  physicalPortId: readOnly(attribute(34, bytes())),
  physicalPortName: readOnly(attribute(38, text(255))),
  physicalSwitchId: readOnly(attribute(36, bytes())),
  devlinkPort: readOnly(attribute(62, devlinkPort)),
  dpllPin: readOnly(attribute(65, dpllPin)),
  /** The XDP program; absent if there is none. */
  xdp: readOnly(attribute(43, xdp)),
  statistics: readOnly(attribute(23, linkStatistics))
} as const

/** `IFLA_INET6_*`; the rest of it is found in `sysctl`, `/proc/net/snmp6` and addresses. */
const inet6 = record({
  addressGenerationMode: attribute(8, addressGenerationMode),
  others: ignored(1, 2, 3, 4, 5, 6, 7, 9)
})

/** `IFLA_AF_SPEC`: settings by family. Of IPv4 (2) there is the table of sysctls alone. */
const familySettings = record({ others: ignored(2), inet6: attribute(10, inet6) })

/** `IFLA_PROP_LIST` */
const properties = record({ alternativeNames: repeated(53, alternativeName) })

/** `struct ifinfomsg` and `IFLA_*`, linux/if_link.h: a link as it lies on the wire. */
export const linkMessage = compile(
  record(
    {
      family: header(0, u8),
      ...linkFields,
      properties: attribute(52, properties),
      familySettings: attribute(26, familySettings),
      linkInfo: readOnly(attribute(18, linkInfo(locateInPeer))),
      namespacePid: writeOnly(attribute(19, u32)),
      namespaceDescriptor: writeOnly(attribute(28, u32)),
      alternativeName: writeOnly(attribute(53, alternativeName)),
      filterMask: writeOnly(attribute(29, u32)),
      /** The 32-bit statistics, the hardware's memory map, the event that a notice is about, padding. */
      others: ignored(7, 14, 29, 42, 44)
    },
    { headerSize: 16, what: 'a link' }
  )
)

/** A message that says which link it is about, and no more: to write a whole one takes longer than the kernel does. */
export const linkSelector = compile(
  record(
    {
      index: linkFields.index,
      name: linkFields.name,
      /** For look-ups of names past 15 bytes. */
      alternativeName: writeOnly(attribute(53, alternativeName)),
      filterMask: writeOnly(attribute(29, u32))
    },
    { headerSize: 16, what: 'a link' }
  )
)

function locateInPeer(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined {
  return linkMessage.locate(bytes, offset, length, wanted)
}

export type LinkMessage = OutputOf<typeof linkMessage>
export type LinkMessageInput = InputOf<typeof linkMessage>
export type LinkFieldsInput = StructInput<typeof linkFields>
export type LinkFieldsOutput = StructOutput<typeof linkFields>

/** Nests of the wire that objects don't have. */
const wireOnly = /^(linkInfo|familySettings|inet6|properties)\./

/** Names the attributes of a link message as specs do: `vxlan.id`, not `linkInfo.vxlan.id`. */
export const linkLocator = {
  headerSize: linkMessage.headerSize,
  keyOf: linkMessage.keyOf,
  locate(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined {
    let path = linkMessage.locate(bytes, offset, length, wanted)
    while (path !== undefined && wireOnly.test(path)) path = path.replace(wireOnly, '')
    return path
  }
}
