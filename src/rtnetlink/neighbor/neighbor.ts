import { InvalidType, invalidType } from '../../codec/index.js'
import type { InputOf, OutputOf, UnknownAttribute } from '../../codec/index.js'
import type { Message } from '../../netlink/index.js'
import type { LinkRef } from '../link-ref.js'
import type { routeProtocol } from '../route-protocol.js'
import { AF_INET, AF_INET6 } from '../rtnetlink.js'
import { neighborFlags } from './flags.js'
import type { NeighborFlag } from './flags.js'
import { neighborMessage } from './schema.js'
import type { NeighborMessageInput, neighborState, neighborType } from './schema.js'

/** How far the kernel has got with a neighbour: `NUD_*`, as `ip neigh` prints it. */
export type NeighborState = OutputOf<typeof neighborState>

/** Seconds since a neighbour was last confirmed, used and changed (`struct nda_cacheinfo`). */
export interface NeighborCacheInfo {
  readonly confirmed: number
  readonly used: number
  readonly updated: number
  /** How many users the entry has in the kernel. */
  readonly references: number
}

/** An entry of the ARP (IPv4) or neighbour discovery (IPv6) cache, or a proxy entry: `ip neigh`. */
export interface Neighbor {
  readonly family: 'inet' | 'inet6'
  /** The index of the link behind which it is; 0 only for a proxy entry that serves all links. */
  readonly link: number
  readonly destination: string
  /** Its link-layer address; absent while it is not known, and for proxy entries. */
  readonly macAddress?: string
  /** `'none'` for proxy entries. */
  readonly state: NeighborState
  /** `'proxy'` marks an entry that the link answers for. */
  readonly flags: readonly NeighborFlag[]
  /** What kind of address it is (`RTN_*`). */
  readonly type?: OutputOf<typeof neighborType>
  /** Who made it. */
  readonly protocol?: OutputOf<typeof routeProtocol>
  /** Requests that were sent without an answer. */
  readonly probes?: number
  readonly cacheInfo?: NeighborCacheInfo
  readonly unknown?: readonly UnknownAttribute[]
}

/** A neighbour to add or change. */
export interface NeighborSpec {
  readonly link: LinkRef
  /** Its IPv4 or IPv6 address. */
  readonly destination: string
  /** Its link-layer address. A proxy entry has none. */
  readonly macAddress?: string | undefined
  /** `'permanent'` by default, as for `ip neigh add`; `'none'` with the flags `use` and `managed`. */
  readonly state?: NeighborState | undefined
  /**
   * `'proxy'`: the link answers for the address. `'router'`: it is one (IPv6). `'use'`: resolve it now.
   * `'managed'`: keep it resolved (Linux 5.16). `'extern_learn'`: a control plane looks after it.
   */
  readonly flags?: readonly NeighborFlag[] | undefined
  /** Who makes it; `'unspec'` by default. */
  readonly protocol?: InputOf<typeof routeProtocol> | undefined
}

/** What names a neighbour: a `Neighbor` will do. */
export interface NeighborKey {
  readonly link: LinkRef
  readonly destination: string
  /** Only `'proxy'` counts: proxy entries are apart from the others. */
  readonly flags?: readonly NeighborFlag[] | undefined
}

/** Turns a spec into what goes on the wire, with iproute2's defaults. */
export function neighborInput(spec: NeighborSpec, link: number): NeighborMessageInput {
  const flags = spec.flags ?? []
  if (!Array.isArray(flags)) invalidType(flags, neighborFlags.expected)
  if (isProxy(spec) && spec.macAddress !== undefined) {
    throw new InvalidType(
      spec.macAddress,
      'absent: a proxy entry answers with the address of its link',
      'ERR_INVALID_ARG_VALUE'
    ).within('macAddress')
  }
  const resolving = flags.includes('use') || flags.includes('managed') || isProxy(spec)
  return { state: resolving ? 'none' : 'permanent', ...definedOf(spec), link }
}

/** The part of a key that goes on the wire. */
export function neighborKeyInput(key: NeighborKey, link: number): NeighborMessageInput {
  return { link, destination: key.destination, ...(isProxy(key) ? { flags: ['proxy'] as const } : {}) }
}

/** Whether a proxy entry is meant. */
export function isProxy(key: NeighborKey): boolean {
  return Array.isArray(key.flags) && key.flags.includes('proxy')
}

/** A spec without what is `undefined`, which must not hide a default. */
function definedOf<T extends object>(spec: T): T {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as T
}

/** Reads a neighbour out of its message; `undefined` if the message is about a bridge's forwarding entry. */
export function readNeighbor(message: Message): Neighbor | undefined {
  const family = message.bytes[message.offset]
  if (family !== AF_INET && family !== AF_INET6) return undefined
  return neighborMessage.read(message.bytes, message.offset, message.length) as Neighbor
}
