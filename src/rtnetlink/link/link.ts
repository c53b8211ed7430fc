import type { ReadOptions } from '../../codec/index.js'
import type { Message, NetlinkConnection } from '../../netlink/index.js'
import { own } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import type { ChangeInput } from './fixed.js'
import { kindNamed } from './kind-named.js'
import type { KindChange, KindLink, KindSpec, PortLinks, PortSpecs } from './kind.js'
import type { kinds } from './kinds/index.js'
import type { LinkInfo } from './link-info.js'
import type { addressGenerationMode } from './names.js'
import type { NamespaceTarget } from './namespace-target.js'
import { linkMessage } from './schema.js'
import type { LinkFieldsInput, LinkFieldsOutput, linkFields } from './schema.js'
import type { LinkStatistics } from './statistics.js'
import type { InputOf, OutputOf, UnknownAttribute } from '../../codec/index.js'

/** Every kind that netloom knows, as it is declared. */
type Kinds = (typeof kinds)[number]['options']

/** Settings that lie in nests of the wire, or in several messages. */
interface OtherSettings {
  /** How the IPv6 link-local address is made; the sysctl's by default. */
  readonly addressGenerationMode?: InputOf<typeof addressGenerationMode> | undefined
  /** Further names, at most 127 bytes each. On change, the whole set: what is not in it is removed. */
  readonly alternativeNames?: readonly string[] | undefined
  /** Where to put it; the stack's own namespace when absent. Its `master` then is a link of that namespace. */
  readonly namespace?: NamespaceTarget | undefined
}

/** What links of every kind take. */
export interface LinkSettings extends Readonly<LinkFieldsInput>, OtherSettings, PortSpecs<Kinds> {}

/** The other end of a pair, with everything that a link takes. Its `master` is a link of its own namespace. */
export type PeerSpec = Omit<LinkSettings, 'link' | 'linkNamespaceId'>

/** A link of a kind that netloom doesn't know: the data are bytes, as the kernel takes them (`IFLA_INFO_DATA`). */
export interface UnknownKindSpec extends LinkSettings {
  readonly kind: 'unknown'
  /** As the kernel spells it. */
  readonly kindName: string
  readonly data?: Uint8Array | undefined
}

type SpecOf<O> = O extends Kinds ? LinkSettings & KindSpec<O, PeerSpec, LinkRef> : never

/** A link to make. What belongs to a kind nests under its name. */
export type LinkSpec = SpecOf<Kinds> | UnknownKindSpec

/** A link to make by netlink alone, as a batch does: all but tun and tap, which are made by ioctl. */
export type BatchLinkSpec = Exclude<LinkSpec, { readonly kind: 'tun' }>

/** What to change of a link: `undefined` leaves, `null` clears. */
export type LinkChange = Readonly<ChangeInput<typeof linkFields>> &
  OtherSettings &
  PortSpecs<Kinds> &
  KindChange<Kinds>

/** What links of every kind have. */
export interface LinkProperties<Counter extends number | bigint = number>
  extends Readonly<Omit<LinkFieldsOutput, 'statistics'>>, PortLinks<Kinds> {
  /** Counters; absent where they were left out. */
  readonly statistics?: LinkStatistics<Counter>
  readonly addressGenerationMode?: OutputOf<typeof addressGenerationMode>
  /** Further names; empty if there are none. */
  readonly alternativeNames: readonly string[]
  /** Of a port whose master is of a kind that netloom doesn't know. */
  readonly unknownPort?: { readonly kindName: string; readonly data?: Uint8Array }
  readonly unknown?: readonly UnknownAttribute[]
}

type LinkOf<O, C extends number | bigint> = O extends Kinds ? LinkProperties<C> & KindLink<O> : never

/** A link of a kind that netloom doesn't know. */
export interface UnknownKindLink<C extends number | bigint = number> extends LinkProperties<C> {
  readonly kind: 'unknown'
  /** As the kernel spells it. */
  readonly kindName: string
  /** `IFLA_INFO_DATA`, as it came. */
  readonly data?: Uint8Array
}

/** A link that is of no kind: hardware, or the loopback. */
export interface PhysicalLink<C extends number | bigint = number> extends LinkProperties<C> {
  readonly kind: undefined
}

/** A link as the kernel has it. Its counters are numbers, or `bigint` where that was asked for. */
export type Link<Counter extends number | bigint = number> =
  LinkOf<Kinds, Counter> | UnknownKindLink<Counter> | PhysicalLink<Counter>

/** The kinds that netloom knows. */
export type LinkKindName = Kinds['name']

/** Reads a link out of its message. It then belongs to the stack of `connection`. */
export function readLink(message: Message, connection?: NetlinkConnection, options?: ReadOptions): Link {
  const wire = linkMessage.read(message.bytes, message.offset, message.length, options)
  const { properties, familySettings, linkInfo } = wire
  // Copied key by key: rest and spread are ten times slower for an object of this size.
  const link: Record<string, unknown> = {}
  for (const key in wire) {
    const value = wire[key as keyof typeof wire]
    if (!isAbsent(key, value)) link[key] = value
  }
  const mode = familySettings?.inet6?.addressGenerationMode
  if (mode !== undefined) link['addressGenerationMode'] = mode
  link['alternativeNames'] = properties?.alternativeNames ?? []
  Object.assign(link, readKind(linkInfo), readPort(linkInfo))
  const result = link as unknown as Link
  return connection === undefined ? result : own(result, connection)
}

/** What the message says of the link in other words, or by which it says that there is none. */
function isAbsent(key: string, value: unknown): boolean {
  switch (key) {
    case 'family':
    case 'properties':
    case 'familySettings':
    case 'linkInfo':
      return true
    case 'link':
    case 'maxMtu':
      return value === 0
    case 'linkNamespaceId':
      return (value as number) < 0
    case 'xdp':
      return (value as { mode?: unknown }).mode === 'none'
    case 'devlinkPort':
    case 'dpllPin':
      return Object.keys(value as object).length === 0
    default:
      return false
  }
}

function readKind(info: LinkInfo | undefined): object {
  const { kindName, data } = info ?? {}
  if (kindName === undefined) return { kind: undefined }
  const kind = kindNamed(kindName)
  if (kind === undefined) return { kind: 'unknown', kindName, ...(data === undefined ? {} : { data }) }
  return kind.data === undefined ? { kind: kindName } : { kind: kindName, [kindName]: data ?? {} }
}

function readPort(info: LinkInfo | undefined): object {
  const { portKindName: kindName, portData: data } = info ?? {}
  if (kindName === undefined) return {}
  const kind = kindNamed(kindName)
  if (kind?.port === undefined) return { unknownPort: { kindName, ...(data === undefined ? {} : { data }) } }
  return data === undefined ? {} : { [kind.portName]: data }
}
