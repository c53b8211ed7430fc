import { InvalidType, familyOf, invalidValue, requireObject, within } from '../../codec/index.js'
import type { InputOf, OutputOf, UnknownAttribute } from '../../codec/index.js'
import type { Message } from '../../netlink/index.js'
import type { LinkRef } from '../link-ref.js'
import type { routeProtocol } from '../route-protocol.js'
import type { Encapsulation, EncapsulationSpec } from '../route/index.js'
import { AF_INET, AF_INET6, AF_UNSPEC } from '../rtnetlink.js'
import type { NextHopGroupMember, NextHopGroupMemberSpec } from './group.js'
import { nextHopMessage } from './schema.js'
import type {
  NextHopMessage,
  NextHopMessageInput,
  ResilientGroup,
  ResilientGroupSpec,
  groupType
} from './schema.js'

/** A next-hop object, as the kernel has it (ip-nexthop(8), linux/nexthop.h; Linux 5.3). */
export interface NextHop {
  readonly id: number
  /** That of the gateway; a group has none. */
  readonly family?: 'inet' | 'inet6'
  readonly gateway?: string
  /** The index of the link that packets leave by. */
  readonly link?: number
  readonly scope: NextHopMessage['scope']
  /** Who made it; `'unspec'` unless it was said. */
  readonly protocol: OutputOf<typeof routeProtocol>
  readonly flags: NextHopMessage['flags']
  /** Packets are dropped. */
  readonly blackhole?: true
  /** It is for bridge forwarding entries, as a VXLAN remote. */
  readonly fdb?: true
  readonly encap?: Encapsulation
  /** The next hops that traffic is spread over. */
  readonly group?: readonly NextHopGroupMember[]
  readonly groupType?: OutputOf<typeof groupType>
  readonly resilient?: Readonly<ResilientGroup>
  /** Attributes that netloom does not know. */
  readonly unknown?: readonly UnknownAttribute[]
}

/** A next-hop object to add or replace. */
export interface NextHopSpec {
  /** 1 to 4294967295; the kernel chooses one by default. `replace` needs it. */
  readonly id?: number | undefined
  /** That of the gateway, else `'inet'`; a group has none. */
  readonly family?: 'inet' | 'inet6' | undefined
  /** The next router. A route of IPv4 may use an object with an IPv6 gateway. */
  readonly gateway?: string | undefined
  /** The link to leave by. Needed unless it is a group, a blackhole or for the fdb. */
  readonly link?: LinkRef | undefined
  /** `'unspec'` by default. */
  readonly protocol?: InputOf<typeof routeProtocol> | undefined
  /** `['onlink']`: the gateway is on the link, whatever the addresses say. */
  readonly flags?: NextHop['flags'] | undefined
  /** Drop the packets. */
  readonly blackhole?: boolean | undefined
  /** For bridge forwarding entries: a gateway or a group, without a link. */
  readonly fdb?: boolean | undefined
  readonly encap?: EncapsulationSpec | undefined
  /** Next hops that exist, to spread traffic over; in place of gateway and link. */
  readonly group?: readonly NextHopGroupMemberSpec[] | undefined
  /** `'mpath'`, the default, hashes each flow; `'resilient'` keeps flows where they are when it changes. */
  readonly groupType?: InputOf<typeof groupType> | undefined
  /** For a resilient group. */
  readonly resilient?: Readonly<ResilientGroupSpec> | undefined
  /** Attributes to send as they are. */
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

const families = { inet: AF_INET, inet6: AF_INET6 } as const

/** The properties that a group has not. */
const single = ['gateway', 'link', 'blackhole', 'encap'] as const

/** Turns a spec into what goes on the wire. Refuses combinations that can't be right. */
export function nextHopInput(spec: NextHopSpec, link: number | undefined): NextHopMessageInput {
  const { family, gateway, group } = spec
  const { scope: _scope, ...rest } = spec as NextHopSpec & { scope?: unknown }
  return { ...rest, link, family: familyNumber(family, gateway, group !== undefined) }
}

/** Refuses what no link's index can make right. */
export function checkNextHop(spec: NextHopSpec): void {
  requireObject(spec, nextHopMessage.expected)
  const { group, resilient, groupType } = spec
  for (const key of ['groups', 'master']) {
    if ((spec as Record<string, unknown>)[key] !== undefined) {
      throw new InvalidType(undefined, 'absent: it is no property of a next hop', 'ERR_UNKNOWN_FIELD').within(
        key
      )
    }
  }
  if (group === undefined) {
    if (groupType !== undefined || resilient !== undefined) {
      within('group', () => invalidValue(group, 'given where groupType or resilient is'))
    }
    if (spec.link === undefined && spec.blackhole !== true && spec.fdb !== true) {
      throw new InvalidType(
        undefined,
        'given, unless there is a group, blackhole or fdb',
        'ERR_MISSING_FIELD'
      ).within('link')
    }
    return
  }
  for (const key of single) {
    if (spec[key] !== undefined && spec[key] !== false) {
      within(key, () => invalidValue(spec[key], 'absent: it belongs to the members of the group'))
    }
  }
  if (resilient !== undefined && groupType !== 'resilient' && groupType !== 1) {
    within('resilient', () => invalidValue(resilient, "absent unless groupType is 'resilient'"))
  }
}

function familyNumber(family: unknown, gateway: string | undefined, isGroup: boolean): number {
  if (isGroup) return AF_UNSPEC
  const told = typeof gateway === 'string' ? familyOf(gateway) : undefined
  if (family !== undefined) {
    if (family !== 'inet' && family !== 'inet6') {
      within('family', () => invalidValue(family, 'one of "inet", "inet6"'))
    } else if (told !== undefined && told !== family) {
      within('gateway', () => invalidValue(gateway, `of family ${family}, as the rest of the object`))
    }
  }
  return families[(family as 'inet' | 'inet6' | undefined) ?? told ?? 'inet']
}

/** Reads a next-hop object out of its message. */
export function readNextHop(message: Message): NextHop {
  const {
    family,
    id,
    groups: _groups,
    master: _master,
    ...rest
  } = nextHopMessage.read(message.bytes, message.offset, message.length)
  return {
    id: id ?? 0,
    ...(family === AF_INET ? { family: 'inet' } : family === AF_INET6 ? { family: 'inet6' } : {}),
    ...rest
  }
}
