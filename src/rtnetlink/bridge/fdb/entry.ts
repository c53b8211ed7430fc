import { invalidType } from '../../../codec/index.js'
import type { InputOf, OutputOf, UnknownAttribute } from '../../../codec/index.js'
import type { Message } from '../../../netlink/index.js'
import type { LinkRef } from '../../link-ref.js'
import type { NeighborCacheInfo, NeighborFlag } from '../../neighbor/index.js'
import type { routeProtocol } from '../../route-protocol.js'
import { AF_BRIDGE } from '../../rtnetlink.js'
import { fdbMessage } from './schema.js'
import type { FdbMessageInput, fdbState } from './schema.js'

/** How long an entry lasts, as `bridge fdb` names it. */
export type FdbState = OutputOf<typeof fdbState>

/** Whether the bridge tells that an entry is active (`NFEA_*`, Linux 5.14). */
export interface FdbActivity {
  /** `'activity_notify'`: tell when the entry becomes active or inactive. `'inactive'`: it is. */
  readonly notify?: readonly ('activity_notify' | 'inactive' | number)[] | undefined
  /** Do not count this change as activity. */
  readonly noRefresh?: boolean | undefined
}

/** An entry of the forwarding database of a bridge or a VXLAN link: `bridge fdb`. */
export interface FdbEntry {
  readonly macAddress: string
  /** The index of the port, or of the link that keeps its own list, behind which the address is. */
  readonly link: number
  /** The index of the bridge that has the entry; absent for entries of a link's own list. */
  readonly master?: number
  readonly vlan?: number
  /**
   * `'permanent'`: an address of the bridge itself, or of a link's own list. `'static'`: never ages.
   * `'reachable'`: learnt, or added as such, and will age. `'stale'`: aged.
   */
  readonly state: FdbState
  /** `'self'` marks an entry of the link's own list. */
  readonly flags: readonly NeighborFlag[]
  /** VXLAN: the address of the tunnel's other end. */
  readonly destination?: string
  /** VXLAN: the UDP port of the other end, where it is not the link's own. */
  readonly port?: number
  /** VXLAN: the network id to send with, where it is not the link's own. */
  readonly vni?: number
  /** VXLAN: the network id that the entry is for, of a link that carries several. */
  readonly sourceVni?: number
  /** VXLAN: the index of the link to send by. */
  readonly outputLink?: number
  /** The id of the namespace that `outputLink` is in, when it is another one. */
  readonly linkNamespaceId?: number
  /** VXLAN: a next-hop object of the kind that serves forwarding databases (Linux 5.8). */
  readonly nextHopId?: number
  readonly protocol?: OutputOf<typeof routeProtocol>
  /** Seconds since it was used and changed; `confirmed` means nothing here. */
  readonly cacheInfo?: NeighborCacheInfo
  readonly activity?: FdbActivity
  readonly unknown?: readonly UnknownAttribute[]
}

/** An entry to add. */
export interface FdbSpec {
  readonly link: LinkRef
  readonly macAddress: string
  readonly vlan?: number | undefined
  /** `'permanent'` by default, as for `bridge fdb add`. `'dynamic'` is `'reachable'`. */
  readonly state?: FdbState | 'dynamic' | undefined
  /**
   * `'self'`, the default: the link's own list. `'master'`: the bridge that the link is a port of. Also
   * `'sticky'`, `'extern_learn'`, `'use'`, `'router'`.
   */
  readonly flags?: readonly NeighborFlag[] | undefined
  readonly destination?: string | undefined
  readonly port?: number | undefined
  readonly vni?: number | undefined
  readonly sourceVni?: number | undefined
  readonly outputLink?: LinkRef | undefined
  readonly nextHopId?: number | undefined
  readonly protocol?: InputOf<typeof routeProtocol> | undefined
  readonly activity?: FdbActivity | undefined
}

/** What names an entry: an `FdbEntry` will do. */
export type FdbKey = Pick<FdbSpec, 'link' | 'macAddress'> &
  Partial<
    Pick<
      FdbSpec,
      'vlan' | 'flags' | 'destination' | 'port' | 'vni' | 'sourceVni' | 'outputLink' | 'nextHopId'
    >
  >

/** The links that a spec refers to, by their indices. */
type Resolved<S> = Omit<S, 'link' | 'outputLink'> & {
  readonly link?: number | null | undefined
  readonly outputLink?: number | null | undefined
}

/**
 * What `bridge fdb add` sends. `NUD_NOARP` beside another: a bridge looks at the first, a VXLAN link at the
 * second.
 */
const written: Readonly<Record<string, number>> = { static: 0x42, permanent: 0xc0, dynamic: 0x02 }

/** Turns a spec into what goes on the wire, with the defaults of `bridge fdb`. */
export function fdbInput(spec: Resolved<FdbSpec>): FdbMessageInput {
  const { state = 'permanent', flags, link, outputLink, ...rest } = spec
  return {
    ...rest,
    ...linksOf(link, outputLink),
    state: Object.hasOwn(written, state) ? written[state] : (state as FdbState),
    flags: withOwner(flags)
  }
}

/** The part of a key that goes on the wire. */
export function fdbKeyInput(key: Resolved<FdbKey>): FdbMessageInput {
  const { macAddress, vlan, destination, port, vni, sourceVni, nextHopId, link, outputLink } = key
  return {
    ...{ macAddress, vlan, destination, port, vni, sourceVni, nextHopId },
    ...linksOf(link, outputLink),
    flags: ownerOf(key)
  }
}

/** Whose list an entry is in. What a bridge lists carries no flag, but the bridge as its master. */
function ownerOf(key: Resolved<FdbKey> & Partial<Pick<FdbEntry, 'master'>>): readonly NeighborFlag[] {
  const owner = (key.flags ?? []).filter((flag) => flag === 'self' || flag === 'master')
  if (owner.length > 0) return owner
  return key.master === undefined || key.master === key.link ? ['self'] : ['master']
}

function linksOf(
  link: number | null | undefined,
  outputLink: number | null | undefined
): Pick<FdbMessageInput, 'link' | 'outputLink'> {
  return { link: link ?? undefined, outputLink: outputLink ?? undefined }
}

/** Whose list it is: the link's own unless said otherwise. */
function withOwner(flags: readonly NeighborFlag[] = []): readonly NeighborFlag[] {
  const given: unknown = flags
  if (!Array.isArray(given)) invalidType(given, 'an array of flags such as ["master", "sticky"]')
  return flags.includes('self') || flags.includes('master') ? flags : [...flags, 'self']
}

/** Reads an entry out of its message; `undefined` if the message is about a neighbour. */
export function readFdbEntry(message: Message): FdbEntry | undefined {
  if (message.bytes[message.offset] !== AF_BRIDGE) return undefined
  return fdbMessage.read(message.bytes, message.offset, message.length)
}
