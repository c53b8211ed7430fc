import type { InputOf, OutputOf, UnknownAttribute } from '../../codec/index.js'
import type { Message } from '../../netlink/index.js'
import type { ipProtocol } from '../ip-protocol.js'
import type { routeProtocol } from '../route-protocol.js'
import type { Realms } from '../route/realms.js'
import { AF_INET, AF_INET6 } from '../rtnetlink.js'
import type { Range } from './range.js'
import { ruleMessage } from './schema.js'
import type { ruleAction, ruleFlags } from './schema.js'

/** What packets a rule is for. What is absent is not looked at. */
interface Selectors {
  /** The rule is for all packets that do not match: `ip rule add not …`. */
  readonly invert?: boolean | undefined
  /** A prefix; host bits are kept as they are, and have no effect. */
  readonly source?: string | undefined
  readonly destination?: string | undefined
  /** The type of service byte (IPv4) or traffic class (IPv6). */
  readonly tos?: number | undefined
  /** The six bits of the DSCP alone (Linux 6.13); not together with `tos`. */
  readonly dscp?: number | undefined
  /** Which bits of the DSCP count (Linux 6.16). */
  readonly dscpMask?: number | undefined
  /** IPv6 only (Linux 6.14). */
  readonly flowLabel?: number | undefined
  readonly flowLabelMask?: number | undefined
  /** The firewall mark (`fwmark`). */
  readonly mark?: number | undefined
  /** Which bits of the mark count; all by default, and absent when reading then. */
  readonly markMask?: number | undefined
  /** The name of the link by which packets come in; `'lo'` for those of this host. It need not exist yet. */
  readonly inputLink?: string | undefined
  /** The name of the link that a local socket is bound to. It need not exist yet. */
  readonly outputLink?: string | undefined
  readonly ipProtocol?: OutputOf<typeof ipProtocol> | undefined
  readonly sourcePort?: Range | undefined
  /** Which bits of the port count (Linux 6.16). */
  readonly sourcePortMask?: number | undefined
  readonly destinationPort?: Range | undefined
  /** Which bits of the port count (Linux 6.16). */
  readonly destinationPortMask?: number | undefined
  /** The user ids of the sockets that packets leave by. */
  readonly uidRange?: Range | undefined
  /** The id of the tunnel that packets came through: a VXLAN's VNI, a GRE key. */
  readonly tunnelId?: number | undefined
  /** Packets of a link of a VRF (an L3 master device): they are looked up in the VRF's table. */
  readonly l3mdev?: boolean | undefined
}

/** What a rule does, and its place among the others. */
interface Effects {
  /** The table to look up, with the action `'lookup'`. */
  readonly table?: number | undefined
  /** The priority of the rule to go on with, with the action `'goto'`. */
  readonly goto?: number | undefined
  /** Ignore routes that the look-up finds with this prefix length or a shorter one. 0: the default route. */
  readonly suppressPrefixLength?: number | undefined
  /** Ignore routes that the look-up finds over links of this group. */
  readonly suppressInterfaceGroup?: number | undefined
  /** Realms for the routes that it finds. IPv4 only. */
  readonly realms?: Realms | undefined
  /** Who made it. */
  readonly protocol?: OutputOf<typeof routeProtocol> | undefined
}

/** A rule of the routing policy: which table to look up for which packets (`ip rule`). */
export interface Rule extends Selectors, Effects {
  readonly family: 'inet' | 'inet6'
  /** Rules are tried from 0 up. */
  readonly priority: number
  readonly action: OutputOf<typeof ruleAction>
  /**
   * What the kernel remarks: `'permanent'` rules can't be deleted; `'unresolved'` is a goto without a
   * target; `'iif_detached'` and `'oif_detached'` wait for a link of that name. Absent if nothing.
   */
  readonly flags?: OutputOf<typeof ruleFlags>
  readonly unknown?: readonly UnknownAttribute[]
}

/** A rule to add. */
export interface RuleSpec extends Selectors, Omit<Effects, 'table' | 'protocol'> {
  /** That of `source` or `destination`; otherwise `'inet'`. */
  readonly family?: 'inet' | 'inet6' | undefined
  /** Without one, the kernel puts the rule before all but the one of priority 0. */
  readonly priority?: number | undefined
  /** `'goto'` where `goto` is given, otherwise `'lookup'`. */
  readonly action?: InputOf<typeof ruleAction> | undefined
  /** A number, or a name out of rt_tables. With the action `'lookup'`, `'main'` by default. */
  readonly table?: number | string | undefined
  /** `'unspec'` by default, as for `ip rule add`. */
  readonly protocol?: InputOf<typeof routeProtocol> | undefined
}

/** Reads a rule out of its message; `undefined` for the rules of multicast routing. */
export function readRule(message: Message): Rule | undefined {
  const family = message.bytes[message.offset]
  if (family !== AF_INET && family !== AF_INET6) return undefined
  // A rule of priority 0 comes without one.
  return { priority: 0, ...ruleMessage.read(message.bytes, message.offset, message.length) } as Rule
}
