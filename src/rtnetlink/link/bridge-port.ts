import {
  attribute,
  bool8,
  centiseconds64,
  enumeration,
  presence,
  readOnly,
  u16,
  u32,
  u8,
  writeOnly
} from '../../codec/index.js'
import { bridgeId } from './bridge-id.js'
import { linkReference } from './reference.js'

/** `BR_STATE_*`, linux/if_bridge.h */
const portState = enumeration(u8, { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 })

/** A port of a bridge (`IFLA_BRPORT_*`, linux/if_link.h; bridge_slave in ip-link(8)). Times are in seconds. */
export const bridgePort = {
  /** Can be set where no spanning tree protocol runs. */
  state: attribute(1, portState),
  priority: attribute(2, u16.within({ max: 63 })),
  cost: attribute(3, u32.within({ min: 1, max: 65535 })),
  /** Frames may leave by the port they came in by. */
  hairpin: attribute(4, bool8),
  /** Takes the port down when a bridge protocol frame comes in. */
  guard: attribute(5, bool8),
  /** The port may not become the root port. */
  rootBlock: attribute(6, bool8),
  /** A multicast group is left as soon as one listener leaves. */
  fastLeave: attribute(7, bool8),
  learning: attribute(8, bool8),
  /** Unicast frames to unknown addresses go out here. */
  flood: attribute(9, bool8),
  proxyArp: attribute(10, bool8),
  /** What the hardware learns is entered in the kernel's table. */
  learningSync: attribute(11, bool8),
  proxyArpWifi: attribute(12, bool8),
  rootId: readOnly(attribute(13, bridgeId)),
  bridgeId: readOnly(attribute(14, bridgeId)),
  designatedPort: readOnly(attribute(15, u16)),
  designatedCost: readOnly(attribute(16, u16)),
  id: readOnly(attribute(17, u16)),
  number: readOnly(attribute(18, u16)),
  topologyChangeAck: readOnly(attribute(19, bool8)),
  configPending: readOnly(attribute(20, bool8)),
  messageAgeTimer: readOnly(attribute(21, centiseconds64)),
  forwardDelayTimer: readOnly(attribute(22, centiseconds64)),
  holdTimer: readOnly(attribute(23, centiseconds64)),
  /** Forgets the addresses that were learnt here. */
  fdbFlush: writeOnly(attribute(24, presence)),
  /** 0 never has a multicast router behind it, 1 finds out from queries, 2 always, 3 for a time. */
  multicastRouter: attribute(25, u8.within({ max: 3 })),
  multicastFlood: attribute(27, bool8),
  multicastToUnicast: attribute(28, bool8),
  vlanTunnel: attribute(29, bool8),
  broadcastFlood: attribute(30, bool8),
  groupForwardMask: attribute(31, u16),
  /** Answers ARP and neighbour discovery from the table instead of flooding them. */
  neighborSuppress: attribute(32, bool8),
  /** Isolated ports reach only those that are not. */
  isolated: attribute(33, bool8),
  /** The port that takes over when this one has no carrier; `null` for none. */
  backupPort: linkReference(34, { clear: 0 }),
  mrpRingOpen: readOnly(attribute(35, bool8)),
  mrpInOpen: readOnly(attribute(36, bool8)),
  multicastEhtHostsLimit: attribute(37, u32.within({ min: 1 })),
  multicastEhtHostsCount: readOnly(attribute(38, u32)),
  /** Only frames from addresses in the table come in (Linux 5.18). */
  locked: attribute(39, bool8),
  /** MAC authentication bypass: strangers on a locked port are entered as locked (Linux 6.2). */
  macAuthenticationBypass: attribute(40, bool8),
  /** Linux 6.3 */
  multicastGroups: readOnly(attribute(41, u32)),
  /** 0 for any number (Linux 6.3). */
  multicastMaxGroups: attribute(42, u32),
  /** Linux 6.4 */
  neighborVlanSuppress: attribute(43, bool8),
  /** The next-hop object over which frames go when the port has no carrier; `null` for none (Linux 6.6). */
  backupNextHop: attribute(44, u32, { clear: 0 })
}
