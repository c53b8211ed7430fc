import { InvalidType, familyOf, requireObject } from '../../codec/index.js'
import type { UnknownAttribute } from '../../codec/index.js'
import type { Message } from '../../netlink/index.js'
import { checkMask, checkSource, missing, refuseKeys, sameFamily } from './check.js'
import type { ByDirection } from './direction.js'
import type { NatSpec } from './nat.js'
import type { DccpInfo, DccpInfoSpec, SctpInfo, SctpInfoSpec, TcpInfo, TcpInfoSpec } from './protocol-info.js'
import { connectionMessage } from './schema.js'
import type { ConnectionMessage, ConnectionMessageInput } from './schema.js'
import { connectionStatus } from './status.js'
import type { ConnectionStatus, ConnectionStatusSpec } from './status.js'
import { inverse } from './tuple.js'
import type { Tuple, TupleSpec } from './tuple.js'

/** Packets and bytes of one direction: numbers, exact to 2^53, or `bigint` where that was asked for. */
export interface ConnectionCounters<Counter extends number | bigint = number> {
  readonly packets: Counter
  readonly bytes: Counter
}

/** A tracked connection: `conntrack -L`. */
export interface Connection<Counter extends number | bigint = number> {
  readonly family: 'inet' | 'inet6'
  /** As the first packet came. */
  readonly original: Tuple
  /** As its answers come: where the two differ by more than direction, addresses are translated. */
  readonly reply: Tuple
  /** Tells it from an earlier or later connection of the same tuple; two connections may share one by chance. */
  readonly id: number
  readonly status: readonly ConnectionStatus[]
  /** Seconds until it is forgotten unless a packet comes. Absent while a flowtable forwards it. */
  readonly timeout?: number
  /** `ct mark`; absent in events where it is 0. */
  readonly mark?: number
  /** The zone of both directions (see the tuples for one direction's own); absent for zone 0. */
  readonly zone?: number
  readonly tcp?: TcpInfo
  readonly sctp?: SctpInfo
  readonly dccp?: DccpInfo
  /** Only while the sysctl `net.netfilter.nf_conntrack_acct` is 1, and only of connections that began under it. */
  readonly counters?: ByDirection<ConnectionCounters<Counter>>
  /**
   * Milliseconds since 1970, to about a quarter of a microsecond; `stop` in the event that ends it. Only while
   * the sysctl `net.netfilter.nf_conntrack_timestamp` is 1.
   */
  readonly timestamps?: { readonly start?: number; readonly stop?: number }
  /** When an event happened, in milliseconds since 1970 (Linux 6.14, with `nf_conntrack_timestamp`). */
  readonly eventTime?: number
  /** The helper that reads its control messages: `'ftp'`, `'sip'` … */
  readonly helper?: string
  /** The numbers of the labels that are set. */
  readonly labels?: readonly number[]
  /** The original direction of the connection that expected this one. */
  readonly master?: Tuple
  /** As SELinux or Smack names what the connection was labelled with. */
  readonly securityContext?: string
  readonly sequenceAdjustment?: ConnectionMessage['sequenceAdjustment']
  readonly synproxy?: ConnectionMessage['synproxy']
  /** How many users the entry has in the kernel. */
  readonly use?: number
  readonly unknown?: readonly UnknownAttribute[]
}

/** What names a connection: one of its directions. A `Connection` will do. */
export interface ConnectionKey {
  /** Its original direction, or … */
  readonly original?: TupleSpec | undefined
  /** … that of its answers; used where `original` is absent. */
  readonly reply?: TupleSpec | undefined
  readonly zone?: number | undefined
  /** With it, a later connection of the same tuple is not taken for this one. */
  readonly id?: number | undefined
}

/** What can be set of a connection when it is made and later. */
export interface ConnectionSettings {
  /** Seconds until it is forgotten unless a packet comes. */
  readonly timeout?: number | undefined
  /**
   * `'confirmed'` is added. `'seen_reply'` and `'assured'` can be set and not cleared; what the kernel itself
   * decides (translation, offload) it leaves as it is.
   */
  readonly status?: readonly ConnectionStatusSpec[] | undefined
  readonly mark?: number | undefined
  /** The labels to set, by number; all others are cleared. A rule must use labels (`ct label`), or it is `ENOSPC`. */
  readonly labels?: readonly number[] | undefined
  readonly tcp?: TcpInfoSpec | undefined
  readonly sctp?: SctpInfoSpec | undefined
  readonly dccp?: DccpInfoSpec | undefined
  readonly sequenceAdjustment?: ConnectionMessageInput['sequenceAdjustment']
  readonly synproxy?: ConnectionMessageInput['synproxy']
}

/** A connection to make: `conntrack -I`. */
export interface ConnectionSpec extends ConnectionSettings {
  readonly original: TupleSpec
  /** The inverse of `original` by default. */
  readonly reply?: TupleSpec | undefined
  readonly timeout: number
  readonly zone?: number | undefined
  readonly helper?: string | undefined
  /** The original direction of the connection that this one belongs to. */
  readonly master?: TupleSpec | undefined
  /** Translates the source; the kernel turns `reply` to match. */
  readonly sourceNat?: NatSpec | undefined
  readonly destinationNat?: NatSpec | undefined
}

/** What to change of a connection: `conntrack -U`. `undefined` leaves. */
export interface ConnectionChange extends ConnectionSettings {
  /** The bits of the mark to change; all when absent. */
  readonly markMask?: number | undefined
  /** The labels to change, by number; all when absent. */
  readonly labelsMask?: readonly number[] | undefined
  /** `null` removes it. A connection can get none that had none when it was made. */
  readonly helper?: string | null | undefined
}

/** Reads a connection out of its message. */
export function readConnection(message: Message, bigint = false): Connection {
  return connectionMessage.read(message.bytes, message.offset, message.length, { bigint }) as Connection
}

/** Turns a spec into what goes on the wire. */
export function connectionInput(spec: ConnectionSpec): ConnectionMessageInput {
  requireObject(spec, 'a connection: an object')
  refuseKeys(spec, ['id', 'family', 'markMask', 'labelsMask'])
  const { original, status, timeout } = spec
  if (original === undefined) missing('original')
  if (timeout === undefined) missing('timeout')
  checkSource(original, 'original')
  const { reply = inverse(original) } = spec
  if (spec.reply !== undefined) {
    checkSource(reply, 'reply')
    sameFamily(original, reply, 'reply')
  }
  if (spec.master !== undefined) {
    checkSource(spec.master, 'master')
    sameFamily(original, spec.master, 'master')
  }
  return { ...spec, family: familyOf(original.source), reply, ...confirmed(status) }
}

/** What names a connection on the wire: never nothing, since a request to delete without a tuple deletes all. */
export function keyInput(key: ConnectionKey): ConnectionMessageInput {
  requireObject(key, 'a connection, or an object that names one')
  const { original, reply, zone, id } = key
  if (original !== undefined) {
    checkSource(original, 'original')
    return { family: familyOf(original.source), original, zone, id }
  }
  if (reply === undefined) missing('original')
  checkSource(reply, 'reply')
  return { family: familyOf(reply.source), reply, zone, id }
}

/** What changes a connection, on the wire. */
export function changeInput(key: ConnectionKey, change: ConnectionChange): ConnectionMessageInput {
  requireObject(change, 'changes: an object')
  refuseKeys(change, ['id', 'family', 'original', 'reply', 'zone', 'master', 'sourceNat', 'destinationNat'])
  const { helper, labels, labelsMask, mark, markMask, status, ...rest } = change
  if (markMask !== undefined) {
    if (mark === undefined) missing('mark')
    checkMask(mark, markMask, 'mark', 'markMask')
  }
  if (labelsMask !== undefined && labels === undefined) missing('labels')
  return {
    ...keyInput(key),
    ...rest,
    helper: helper === null ? '' : helper,
    labels,
    labelsMask,
    mark,
    markMask,
    ...confirmed(status)
  }
}

/** The kernel takes a status only with this bit: every connection in its table has it. */
function confirmed(
  status: readonly ConnectionStatusSpec[] | undefined
): Pick<ConnectionMessageInput, 'status'> {
  if (status === undefined) return {}
  if (!Array.isArray(status)) throw new InvalidType(status, connectionStatus.expected).within('status')
  return { status: [...(status as readonly ConnectionStatusSpec[]), 'confirmed'] }
}
