import { InvalidType, Writer, be16, be32, within } from '../../codec/index.js'
import { checkFamily, checkFilterKeys, checkMask } from './check.js'
import type { Connection } from './connection.js'
import { kernelFilter } from './kernel-filter.js'
import { labels as labelsType } from './labels.js'
import { tcpState } from './protocol-info.js'
import type { TcpState } from './protocol-info.js'
import type { ConntrackProtocol, ConntrackProtocolSpec } from './protocol.js'
import { helperName } from './schema.js'
import type { FilterMessageInput } from './schema.js'
import { connectionStatus } from './status.js'
import type { ConnectionStatusSpec } from './status.js'
import { direction } from './tuple-filter.js'
import type { Direction, TupleFilter } from './tuple-filter.js'
import { protocolOf } from './tuple.js'

/**
 * Which connections. Absent properties do not restrict. The kernel leaves out what it is known to leave out
 * rightly; whatever it gives is compared again here, so that a kernel which doesn't know a property never
 * makes a filter match more.
 */
export interface ConnectionFilter {
  readonly family?: 'inet' | 'inet6' | undefined
  readonly protocol?: ConntrackProtocolSpec | undefined
  readonly original?: TupleFilter | undefined
  readonly reply?: TupleFilter | undefined
  readonly mark?: number | undefined
  /** The bits of the mark to compare; all when absent. */
  readonly markMask?: number | undefined
  /** A zone; 0 is that of connections without one. It also matches a zone of one direction. */
  readonly zone?: number | undefined
  /** Bits of the status that must be set. */
  readonly status?: readonly ConnectionStatusSpec[] | undefined
  /** The bits of the status to compare: those that are here and not in `status` must not be set. */
  readonly statusMask?: readonly ConnectionStatusSpec[] | undefined
  readonly tcp?: { readonly state: TcpState | readonly TcpState[] } | undefined
  readonly helper?: string | undefined
  /** Labels that must be set, by number. */
  readonly labels?: readonly number[] | undefined
}

const filterKeys = [
  'family',
  'protocol',
  'original',
  'reply',
  'mark',
  'markMask',
  'zone',
  'status',
  'statusMask',
  'tcp',
  'helper',
  'labels'
]

/** A filter, checked: what to ask the kernel for, and what to compare. */
export interface CheckedFilter {
  readonly request: FilterMessageInput
  /** False if it matches everything, whatever keys it has. */
  readonly restricts: boolean
  matches(connection: Connection): boolean
}

type Test<T> = (value: T) => boolean

/** Checks a filter. Throws what is wrong with it, unknown keys included: a misspelt one would match everything. */
export function checkFilter(filter: ConnectionFilter): CheckedFilter {
  checkFilterKeys(filter, filterKeys)
  const scratch = new Writer(64)
  const tests: Test<Connection>[] = []
  const original = direction(filter.original, 'original')
  const reply = direction(filter.reply, 'reply')
  const family = familyOfFilter(filter, original, reply)
  const protocol = protocolOfFilter(filter)
  if (family !== undefined) tests.push((connection) => connection.family === family)
  if (protocol !== undefined) tests.push((connection) => connection.original.protocol === protocol)
  for (const test of original?.tests ?? []) tests.push((connection) => test(connection.original))
  for (const test of reply?.tests ?? []) tests.push((connection) => test(connection.reply))
  const { mark, markMask = 0xffffffff, zone, helper, labels } = filter
  if (mark !== undefined) {
    within('mark', () => be32.write(scratch, mark))
    within('markMask', () => be32.write(scratch, markMask))
    checkMask(mark, markMask, 'mark', 'markMask')
    if (markMask !== 0) tests.push((connection) => ((connection.mark ?? 0) & markMask) >>> 0 === mark)
  } else if (filter.markMask !== undefined) {
    throw new InvalidType(undefined, 'given where markMask is', 'ERR_MISSING_FIELD').within('mark')
  }
  if (zone !== undefined) {
    within('zone', () => be16.write(scratch, zone))
    tests.push((connection) => zoneOf(connection) === zone)
  }
  const status = statusOf(filter)
  if (status !== undefined && status.mask !== 0)
    tests.push((connection) => (statusBits(connection) & status.mask) >>> 0 === status.value)
  if (filter.tcp !== undefined) {
    const states = tcpStates(filter.tcp)
    tests.push((connection) => connection.tcp?.state !== undefined && states.includes(connection.tcp.state))
  }
  if (helper !== undefined) {
    within('helper', () => helperName.write(scratch, helper))
    tests.push((connection) => connection.helper === helper)
  }
  if (labels !== undefined) {
    within('labels', () => labelsType.write(scratch, labels))
    if (labels.length > 0)
      tests.push((connection) => labels.every((label) => connection.labels?.includes(label) === true))
  }
  return {
    request: {
      family,
      mark,
      ...(mark === undefined ? {} : { markMask }),
      ...(zone === undefined || zone === 0 ? {} : { zone }),
      ...(status === undefined || status.mask === 0
        ? {}
        : { status: [status.value], statusMask: [status.mask] }),
      ...kernelFilter(family, protocol, original, reply)
    },
    restricts: tests.length > 0,
    matches: (connection) => tests.every((test) => test(connection))
  }
}

function zoneOf(connection: Connection): number {
  return connection.zone ?? connection.original.zone ?? connection.reply.zone ?? 0
}

function familyOfFilter(
  filter: ConnectionFilter,
  original: Direction | undefined,
  reply: Direction | undefined
): 'inet' | 'inet6' | undefined {
  const given = filter.family
  checkFamily(given)
  const families = [given, original?.family, reply?.family].filter((family) => family !== undefined)
  const different = families.find((family) => family !== families[0])
  if (different !== undefined)
    throw new InvalidType(different, `${families[0]} throughout the filter`, 'ERR_INVALID_ARG_VALUE').within(
      'family'
    )
  return families[0]
}

function protocolOfFilter(filter: ConnectionFilter): ConntrackProtocol | undefined {
  return filter.protocol === undefined ? undefined : protocolOf(filter.protocol)
}

/** A kernel that told of no status would have told of nothing set. */
function statusBits({ status }: Partial<Connection>): number {
  return status === undefined ? 0 : connectionStatus.maskOf(status)
}

function statusOf(filter: ConnectionFilter): { value: number; mask: number } | undefined {
  const { status, statusMask } = filter
  if (status === undefined && statusMask === undefined) return undefined
  const value = status === undefined ? 0 : within('status', () => connectionStatus.maskOf(status))
  const mask =
    statusMask === undefined ? value : within('statusMask', () => connectionStatus.maskOf(statusMask))
  checkMask(value, mask, 'status', 'statusMask')
  return { value, mask }
}

function tcpStates(tcp: NonNullable<ConnectionFilter['tcp']>): readonly (TcpState | undefined)[] {
  return within('tcp', () => {
    checkFilterKeys(tcp, ['state'])
    const { state } = tcp
    const list = Array.isArray(state) ? (state as readonly TcpState[]) : [state as TcpState]
    return within('state', () => list.map((one) => tcpState.nameOf(tcpState.numberOf(one))))
  })
}
