import {
  InvalidType,
  attribute,
  be16,
  familyOf,
  invalidType,
  ipv4,
  ipv6,
  isInvalid,
  nestedFlag,
  record,
  u8,
  within,
  writeUnknown
} from '../../codec/index.js'
import type { Type, UnknownAttribute, Writer } from '../../codec/index.js'
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
  readonly unknown?: readonly UnknownAttribute[]
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
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

/** Some of what makes a tuple. */
export type PartialTuple = { readonly [K in keyof TupleSpec]?: TupleSpec[K] | undefined }

/** `CTA_TUPLE_*`, `CTA_IP_*` and `CTA_PROTO_*`, linux/netfilter/nfnetlink_conntrack.h. */
const wire = record({
  addresses: attribute(
    1,
    record({
      source: attribute(1, ipv4),
      destination: attribute(2, ipv4),
      source6: attribute(3, ipv6),
      destination6: attribute(4, ipv6)
    })
  ),
  protocols: attribute(
    2,
    record({
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
  ),
  zone: attribute(3, be16)
})

const expected = 'an object { source, destination, protocol, … }'

/** A whole tuple: its nests as one flat object. What its protocol needs must be given. */
export const tuple: Type<Tuple, TupleSpec> = flat(wire)

function flat(layout: typeof wire): Type<Tuple, TupleSpec> {
  return {
    expected,
    size: 0,
    nested: true,
    compiled: (compile) => flat(compile(layout) as typeof wire),
    write(writer, value) {
      checkKeys(value)
      checkWhole(value)
      writeNests(writer, value)
      if (value.unknown !== undefined) writeUnknown(writer, value.unknown)
    },
    read(bytes, offset, length, options) {
      const { addresses, protocols, zone, unknown } = layout.read(bytes, offset, length, options)
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
      if (unknown !== undefined) target.unknown = unknown
      return target
    }
  }
}

/** Some of what makes a tuple, for the kernel to compare. */
export const partialTuple: Type<never, PartialTuple> = {
  expected,
  size: 0,
  nested: true,
  write: writeNests,
  read: () => undefined as never
}

/** Refuses what is no tuple, and keys that none has. */
function checkKeys(spec: unknown): void {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) invalidType(spec, expected)
  for (const key in spec) {
    const value = (spec as Record<string, unknown>)[key]
    if (value === undefined || keys.includes(key)) continue
    const known = `no key of this object; its keys are ${keys.join(', ')}`
    throw new InvalidType(value, known, 'ERR_UNKNOWN_FIELD').within(key)
  }
}

const keys = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort', 'icmp', 'zone', 'unknown']

/** Refuses a tuple that lacks what its protocol needs, or has what its protocol has not. */
function checkWhole(spec: TupleSpec): void {
  const { source, destination, sourcePort, destinationPort, icmp } = spec
  if (source === undefined) missing('source')
  if (destination === undefined) missing('destination')
  if (spec.protocol === undefined) missing('protocol')
  const protocol = protocolOf(spec.protocol)
  if (hasPorts(protocol)) {
    if (sourcePort === undefined && (needsPorts(protocol) || destinationPort !== undefined))
      missing('sourcePort')
    if (destinationPort === undefined && sourcePort !== undefined) missing('destinationPort')
  } else {
    refuse(sourcePort, 'sourcePort', protocol)
    refuse(destinationPort, 'destinationPort', protocol)
  }
  if (protocol !== 'icmp' && protocol !== 'icmpv6') refuse(icmp, 'icmp', protocol)
  else if (icmp === undefined) missing('icmp')
}

function missing(key: string): never {
  throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within(key)
}

function refuse(value: unknown, key: string, protocol: ConntrackProtocol): void {
  if (value === undefined) return
  const absent = `absent: the protocol ${protocol} has none`
  throw new InvalidType(value, absent, 'ERR_INVALID_ARG_VALUE').within(key)
}

/** A protocol by its name where it has one, so that `6` is `'tcp'`. */
export function protocolOf(protocol: ConntrackProtocolSpec): ConntrackProtocol {
  return within('protocol', () => nameOf(protocol))
}

const nameOf = (protocol: ConntrackProtocolSpec): ConntrackProtocol =>
  conntrackProtocol.nameOf(conntrackProtocol.numberOf(protocol))

/** Appends the nests of what is given of a tuple. What is wrong is told by the keys of the flat object. */
function writeNests(writer: Writer, spec: PartialTuple): void {
  const { source, destination, protocol, sourcePort, destinationPort, icmp, zone } = spec
  let key = 'source'
  const put = <In>(name: string, number: number, type: Type<unknown, In>, value: In | undefined): void => {
    if (value === undefined) return
    key = name
    const start = writer.beginAttribute(number)
    type.write(writer, value)
    writer.endAttribute(start)
  }
  try {
    if (source !== undefined || destination !== undefined) {
      const six = isSix(source ?? destination)
      const nest = writer.beginAttribute(1 | nestedFlag)
      put('source', six ? 3 : 1, six ? ipv6 : ipv4, source)
      if (source !== undefined && destination !== undefined && isSix(destination) !== six) {
        key = 'destination'
        throw new InvalidType(
          destination,
          `an address of the same family as ${source}`,
          'ERR_INVALID_ARG_VALUE'
        )
      }
      put('destination', six ? 4 : 2, six ? ipv6 : ipv4, destination)
      writer.endAttribute(nest)
    }
    if (protocol !== undefined) {
      const nest = writer.beginAttribute(2 | nestedFlag)
      put('protocol', 1, conntrackProtocol, protocol)
      put('sourcePort', 2, be16, sourcePort)
      put('destinationPort', 3, be16, destinationPort)
      key = 'icmp'
      if (icmp !== undefined) writeIcmp(writer, icmp, nameOf(protocol) === 'icmpv6' ? 7 : 4)
      writer.endAttribute(nest)
    }
    put('zone', 3, be16, zone)
  } catch (error) {
    throw isInvalid(error) ? error.within(key) : error
  }
}

const isSix = (address: unknown): boolean => typeof address === 'string' && familyOf(address) === 'inet6'

/** Appends the attributes of a query; `first` is the number of its id's. */
function writeIcmp(writer: Writer, icmp: NonNullable<TupleSpec['icmp']>, first: number): void {
  if (typeof icmp !== 'object' || icmp === null) invalidType(icmp, 'an object { type, code, id }')
  const { type, code = 0, id } = icmp
  const parts = [
    ['id', be16, id],
    ['type', u8, type],
    ['code', u8, code]
  ] as const
  parts.forEach(([name, number, value], i) => {
    if ((value as unknown) === undefined) missing(name)
    const start = writer.beginAttribute(first + i)
    within(name, () => number.write(writer, value))
    writer.endAttribute(start)
  })
}

/** Queries and their answers (`invmap`, net/netfilter/nf_conntrack_proto_icmp.c and …_icmpv6.c). */
const answers = {
  icmp: [
    [8, 0],
    [13, 14],
    [15, 16],
    [17, 18]
  ],
  icmpv6: [
    [128, 129],
    [139, 140]
  ]
} as const

/** The direction of the answers, where nothing is translated. Of what is no tuple it gives something like it. */
export function inverse(spec: TupleSpec): TupleSpec {
  const { source, destination, protocol, sourcePort, destinationPort, icmp } = spec
  const turned = { source: destination, destination: source, protocol }
  if (sourcePort !== undefined || destinationPort !== undefined)
    return { ...turned, sourcePort: destinationPort, destinationPort: sourcePort }
  if (typeof icmp !== 'object' || icmp === null) return turned
  const pairs = source.includes(':') ? answers.icmpv6 : answers.icmp
  const pair = pairs.find(([query, answer]) => query === icmp.type || answer === icmp.type)
  if (pair === undefined) return { ...turned, icmp }
  return { ...turned, icmp: { ...icmp, type: pair[0] === icmp.type ? pair[1] : pair[0] } }
}
