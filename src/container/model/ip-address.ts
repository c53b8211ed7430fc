import { invalidType, invalidValue, parseIpv4, parseIpv6, readIpv4, readIpv6 } from '../../codec/index.js'

export type Family = 'inet' | 'inet6'

/** An address as a number, to reckon with. */
export interface IpAddress {
  readonly family: Family
  readonly value: bigint
}

const bytes = new Uint8Array(16)
const view = new DataView(bytes.buffer)

/** Parses an address without prefix length; refuses anything else. */
export function parseAddress(text: unknown): IpAddress {
  const expected = 'an IP address such as "10.0.0.1" or "fd00::1"'
  if (typeof text !== 'string') invalidType(text, expected)
  const quad = parseIpv4(text)
  if (quad >= 0) return { family: 'inet', value: BigInt(quad) }
  if (!parseIpv6(text, bytes, 0)) invalidValue(text, expected)
  return { family: 'inet6', value: (view.getBigUint64(0) << 64n) | view.getBigUint64(8) }
}

/** The canonical text of an address (RFC 5952). */
export function formatAddress({ family, value }: IpAddress): string {
  if (family === 'inet') {
    view.setUint32(0, Number(value))
    return readIpv4(bytes, 0)
  }
  view.setBigUint64(0, value >> 64n)
  view.setBigUint64(8, value & 0xffff_ffff_ffff_ffffn)
  return readIpv6(bytes, 0)
}

/** Whether it is no address of one host: multicast (RFC 5771; RFC 4291, 2.7), or the broadcast address of IPv4. */
export function isOfMany({ family, value }: IpAddress): boolean {
  if (family === 'inet6') return value >> 120n === 0xffn
  return value >> 28n === 0xen || value === 0xffff_ffffn
}

/** How many bits addresses of a family have. */
export const addressBits = { inet: 32, inet6: 128 } as const
