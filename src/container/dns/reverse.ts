import { parseIpv4, readIpv6 } from '../../codec/index.js'

const ipv4Zone = '.in-addr.arpa'
const ipv6Zone = '.ip6.arpa'

/**
 * The address that a name of `in-addr.arpa` (RFC 1035, 3.5) or `ip6.arpa` (RFC 3596, 2.5) stands for, in canonical
 * text; undefined for any other name, and for those of a whole network.
 */
export function reverseAddress(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (lower.endsWith(ipv4Zone)) {
    const address = lower.slice(0, -ipv4Zone.length).split('.').reverse().join('.')
    return parseIpv4(address) < 0 ? undefined : address
  }
  if (!lower.endsWith(ipv6Zone)) return undefined
  const digits = lower.slice(0, -ipv6Zone.length).split('.')
  if (digits.length !== 32 || digits.some((digit) => !/^[0-9a-f]$/.test(digit))) return undefined
  return readIpv6(Buffer.from(digits.reverse().join(''), 'hex'), 0)
}
