import { invalidType, invalidValue, parsePrefix } from '../../codec/index.js'
import { addressBits, formatAddress, parseAddress } from '../model/ip-address.js'
import type { Family, IpAddress } from '../model/ip-address.js'

/** Addresses from one to another, both included. */
export interface AddressRange {
  readonly first: bigint
  readonly last: bigint
}

export interface Subnet extends AddressRange {
  readonly family: Family
  /** Of its prefix. */
  readonly length: number
}

/** Parses `10.88.0.0/16`; bits past the prefix are refused. */
export function parseSubnet(text: unknown): Subnet {
  const expected = 'a subnet such as "10.88.0.0/16" or "fd00:88::/64"'
  if (typeof text !== 'string') invalidType(text, expected)
  if (!text.includes('/')) invalidValue(text, expected)
  const subnet = subnetOf(text)
  if (parseAddress(text.slice(0, text.indexOf('/'))).value !== subnet.first) {
    invalidValue(text, `a subnet without host bits: ${formatSubnet(subnet)}`)
  }
  return subnet
}

/** The subnet that an address with a prefix length lies in; without one, the address alone. */
export function subnetOf(text: string): Subnet {
  const { address, length, family } = parsePrefix(text)
  return subnetAt(family, parseAddress(address).value, length)
}

/** The subnet of a length that an address lies in. */
export function subnetAt(family: Family, value: bigint, length: number): Subnet {
  const hostBits = BigInt(addressBits[family] - length)
  const first = (value >> hostBits) << hostBits
  return { family, first, last: first + (1n << hostBits) - 1n, length }
}

export function formatSubnet({ family, first, length }: Subnet): string {
  return `${formatAddress({ family, value: first })}/${length}`
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last
}

export function contains(subnet: Subnet, { family, value }: IpAddress): boolean {
  return family === subnet.family && subnet.first <= value && value <= subnet.last
}

/**
 * The addresses that interfaces may have: of IPv4 all but the network's and the broadcast address; of IPv6 all but the
 * first, which is that of its routers (RFC 4291, 2.6.1). Of a subnet of two addresses, or one, they are all
 * (RFC 3021, RFC 6164).
 */
export function interfaceAddresses({ family, first, last, length }: Subnet): AddressRange {
  if (addressBits[family] - length < 2) return { first, last }
  return { first: first + 1n, last: family === 'inet' ? last - 1n : last }
}
