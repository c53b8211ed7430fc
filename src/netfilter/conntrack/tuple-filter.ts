import {
  InvalidType,
  Writer,
  be16,
  familyOf,
  invalidType,
  ip,
  parsePrefix,
  within
} from '../../codec/index.js'
import { checkFilterKeys } from './check.js'
import type { ConntrackProtocol, ConntrackProtocolSpec } from './protocol.js'
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

const tupleFilterKeys = ['source', 'destination', 'protocol', 'sourcePort', 'destinationPort', 'icmp']

/** What one direction must be like, checked. */
export interface Direction {
  readonly family: 'inet' | 'inet6' | undefined
  readonly protocol: ConntrackProtocol | undefined
  readonly tests: readonly ((tuple: Tuple) => boolean)[]
  /** What the kernel can compare, and the bits of `CTA_FILTER` that tell it to. */
  readonly exact: PartialTuple
}

/** Checks what one direction must be like. */
export function direction(filter: TupleFilter | undefined, key: string): Direction | undefined {
  if (filter === undefined) return undefined
  return within(key, () => {
    checkFilterKeys(filter, tupleFilterKeys)
    const tests: ((tuple: Tuple) => boolean)[] = []
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
      within(end, () => be16.write(new Writer(4), port))
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
  matches(other: string): boolean
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
