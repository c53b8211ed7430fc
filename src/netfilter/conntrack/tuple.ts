import {
  InvalidType,
  attribute,
  be16,
  familyOf,
  invalidType,
  ip,
  ipv4,
  ipv6,
  isInvalid,
  record,
  u8,
  within
} from '../../codec/index.js'
import type { InputOf, Type, Writer } from '../../codec/index.js'
import { conntrackProtocol, hasPorts, needsPorts } from './protocol.js'
import type { ConntrackProtocol, ConntrackProtocolSpec } from './protocol.js'

/** How one direction of a connection looks: what tells its packets from others. */
export interface Tuple {
  readonly source: string
  readonly destination: string
  readonly protocol: ConntrackProtocol
  /** Of TCP, UDP, UDP-Lite, SCTP and DCCP; of GRE, the keys. */
  readonly sourcePort?: number
  readonly destinationPort?: number
  /** Of ICMP and ICMPv6: the query whose answers belong to it. */
  readonly icmp?: IcmpQuery
  /** The zone, where it holds for this direction alone. */
  readonly zone?: number
}

/** What tells one ICMP query from another. */
export interface IcmpQuery {
  readonly type: number
  readonly code: number
  readonly id: number
}

/** One direction of a connection, to name it or to make it. */
export interface TupleSpec {
  readonly source: string
  readonly destination: string
  readonly protocol: ConntrackProtocolSpec
  /** With `destinationPort`, for the protocols that have ports: TCP and UDP must have them here. */
  readonly sourcePort?: number | undefined
  readonly destinationPort?: number | undefined
  /** For ICMP and ICMPv6. */
  readonly icmp?:
    { readonly type: number; readonly code?: number | undefined; readonly id: number } | undefined
  readonly zone?: number | undefined
}

/** Some of what makes a tuple. */
export type PartialTuple = { readonly [K in keyof TupleSpec]?: TupleSpec[K] | undefined }

/** `CTA_TUPLE_IP`: `CTA_IP_*`, linux/netfilter/nfnetlink_conntrack.h. */
const addresses = record({
  source: attribute(1, ipv4),
  destination: attribute(2, ipv4),
  source6: attribute(3, ipv6),
  destination6: attribute(4, ipv6)
})

/** `CTA_TUPLE_PROTO`: `CTA_PROTO_*`. */
const protocols = record({
  protocol: attribute(1, conntrackProtocol),
  sourcePort: attribute(2, be16),
  destinationPort: attribute(3, be16),
  icmpId: attribute(4, be16),
  icmpType: attribute(5, u8),
  icmpCode: attribute(6, u8),
  icmpv6Id: attribute(7, be16),
  icmpv6Type: attribute(8, u8),
  icmpv6Code: attribute(9, u8)
})

/** `CTA_TUPLE_*`. */
export const tupleWire = record({
  addresses: attribute(1, addresses),
  protocols: attribute(2, protocols),
  zone: attribute(3, be16)
})

export type TupleWire = InputOf<typeof tupleWire>

const keys = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort', 'icmp', 'zone']
const expected = 'an object { source, destination, protocol, … }'

/** The nests of a tuple as one flat object. */
export const tuple: Type<Tuple, TupleSpec> = flat(tupleWire)

function flat(wire: typeof tupleWire): Type<Tuple, TupleSpec> {
  return {
    expected,
    size: 0,
    nested: true,
    compiled: (compile) => flat(compile(wire) as typeof tupleWire),
    write: (writer, value) => wire.write(writer, nests(writer, value)),
    read(bytes, offset, length, options) {
      const { addresses, protocols, zone } = wire.read(bytes, offset, length, options)
      const target: { -readonly [K in keyof Tuple]: Tuple[K] } = {
        source: (addresses?.source ?? addresses?.source6)!,
        destination: (addresses?.destination ?? addresses?.destination6)!,
        protocol: protocols?.protocol ?? 0
      }
      if (protocols !== undefined) {
        if (protocols.sourcePort !== undefined) target.sourcePort = protocols.sourcePort
        if (protocols.destinationPort !== undefined) target.destinationPort = protocols.destinationPort
        const type = protocols.icmpType ?? protocols.icmpv6Type
        const code = protocols.icmpCode ?? protocols.icmpv6Code
        const id = protocols.icmpId ?? protocols.icmpv6Id
        if (type !== undefined && code !== undefined && id !== undefined) target.icmp = { type, code, id }
      }
      if (zone !== undefined) target.zone = zone
      return target
    }
  }
}

/** The nests of a whole tuple: all that its protocol needs must be given. */
function nests(writer: Writer, spec: TupleSpec): TupleWire {
  checkKeys(spec)
  const { source, destination, sourcePort, destinationPort, icmp, zone } = spec
  const missing = (key: string): never => {
    throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within(key)
  }
  if (source === undefined) missing('source')
  if (destination === undefined) missing('destination')
  if (spec.protocol === undefined) missing('protocol')
  const protocol = protocolOf(spec.protocol)
  const isIcmp = protocol === 'icmp' || protocol === 'icmpv6'
  if (hasPorts(protocol)) {
    if (sourcePort === undefined && (needsPorts(protocol) || destinationPort !== undefined))
      missing('sourcePort')
    if (destinationPort === undefined && sourcePort !== undefined) missing('destinationPort')
  } else {
    refuse(sourcePort, 'sourcePort', protocol)
    refuse(destinationPort, 'destinationPort', protocol)
  }
  if (!isIcmp) refuse(icmp, 'icmp', protocol)
  else if (icmp === undefined) missing('icmp')
  return tupleNests(writer, { source, destination, protocol, sourcePort, destinationPort, icmp, zone })
}

function refuse(value: unknown, key: string, protocol: ConntrackProtocol): void {
  if (value === undefined) return
  throw new InvalidType(value, `absent: the protocol ${protocol} has none`, 'ERR_INVALID_ARG_VALUE').within(
    key
  )
}

/** A protocol by its name where it has one, so that `6` is `'tcp'`. */
export function protocolOf(protocol: ConntrackProtocolSpec): ConntrackProtocol {
  return within('protocol', () => conntrackProtocol.nameOf(conntrackProtocol.numberOf(protocol)))
}

/** Refuses what is no tuple, and keys that none has. */
export function checkKeys(spec: unknown, also: readonly string[] = []): void {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) invalidType(spec, expected)
  for (const [key, value] of Object.entries(spec)) {
    if (value === undefined || keys.includes(key) || also.includes(key)) continue
    const known = `no key of this object; its keys are ${[...keys, ...also].join(', ')}`
    throw new InvalidType(value, known, 'ERR_UNKNOWN_FIELD').within(key)
  }
}

/**
 * The nests of what is given of a tuple. Every value is written once by itself, so that what is wrong is told
 * by the names of the flat object, not by those of the nests.
 */
export function tupleNests(writer: Writer, spec: PartialTuple): TupleWire {
  const check = <In>(key: string, type: Type<unknown, In>, value: In | undefined): void => {
    if (value === undefined) return
    const start = writer.position
    try {
      type.write(writer, value)
    } catch (error) {
      throw isInvalid(error) ? error.within(key) : error
    } finally {
      writer.truncate(start)
    }
  }
  const { source, destination, protocol, sourcePort, destinationPort, icmp, zone } = spec
  check('source', ip, source)
  check('destination', ip, destination)
  check('sourcePort', be16, sourcePort)
  check('destinationPort', be16, destinationPort)
  check('zone', be16, zone)
  if (source !== undefined && destination !== undefined && familyOf(source) !== familyOf(destination)) {
    throw new InvalidType(
      destination,
      `an address of the same family as ${source}`,
      'ERR_INVALID_ARG_VALUE'
    ).within('destination')
  }
  if (icmp !== undefined) {
    within('icmp', () => {
      if (typeof icmp !== 'object' || icmp === null) invalidType(icmp, 'an object { type, code, id }')
      for (const key of ['type', 'id'] as const)
        if (icmp[key] === undefined)
          throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within(key)
      check('type', u8, icmp.type)
      check('code', u8, icmp.code)
      check('id', be16, icmp.id)
    })
  }
  const six = familyOf(source ?? destination ?? '') === 'inet6'
  const icmpFields = icmp === undefined ? {} : icmpNest(icmp, protocol)
  return {
    ...(source === undefined && destination === undefined
      ? {}
      : { addresses: six ? { source6: source, destination6: destination } : { source, destination } }),
    ...(protocol === undefined
      ? {}
      : { protocols: { protocol, sourcePort, destinationPort, ...icmpFields } }),
    zone
  }
}

function icmpNest(
  icmp: NonNullable<TupleSpec['icmp']>,
  protocol: ConntrackProtocolSpec | undefined
): NonNullable<TupleWire['protocols']> {
  const { type, code = 0, id } = icmp
  return protocol === 'icmpv6'
    ? { icmpv6Id: id, icmpv6Type: type, icmpv6Code: code }
    : { icmpId: id, icmpType: type, icmpCode: code }
}

/** Queries and their answers (`invmap`, net/netfilter/nf_conntrack_proto_icmp.c and …_icmpv6.c). */
const answers = {
  icmp: new Map([
    [8, 0],
    [13, 14],
    [15, 16],
    [17, 18]
  ]),
  icmpv6: new Map([
    [128, 129],
    [139, 140]
  ])
}

/** The direction of the answers, where nothing is translated. */
export function inverse(spec: TupleSpec): TupleSpec {
  const { source, destination, protocol: given, sourcePort, destinationPort, icmp } = spec
  const protocol = protocolOf(given)
  const turned = { source: destination, destination: source, protocol: given }
  if (hasPorts(protocol)) return { ...turned, sourcePort: destinationPort, destinationPort: sourcePort }
  if (icmp === undefined || (protocol !== 'icmp' && protocol !== 'icmpv6')) return turned
  return { ...turned, icmp: { ...icmp, type: answerTo(protocol, icmp.type) } }
}

function answerTo(protocol: 'icmp' | 'icmpv6', type: number): number {
  for (const [query, answer] of answers[protocol]) {
    if (type === query) return answer
    if (type === answer) return query
  }
  return type
}
