import {
  attribute,
  attributeBit,
  bool8,
  centiseconds,
  centiseconds64,
  ipv4,
  ipv6,
  mac,
  presence,
  readOnly,
  record,
  u16,
  u32,
  u8,
  writeOnly
} from '../../../codec/index.js'
import { bridgeId } from '../bridge-id.js'
import { bridgePort } from '../bridge-port.js'
import { defineKind } from '../kind.js'
import { vlanProtocol } from '../vlan-protocol.js'

/** `IFLA_BR_MULTI_BOOLOPT` (`enum br_boolopt_id`): bits of one attribute. */
const option = (id: number) => attributeBit(46, 1 << id, { masked: true })

/** `BRIDGE_QUERIER_*`, linux/if_bridge.h */
const querierState = record({
  ipv4Address: attribute(1, ipv4),
  /** The index of the port behind which the querier is. */
  ipv4Port: attribute(2, u32),
  /** Seconds until the other querier is thought gone. */
  ipv4OtherTimer: attribute(3, centiseconds64),
  ipv6Address: attribute(5, ipv6),
  ipv6Port: attribute(6, u32),
  ipv6OtherTimer: attribute(7, centiseconds64)
})

/** A switch in the kernel (`IFLA_BR_*`, linux/if_link.h; bridge in ip-link(8)). All times are in seconds. */
export const bridge = defineKind({
  name: 'bridge',
  data: {
    /** How long a port listens, and learns, before it forwards; 2 to 30 with STP. */
    forwardDelay: attribute(1, centiseconds),
    helloTime: attribute(2, centiseconds),
    maxAge: attribute(3, centiseconds),
    /** How long an address that was learnt is kept. */
    ageingTime: attribute(4, centiseconds),
    /** 0 off, 1 the kernel's spanning tree protocol, 2 a daemon's (read only). */
    stpState: attribute(5, u32),
    priority: attribute(6, u16),
    vlanFiltering: attribute(7, bool8),
    vlanProtocol: attribute(8, vlanProtocol),
    /** Which link-local groups (01:80:c2:00:00:0X) are forwarded, a bit each. */
    groupForwardMask: attribute(9, u16),
    rootId: readOnly(attribute(10, bridgeId)),
    bridgeId: readOnly(attribute(11, bridgeId)),
    /** The number of the port towards the root bridge; 0 if this is it. */
    rootPort: readOnly(attribute(12, u16)),
    rootPathCost: readOnly(attribute(13, u32)),
    topologyChange: readOnly(attribute(14, bool8)),
    topologyChangeDetected: readOnly(attribute(15, bool8)),
    helloTimer: readOnly(attribute(16, centiseconds64)),
    tcnTimer: readOnly(attribute(17, centiseconds64)),
    topologyChangeTimer: readOnly(attribute(18, centiseconds64)),
    gcTimer: readOnly(attribute(19, centiseconds64)),
    /** The link-local group of the spanning tree protocol. */
    groupAddress: attribute(20, mac),
    /** Forgets all addresses that were learnt. */
    fdbFlush: writeOnly(attribute(21, presence)),
    /** 0 never forwards to a multicast router, 1 finds out from queries, 2 always does. */
    multicastRouter: attribute(22, u8),
    multicastSnooping: attribute(23, bool8),
    /** Queries bear the bridge's own IP address. */
    multicastQueryUseInterfaceAddress: attribute(24, bool8),
    multicastQuerier: attribute(25, bool8),
    /** Without meaning since Linux 4.19. */
    multicastHashElasticity: attribute(26, u32),
    multicastHashMax: attribute(27, u32),
    multicastLastMemberCount: attribute(28, u32),
    multicastStartupQueryCount: attribute(29, u32),
    multicastLastMemberInterval: attribute(30, centiseconds64),
    multicastMembershipInterval: attribute(31, centiseconds64),
    multicastQuerierInterval: attribute(32, centiseconds64),
    multicastQueryInterval: attribute(33, centiseconds64),
    multicastQueryResponseInterval: attribute(34, centiseconds64),
    multicastStartupQueryInterval: attribute(35, centiseconds64),
    nfCallIptables: attribute(36, bool8),
    nfCallIp6tables: attribute(37, bool8),
    nfCallArptables: attribute(38, bool8),
    /** The VLAN of untagged frames on new ports; 0 for none. */
    vlanDefaultPvid: attribute(39, u16.within({ max: 4094 })),
    vlanStatistics: attribute(41, bool8),
    multicastStatistics: attribute(42, bool8),
    multicastIgmpVersion: attribute(43, u8.within({ min: 2, max: 3 })),
    multicastMldVersion: attribute(44, u8.within({ min: 1, max: 2 })),
    vlanStatisticsPerPort: attribute(45, bool8),
    /** Doesn't learn from link-local frames. */
    noLinkLocalLearning: option(0),
    multicastVlanSnooping: option(1),
    /** Multiple spanning trees (Linux 5.18). */
    mstEnabled: option(2),
    /** Linux 6.15 */
    mdbOffloadFailNotification: option(3),
    /** The bridge's own addresses are entered for VLAN 0 alone (Linux 6.18). */
    fdbLocalVlan0: option(4),
    multicastQuerierState: readOnly(attribute(47, querierState)),
    /** Linux 6.7 */
    fdbLearned: readOnly(attribute(48, u32)),
    /** How many addresses may be learnt; 0 for any number (Linux 6.7). */
    fdbMaxLearned: attribute(49, u32)
  },
  port: bridgePort
})
