import {
  InvalidType,
  Writer,
  be16,
  be32,
  familyOf,
  invalidType,
  ip,
  parsePrefix,
  within
} from '../../codec/index.js'
import { checkMask } from './check.js'
import type { Connection } from './connection.js'
import type { ConntrackProtocol, ConntrackProtocolSpec } from './protocol.js'
import { tcpState } from './protocol-info.js'
import type { TcpState } from './protocol-info.js'
import { helperName } from './schema.js'
import type { FilterMessageInput } from './schema.js'
import { labels as labelsType } from './labels.js'
import { connectionStatus } from './status.js'
import type { ConnectionStatusSpec } from './status.js'
import { protocolOf } from './tuple.js'
import type { IcmpQuery, PartialTuple, Tuple } from './tuple.js'

/** What one direction must be like. */
export interface TupleFilter {
  /** An address, or a prefix such as `'10.0.0.0/24'`. */
  readonly source?: string | undefined
  readonly destination?: string | undefined
  readonly protocol?: ConntrackProtocolSpec | undefined
  readonly sourcePort?: number | undefined
  readonly destinationPort?: number | undefined
  readonly icmp?: Partial<IcmpQuery> | undefined
}

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

const tupleFilterKeys = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort', 'icmp']

/** A filter, checked: what to ask the kernel for, and what to compare. */
export interface CheckedFilter {
  readonly request: FilterMessageInput
  matches(connection: Connection): boolean
}

type Test<T> = (value: T) => boolean

/** Checks a filter. Throws what is wrong with it, unknown keys included: a misspelt one would match everything. */
export function checkFilter(filter: ConnectionFilter): CheckedFilter {
  checkFilterKeys(filter, filterKeys)
  const scratch = new Writer(64)
  const tests: Test<Connection>[] = []
  const original = direction(filter.original, 'original', scratch)
  const reply = direction(filter.reply, 'reply', scratch)
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
    tests.push((connection) => ((connection.mark ?? 0) & markMask) >>> 0 === mark)
  } else if (filter.markMask !== undefined) {
    throw new InvalidType(undefined, 'given where markMask is', 'ERR_MISSING_FIELD').within('mark')
  }
  if (zone !== undefined) {
    within('zone', () => be16.write(scratch, zone))
    tests.push((connection) => zoneOf(connection) === zone)
  }
  const status = statusOf(filter)
  if (status !== undefined)
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
      ...tuples(family, protocol, original, reply)
    },
    matches: (connection) => tests.every((test) => test(connection))
  }
}

/** Refuses a filter with a key that it does not have. */
export function checkFilterKeys(filter: unknown, keys: readonly string[]): void {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter))
    invalidType(filter, 'a filter: an object')
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined || keys.includes(key)) continue
    const expected = `no key of this filter; its keys are ${keys.join(', ')}`
    throw new InvalidType(value, expected, 'ERR_UNKNOWN_FIELD').within(key)
  }
}

function zoneOf(connection: Connection): number {
  return connection.zone ?? connection.original.zone ?? connection.reply.zone ?? 0
}

/** What one direction must be like, checked. */
interface Direction {
  readonly family: 'inet' | 'inet6' | undefined
  readonly protocol: ConntrackProtocol | undefined
  readonly tests: readonly Test<Tuple>[]
  /** What the kernel can compare, and the bits of `CTA_FILTER` that tell it to. */
  readonly exact: PartialTuple
}

function direction(filter: TupleFilter | undefined, key: string, scratch: Writer): Direction | undefined {
  if (filter === undefined) return undefined
  return within(key, () => {
    checkFilterKeys(filter, tupleFilterKeys)
    const tests: Test<Tuple>[] = []
    const exact: { -readonly [K in keyof PartialTuple]: PartialTuple[K] } = {}
    const families = new Map<string, 'inet' | 'inet6'>()
    for (const end of ['source', 'destination'] as const) {
      const given = filter[end]
      if (given === undefined) continue
      const address = within(end, () => addressTest(given))
      families.set(end, address.family)
      tests.push((tuple) => address.matches(tuple[end]))
      if (address.exact !== undefined) exact[end] = address.exact
    }
    const family = families.get('source') ?? families.get('destination')
    if (families.size === 2 && families.get('source') !== families.get('destination')) {
      throw new InvalidType(
        filter.destination,
        `an address of the family ${family}, as source is`,
        'ERR_INVALID_ARG_VALUE'
      ).within('destination')
    }
    const protocol = filter.protocol === undefined ? undefined : protocolOf(filter.protocol)
    if (protocol !== undefined) tests.push((tuple) => tuple.protocol === protocol)
    for (const end of ['sourcePort', 'destinationPort'] as const) {
      const port = filter[end]
      if (port === undefined) continue
      within(end, () => be16.write(scratch, port))
      exact[end] = port
      tests.push((tuple) => tuple[end] === port)
    }
    const { icmp } = filter
    if (icmp !== undefined) {
      within('icmp', () => checkIcmp(icmp))
      for (const [part, value] of Object.entries(icmp) as [keyof IcmpQuery, number | undefined][])
        if (value !== undefined) tests.push((tuple) => tuple.icmp?.[part] === value)
    }
    return { family, protocol, tests, exact }
  })
}

function checkIcmp(icmp: Partial<IcmpQuery>): void {
  if (typeof icmp !== 'object' || icmp === null) invalidType(icmp, 'an object { type, code, id }')
  for (const [part, value] of Object.entries(icmp)) {
    if (part !== 'type' && part !== 'code' && part !== 'id')
      throw new InvalidType(
        value,
        'no key of this object; its keys are type, code, id',
        'ERR_UNKNOWN_FIELD'
      ).within(part)
    const max = part === 'id' ? 0xffff : 0xff
    if (value !== undefined) within(part, () => be16.within({ max }).write(new Writer(4), value))
  }
}

/** Whether an address is, or lies in, what is given; `exact` is the address where it is a whole one. */
function addressTest(given: string): {
  family: 'inet' | 'inet6'
  matches: Test<string>
  exact: string | undefined
} {
  const { address, length, family } = parsePrefix(given)
  const network = addressBytes(address)
  const whole = length === network.length * 8
  const canonical = ip.read(network, 0, network.length)
  if (whole) return { family, exact: canonical, matches: (other) => other === canonical }
  return {
    family,
    exact: undefined,
    matches(other) {
      if (familyOf(other) !== family) return false
      const bytes = addressBytes(other)
      const full = length >> 3
      for (let i = 0; i < full; i++) if (bytes[i] !== network[i]) return false
      const rest = length & 7
      return rest === 0 || (bytes[full]! ^ network[full]!) >> (8 - rest) === 0
    }
  }
}

function addressBytes(address: string): Uint8Array {
  const writer = new Writer(16)
  ip.write(writer, address)
  return writer.written()
}

/** Refuses what is no family. */
export function checkFamily(family: unknown): void {
  if (family === undefined || family === 'inet' || family === 'inet6') return
  throw new InvalidType(family, '"inet" or "inet6"', 'ERR_INVALID_ARG_VALUE').within('family')
}

/** What a tuple must pass. */
export function tupleTests(filter: TupleFilter | undefined, key: string): readonly Test<Tuple>[] {
  return direction(filter, key, new Writer(64))?.tests ?? []
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

/** `CTA_FILTER_F_*`, net/netfilter/nf_internals.h: which parts of a tuple the kernel compares (Linux 5.8). */
const CTA_FILTER_F_CTA_IP_SRC = 1 << 0
const CTA_FILTER_F_CTA_IP_DST = 1 << 1
const CTA_FILTER_F_CTA_PROTO_NUM = 1 << 3
const CTA_FILTER_F_CTA_PROTO_SRC_PORT = 1 << 4
const CTA_FILTER_F_CTA_PROTO_DST_PORT = 1 << 5

/**
 * The parts of the tuples that the kernel compares. It takes none without a family. An IPv6 address is left
 * to us: kernels compare these the wrong way round, and leave out just what was asked for (`ipv6_addr_cmp` in
 * `ctnetlink_filter_match_tuple`, since Linux 5.8). Of ports it compares those of TCP and UDP.
 */
function tuples(
  family: 'inet' | 'inet6' | undefined,
  protocol: ConntrackProtocol | undefined,
  original: Direction | undefined,
  reply: Direction | undefined
): Pick<FilterMessageInput, 'original' | 'reply' | 'filter'> {
  if (family === undefined) return {}
  const directions = {
    original: original ?? (protocol === undefined ? undefined : empty),
    reply
  }
  const result: { original?: object; reply?: object; filter?: { original?: number; reply?: number } } = {}
  for (const key of ['original', 'reply'] as const) {
    const parts = directions[key]
    if (parts === undefined) continue
    const { source, destination, sourcePort, destinationPort } = parts.exact
    const of = parts.protocol ?? protocol
    const flow: PartialTuple = family === 'inet' ? { source, destination } : {}
    let bits = 0
    if (flow.source !== undefined) bits |= CTA_FILTER_F_CTA_IP_SRC
    if (flow.destination !== undefined) bits |= CTA_FILTER_F_CTA_IP_DST
    const layer4 = of === undefined ? {} : { protocol: of, sourcePort, destinationPort }
    if (of !== undefined) {
      bits |= CTA_FILTER_F_CTA_PROTO_NUM
      if (of === 'tcp' || of === 'udp') {
        if (sourcePort !== undefined) bits |= CTA_FILTER_F_CTA_PROTO_SRC_PORT
        if (destinationPort !== undefined) bits |= CTA_FILTER_F_CTA_PROTO_DST_PORT
      }
    }
    if (bits === 0) continue
    result[key] = { ...flow, ...layer4 }
    result.filter = { ...result.filter, [key]: bits }
  }
  return result
}

const empty: Direction = { family: undefined, protocol: undefined, tests: [], exact: {} }
